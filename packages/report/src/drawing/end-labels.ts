import { escapeMarkup as e } from './escape.js';
import { pixel } from './format-number.js';
import type { PlotBox } from './chart-axes.js';
import { spreadLabels } from './spread-labels.js';
import { cutEnd, textWidth } from './text-fit.js';

/** The right end of a line, or a level across the plot, and what it is called. */
export type LineEnd = { readonly text: string; readonly stroke: string; readonly x: number; readonly y: number; readonly isDashed: boolean; readonly isLevel: boolean };

const gap = 13;
const widest = 108;

/** The room that names at line ends take, in pixels. */
export function labelWidth(texts: readonly string[]): number {
  return Math.min(widest, Math.max(28, ...texts.map((text) => textWidth(text, 11))));
}

/** Names lines and levels at their right ends, moved apart where they would overlap, with a lead to the end. With too many for the height, the last are left out. */
export function drawEndLabels(ends: readonly LineEnd[], { right, top, bottom }: PlotBox): string {
  const shown = ends.slice(0, Math.floor((bottom - top) / gap) + 1);
  const heights = spreadLabels(shown.map((end) => end.y), { gap, range: [top, bottom] });
  return `<g text-anchor="start">${shown.map(({ text, stroke, x, y, isDashed, isLevel }, index) => {
    const at = pixel(heights[index]!);
    const dash = isLevel ? ' stroke-dasharray="2 2"' : isDashed ? ' stroke-dasharray="4 2"' : '';
    const lead = `<path d="M${pixel(x + 3)},${pixel(y)}H${pixel(Math.max(x + 3, right + 1))}L${right + 10},${at}h4" fill="none" stroke="${stroke}" stroke-width="${isLevel ? 1 : 1.5}"${dash}/>`;
    return `${lead}<text x="${right + 17}" y="${at}" dy=".35em"${isLevel ? ' fill-opacity=".8"' : ''}>${e(cutEnd(text, widest, 11))}</text>`;
  }).join('')}</g>`;
}
