import type { ScatterPanel } from '../figures/figure.js';
import { setColor } from '../rows/sets.js';
import type { Drawing } from './drawn.js';

/** Draws one value against another. */
export function drawScatter({ points, x, y }: ScatterPanel, { width, height, sets = [] }: { width: number; height: number; sets?: readonly string[] }): Drawing {
  const at = (value: number, [low, high]: readonly [number, number], size: number): number => Math.round(((value - low) / (high - low)) * size * 10) / 10;
  const dots = points.map((point) => `<circle cx="${at(point.x, x.domain, width)}" cy="${height - at(point.y, y.domain, height)}" r="3" fill="${setColor(point.set, sets)}"/>`);
  return { width, height, svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img"><g aria-label="dot">${dots.join('')}</g></svg>` };
}
