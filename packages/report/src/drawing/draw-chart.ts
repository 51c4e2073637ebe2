import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { ChartPanel, HorizontalAxis, LinePoint } from '../figures/figure.js';
import { setColor } from '../rows/sets.js';
import type { Drawing } from './drawn.js';
import { escapeMarkup } from './escape.js';
import { spreadLabels } from './spread-labels.js';

const margin = { top: 50, right: 94, bottom: 46, left: 50 };
/** Room for slanted names of layers. */
const layerMargin = 76;
/** With more layers than this, only every second or third is named, the last one always. */
const mostLayerNames = 13;
const labelGap = 13;

/** What is used of the element that Plot makes, since the library's types need those of a browser. */
type PlotElement = {
  readonly innerHTML: string;
  readonly querySelectorAll: (selector: string) => Iterable<{ readonly remove: () => void }>;
  readonly scale: (name: 'x' | 'y') => { readonly apply: (value: number | string) => number };
};

/** Draws a chart: lines with bands, a dot per value, dashed levels, and each line's name at its end. */
export function drawChart(panel: ChartPanel, { width, height: plotHeight, sets = [] }: { width: number; height: number; sets?: readonly string[] }): Drawing {
  const bottom = panel.x.kind === 'layers' ? layerMargin : margin.bottom;
  const height = plotHeight + bottom - margin.bottom;
  const color = (set: string): string => setColor(set, sets);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const element = Plot.plot({
    document,
    width,
    height,
    marginTop: margin.top,
    marginRight: margin.right,
    marginBottom: bottom,
    marginLeft: margin.left,
    x: horizontalScale(panel.x),
    y: { domain: [...panel.y.domain], label: null, ticks: 5 },
    marks: [
      Plot.gridY({ stroke: 'currentColor', strokeOpacity: 0.12, ticks: 5 }),
      horizontalAxisMark(panel.x),
      Plot.axisY({ ticks: 5, label: null, tickSize: 0 }),
      Plot.ruleX(visibleMoments(panel), { x: 'x', stroke: 'currentColor', strokeDasharray: '1 3', strokeOpacity: 0.8 }),
      ...panel.lines.flatMap(({ set, points }) => bandMarks(points, color(set))),
      ...panel.lines.flatMap(({ set, points }) => [
        Plot.line(points, { x: 'x', y: 'y', stroke: color(set), strokeWidth: 2 }),
        Plot.dot(points, { x: 'x', y: 'y', fill: color(set), r: 2.2 }),
      ]),
      Plot.ruleY(panel.levels, { y: 'value', stroke: 'currentColor', strokeDasharray: '5 3', strokeOpacity: 0.8 }),
    ],
  }) as unknown as PlotElement;
  const position = (axis: 'x' | 'y', value: number | string): number => element.scale(axis).apply(value);
  const added = [titles(panel), momentLabels(panel, position), endLabels(panel, position, { width, height, bottom, color }), axisTitle(panel.x.label, width, height)];
  for (const style of element.querySelectorAll('style')) style.remove();
  const inner = element.innerHTML;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" fill="currentColor" font-family="DejaVu Sans, Verdana, Arial, sans-serif" font-size="11" text-anchor="middle" role="img" aria-label="${escapeMarkup(describe(panel))}">${inner}${added.join('')}</svg>`;
  return { width, height, svg };
}

function horizontalScale(x: HorizontalAxis): Plot.ScaleOptions {
  if (x.kind === 'widths') return { type: 'log', domain: [...x.domain], label: null };
  if (x.kind === 'numbers') return { type: 'linear', domain: [...x.domain], label: null };
  return x.kind === 'layers' ? { type: 'point', domain: [...x.layers], padding: 0.3, label: null } : { type: 'symlog', constant: 1, domain: [...x.domain], label: null };
}

function horizontalAxisMark(x: HorizontalAxis): Plot.Markish {
  if (x.kind === 'layers') {
    const step = Math.ceil(x.layers.length / mostLayerNames);
    return Plot.axisX(x.layers.filter((_, index) => (x.layers.length - 1 - index) % step === 0), { label: null, tickRotate: -40, tickSize: 4, tickPadding: 3 });
  }
  if (x.kind !== 'epochs') return Plot.axisX({ label: null, ...(x.kind === 'widths' ? { ticks: [...x.values], tickFormat: String } : {}), tickSize: 4 } as Plot.AxisXOptions);
  return Plot.axisX({ label: null, ticks: epochTicks(x.domain), tickFormat: String, tickSize: 4 } as Plot.AxisXOptions);
}

