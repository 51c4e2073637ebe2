import type { ScatterPanel } from '../figures/figure.js';
import { setColor, sortSets } from '../rows/sets.js';
import type { Drawing } from './drawn.js';
import { escapeMarkup as e } from './escape.js';
import { formatNumber, pixel } from './format-number.js';
import { markData, panelSvg } from './panel-svg.js';
import { cutEnd, textWidth } from './text-fit.js';
import { linearTicks } from './ticks.js';

const top = 50;
const below = 46;

/** Draws one value against another, on a square, with error bars, the line y = x, and a key of the sets if there are several. */
export function drawScatter(panel: ScatterPanel, { width, sets, isTitled }: { width: number; sets: readonly string[]; isTitled: boolean }): Drawing {
  const names = sortSets(panel.points.map(({ set }) => set));
  const color = (set: string): string => setColor(set, [...new Set([...sets, ...names])]);
  const keyWidth = names.length < 2 ? 60 : Math.min(110, Math.max(28, ...names.map((name) => textWidth(name, 11)))) + 24;
  const left = 12 + Math.max(20, ...linearTicks(panel.y.domain).map(({ text }) => textWidth(text, 11)));
  const side = Math.floor(width - left - keyWidth);
  const height = top + side + below;
  const scale = (value: number, [low, high]: readonly [number, number]): number => (side * (value - low)) / (high - low || 1);
  const x = (value: number): number => pixel(left + scale(value, panel.x.domain));
  const y = (value: number): number => pixel(top + side - scale(value, panel.y.domain));
  const [columns, rows] = [linearTicks(panel.x.domain), linearTicks(panel.y.domain)];
  const grid = `<path d="${columns.map(({ value }) => `M${x(value)},${top}v${side}`).join('')}${rows.map(({ value }) => `M${left},${y(value)}h${side}`).join('')}" stroke="currentColor" stroke-opacity=".14"/>`;
  const texts = [...columns.map(({ value, text }) => `<text x="${x(value)}" y="${top + side + 16}">${text}</text>`), ...rows.map(({ value, text }) => `<text x="${left - 6}" y="${y(value)}" dy=".35em" text-anchor="end">${text}</text>`)];
  const marks = panel.points.map((point) => {
    const across = point.xError === null ? '' : `M${x(point.x - point.xError)},${y(point.y)}H${x(point.x + point.xError)}`;
    const along = point.yError === null ? '' : `M${x(point.x)},${y(point.y - point.yError)}V${y(point.y + point.yError)}`;
    const bars = across + along === '' ? '' : `<path d="${across}${along}" stroke="${color(point.set)}" stroke-opacity=".6"/>`;
    const title = `<title>${e(`${point.set}, ${point.label}: ${formatNumber(point.x)} against ${formatNumber(point.y)}`)}</title>`;
    return { bars, dot: `<circle cx="${x(point.x)}" cy="${y(point.y)}" r="3" fill="${color(point.set)}"${isTitled ? ` ${markData(`${point.set}, ${point.label}`, Number(point.x.toPrecision(6)), point.y)}>${title}</circle>` : '/>'}` };
  });
  const key = names.length < 2 ? [] : names.map((name, index) => `<circle cx="${left + side + 14}" cy="${top + 10 + 16 * index}" r="4" fill="${color(name)}"/><text x="${left + side + 22}" y="${top + 10 + 16 * index}" dy=".35em" text-anchor="start">${e(cutEnd(name, keyWidth - 22, 11))}</text>`);
  const content = [
    grid, ...texts, diagonal(panel, { x, y }), ...marks.map(({ bars }) => bars),
    `<g class="dot" stroke="#000" stroke-opacity="0" stroke-width="8" pointer-events="all">${marks.map(({ dot }) => dot).join('')}</g>`, ...key,
    `<text x="${pixel(left + side / 2)}" y="${height - 6}" fill-opacity=".8">${e(panel.x.label)} →</text>`,
  ];
  return { width, height, svg: panelSvg({ width, height, title: panel.title, subtitle: `↑ ${panel.y.label}`, description: describe(panel) }, content.join('')) };
}

/** The part of y = x inside both domains, named. */
function diagonal(panel: ScatterPanel, { x, y }: { x: (value: number) => number; y: (value: number) => number }): string {
  const [low, high] = [Math.max(panel.x.domain[0], panel.y.domain[0]), Math.min(panel.x.domain[1], panel.y.domain[1])];
  if (!panel.hasDiagonal || low >= high) return '';
  return `<path d="M${x(low)},${y(low)}L${x(high)},${y(high)}" stroke="currentColor" stroke-dasharray="5 3" stroke-opacity=".8"/><text x="${x(high) - 20}" y="${y(high) + 10}" dy=".35em" text-anchor="end" fill-opacity=".8">y = x</text>`;
}

/** What a reader who can't see the points should know. */
function describe({ points, x, y, hasDiagonal }: ScatterPanel): string {
  const ratios = points.filter((point) => point.x !== 0).map((point) => point.y / point.x);
  const range = hasDiagonal && ratios.length > 0 ? ` Their ratio lies between ${formatNumber(Math.min(...ratios))} and ${formatNumber(Math.max(...ratios))}.` : '';
  return `${y.label} against ${x.label}, ${points.length} ${points.length === 1 ? 'point' : 'points'}.${range}`;
}
