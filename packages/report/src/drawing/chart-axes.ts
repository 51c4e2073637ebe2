import type { ChartPanel, HorizontalAxis } from '../figures/figure.js';
import { escapeMarkup as e } from './escape.js';
import { formatNumber, pixel } from './format-number.js';
import { shortNames, textWidth } from './text-fit.js';
import { epochTicks, keepApart, linearTicks, logTicks, type Tick } from './ticks.js';

/** Where the plot lies inside its panel, in pixels. */
export type PlotBox = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };

/** Names of layers stand slanted by this angle, in degrees. */
const slant = 40;
const [cosine, sine] = [Math.cos((slant * Math.PI) / 180), Math.sin((slant * Math.PI) / 180)];
const topMargin = 50;

/** Leaves just the room that ticks, slanted names and labels at line ends need. */
export function plotBox(panel: ChartPanel, { width, plotHeight, labelWidth }: { width: number; plotHeight: number; labelWidth: number }): { readonly box: PlotBox; readonly height: number } {
  const tickWidth = Math.max(...verticalTicks(panel).map(({ text }) => textWidth(text, 11)), 20) + 12;
  const names = panel.x.kind === 'layers' ? shortNames(panel.x.layers).map((name) => textWidth(name, 11)) : [];
  const below = names.length === 0 ? 46 : Math.max(46, Math.max(...names) * sine + 32);
  const overhang = names.length === 0 ? 0 : names[0]! * cosine + 8 - Math.min(24, (0.5 * (width - 150)) / names.length);
  const bottom = topMargin + plotHeight;
  return { box: { left: Math.ceil(Math.max(tickWidth, overhang)), right: width - 20 - labelWidth, top: topMargin, bottom }, height: Math.ceil(bottom + below) };
}

/** Where values lie along the horizontal axis, in pixels; a layer by its name. */
export function horizontalScale(x: HorizontalAxis, { left, right }: PlotBox): (value: number | string) => number {
  if (x.kind === 'layers') {
    const places = new Map(x.layers.map((layer, index) => [layer, index]));
    return (value) => left + ((places.get(String(value))! + 0.5) / x.layers.length) * (right - left);
  }
  const warp = x.kind === 'epochs' ? (value: number) => Math.sign(value) * Math.log1p(Math.abs(value)) : x.kind === 'widths' ? Math.log : (value: number) => value;
  const [low, high] = x.domain.map((value) => warp(value)) as [number, number];
  const inset = x.kind === 'epochs' ? 0 : 8;
  return (value) => left + inset + ((warp(Number(value)) - low) / (high - low || 1)) * (right - left - 2 * inset);
}

/** Where values lie along the vertical axis, in pixels. */
export function verticalScale({ domain, isLog = false }: ChartPanel['y'], { top, bottom }: PlotBox): (value: number) => number {
  const warp = isLog ? Math.log : (value: number) => value;
  const [low, high] = domain.map((value) => warp(value)) as [number, number];
  return (value) => bottom - ((warp(value) - low) / (high - low || 1)) * (bottom - top);
}

function verticalTicks({ y }: Pick<ChartPanel, 'y'>): Tick[] {
  return y.isLog ? logTicks(y.domain) : linearTicks(y.domain);
}

/** Grid, ticks and title of both axes. */
export function drawAxes(panel: ChartPanel, box: PlotBox, height: number): string {
  const { left, right } = box;
  const y = verticalScale(panel.y, box);
  const ticks = verticalTicks(panel);
  const lines = ticks.map(({ value }) => `M${left},${pixel(y(value))}H${right}`).join('');
  const texts = ticks.map(({ value, text }) => `<text x="${left - 6}" y="${pixel(y(value))}" dy=".35em">${text}</text>`).join('');
  return `<path d="${lines}" stroke="currentColor" stroke-opacity=".14"/><g text-anchor="end">${texts}</g>${horizontalTicks(panel.x, box)}`
    + `<text x="${pixel((left + right) / 2)}" y="${height - 6}" fill-opacity=".8">${e(panel.x.label)} →</text>`;
}

function horizontalTicks(x: HorizontalAxis, box: PlotBox): string {
  const scale = horizontalScale(x, box);
  const { bottom } = box;
  const at = (value: number | string): number => pixel(scale(value));
  const marks = (values: readonly (number | string)[]): string => `<path d="${values.map((value) => `M${at(value)},${bottom}v4`).join('')}" stroke="currentColor" stroke-opacity=".6"/>`;
  if (x.kind === 'layers') {
    const named = keepApart(x.layers, { position: scale, room: () => 18 });
    const short = new Map(shortNames(x.layers).map((name, index) => [x.layers[index]!, name]));
    const texts = named.map((layer) => `<text transform="translate(${at(layer)},${bottom + 10})rotate(${-slant})" dy=".35em">${short.get(layer) === layer ? '' : `<title>${e(layer)}</title>`}${e(short.get(layer)!)}</text>`);
    return `${marks(named)}<g text-anchor="end">${texts.join('')}</g>`;
  }
  const ticks: readonly Tick[] = x.kind === 'numbers' ? linearTicks(x.domain) : (x.kind === 'epochs' ? epochTicks(x.domain) : x.values).map((value) => ({ value, text: formatTick(value) }));
  const written = keepApart(ticks, { position: ({ value }) => scale(value), room: ({ text }) => textWidth(text, 11) + 4 });
  return marks(ticks.map(({ value }) => value)) + written.map(({ value, text }) => `<text x="${at(value)}" y="${bottom + 16}">${text}</text>`).join('');
}

function formatTick(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : formatNumber(value);
}