/** Round epochs inside a domain, at most a dozen, and its end. */
export function epochTicks([first, last]: readonly [number, number]): number[] {
  const round = [0, 1, 2, 5, ...[1, 2, 3, 4, 5, 6].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power))];
  const inside = round.filter((epoch) => epoch >= first && epoch < last);
  const far = inside.filter((epoch) => Math.log1p(last) - Math.log1p(epoch) > 0.08 * (Math.log1p(last) - Math.log1p(first)));
  return [...far, last];
}

/** A band through two points or more, a bar at one alone. */
function bandMarks(points: readonly LinePoint[], color: string): Plot.Markish[] {
  const bounded = points.filter((point) => point.low !== null && point.high !== null);
  if (bounded.length === 0) return [];
  if (bounded.length < points.length || points.length === 1) return [Plot.ruleX(bounded, { x: 'x', y1: 'low', y2: 'high', stroke: color, strokeOpacity: 0.6, strokeWidth: 2 })];
  return [Plot.areaY(points, { x: 'x', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.22 })];
}

function visibleMoments(panel: ChartPanel): ChartPanel['moments'] {
  const { x } = panel;
  return x.kind !== 'layers' ? panel.moments.filter((moment) => moment.x >= x.domain[0] && moment.x <= x.domain[1]) : [];
}

function titles(panel: ChartPanel): string {
  return `<text x="4" y="14" text-anchor="start" font-size="13" font-weight="bold">${escapeMarkup(panel.title)}</text>`
    + `<text x="4" y="30" text-anchor="start" fill-opacity="0.8">↑ ${escapeMarkup(panel.y.label)}</text>`;
}

function axisTitle(label: string, width: number, height: number): string {
  return `<text x="${(margin.left + width - margin.right) / 2}" y="${height - 6}" fill-opacity="0.8">${escapeMarkup(label)} →</text>`;
}

function momentLabels(panel: ChartPanel, position: (axis: 'x' | 'y', value: number) => number): string {
  return visibleMoments(panel).map(({ x, label }) => `<text x="${round(position('x', x))}" y="${margin.top - 3}" fill-opacity="0.8">${escapeMarkup(label)}</text>`).join('');
}

/** Names each line and level at its right end, moved apart where they would overlap, with a short lead to the end. */
function endLabels(
  panel: ChartPanel,
  position: (axis: 'x' | 'y', value: number | string) => number,
  { width, height, bottom, color }: { width: number; height: number; bottom: number; color: (set: string) => string },
): string {
  const edge = width - margin.right;
  const ends = [
    ...panel.lines.flatMap(({ set, points }) => {
      const end = points.at(-1);
      return end === undefined ? [] : [{ text: set, stroke: color(set), x: position('x', end.x), y: position('y', end.y), isSet: true }];
    }),
    ...panel.levels.map((level) => ({ text: level.label, stroke: 'currentColor', x: edge, y: position('y', level.value), isSet: false })),
  ];
  const heights = spreadLabels(ends.map((end) => end.y), { gap: labelGap, range: [margin.top, height - bottom] });
  return ends.map(({ text, stroke, x, y, isSet }, index) => {
    const at = heights[index]!;
    const lead = `<path d="M${round(x + 3)},${round(y)}L${round(Math.max(x + 3, edge + 1))},${round(y)}L${edge + 11},${round(at)}H${edge + 15}" fill="none" stroke="${stroke}" stroke-width="${isSet ? 1.5 : 1}"${isSet ? '' : ' stroke-dasharray="2 2"'} stroke-opacity="0.9"/>`;
    return `${lead}<text x="${edge + 18}" y="${round(at)}" dy="0.35em" text-anchor="start"${isSet ? '' : ' fill-opacity="0.8"'}>${escapeMarkup(text)}</text>`;
  }).join('');
}

/** What a reader who can't see the chart should know. */
function describe(panel: ChartPanel): string {
  const ends = panel.lines.flatMap(({ set, points }) => (points.length === 0 ? [] : [`${set} from ${short(points[0]!.y)} to ${short(points.at(-1)!.y)}`]));
  return `${panel.title}. ${panel.y.label} against ${panel.x.label}: ${ends.join(', ')}.`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
