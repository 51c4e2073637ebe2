import type { ChartPanel, HorizontalAxis, Line, LinePoint } from '../figures/figure.js';
import { drawAxes, horizontalScale, plotBox, verticalScale, type PlotBox } from './chart-axes.js';
import type { Drawing } from './drawn.js';
import { drawEndLabels, labelWidth, type LineEnd } from './end-labels.js';
import { escapeMarkup as e } from './escape.js';
import { formatNumber, pixel } from './format-number.js';
import { lineColor } from './line-color.js';
import { markData, panelSvg } from './panel-svg.js';
import { textWidth } from './text-fit.js';

/** Draws a chart: lines with bands, a dot per value, dashed levels, and each line's name at its end. */
export function drawChart(panel: ChartPanel, { width, plotHeight, sets, isTitled }: { width: number; plotHeight: number; sets: readonly string[]; isTitled: boolean }): Drawing {
  const lines = panel.lines.filter(({ points }) => points.length > 0);
  const { box, height } = plotBox(panel, { width, plotHeight, labelWidth: labelWidth([...lines.map(nameOf), ...panel.levels.map(({ label }) => label)]) });
  const scales: Scales = { x: horizontalScale(panel.x, box), y: verticalScale(panel.y, box) };
  const allSets = [...new Set([...sets, ...lines.map(({ set }) => set)])];
  const colors = lines.map((line) => lineColor(line, allSets));
  const content = [
    drawAxes(panel, box, height),
    drawMoments(panel, scales, box),
    lines.map((line, index) => drawBand(line, colors[index]!, scales)).join(''),
    `<g class="line" fill="none" stroke-width="2" stroke-linejoin="round">${lines.map((line, index) => drawLine(line, colors[index]!, scales)).join('')}</g>`,
    drawLevels(panel, scales, box),
    lines.map((line, index) => (isTitled ? drawDots : drawPlainDots)(line, colors[index]!, panel.x, scales)).join(''),
    drawEndLabels([...lines.map((line, index) => endOf(line, colors[index]!, scales)), ...panel.levels.map(({ label, value }) => ({ text: label, stroke: 'currentColor', x: box.right, y: scales.y(value), isDashed: true, isLevel: true }))], box),
  ];
  return { width, height, svg: panelSvg({ width, height, title: panel.title, subtitle: `↑ ${panel.y.label}`, description: describe(panel) }, content.join('')) };
}

type Scales = { readonly x: (value: number | string) => number; readonly y: (value: number) => number };

function nameOf({ set, label }: Line): string {
  return label ?? set;
}

function endOf(line: Line, stroke: string, { x, y }: Scales): LineEnd {
  const end = line.points.at(-1)!;
  return { text: nameOf(line), stroke, x: x(end.x), y: y(end.y), isDashed: line.isDashed ?? false, isLevel: false };
}

function drawLine({ points, isDashed }: Line, color: string, scales: Scales): string {
  if (points.length < 2) return '';
  const path = points.map(({ x, y }) => `${pixel(scales.x(x))},${pixel(scales.y(y))}`).join('L');
  return `<path d="M${path}" stroke="${color}"${isDashed ? ' stroke-dasharray="5 3"' : ''}/>`;
}

/** A band through two points or more, bars where some points have none. */
function drawBand({ points }: Line, color: string, { x, y }: Scales): string {
  const bounded = points.filter(({ low, high }) => low !== null && high !== null).map((point) => ({ x: pixel(x(point.x)), low: pixel(y(point.low!)), high: pixel(y(point.high!)) }));
  if (bounded.length === 0) return '';
  if (bounded.length < points.length || points.length === 1) return `<path d="${bounded.map((point) => `M${point.x},${point.low}V${point.high}`).join('')}" stroke="${color}" stroke-opacity=".6" stroke-width="2"/>`;
  const there = bounded.map((point) => `${point.x},${point.high}`).join('L');
  const back = [...bounded].reverse().map((point) => `${point.x},${point.low}`).join('L');
  return `<path d="M${there}L${back}Z" fill="${color}" fill-opacity=".2"/>`;
}

/** Lines with more points than this have smaller dots. */
const mostLargeDots = 24;

/** A dot per value. Its transparent stroke makes it larger for the pointer; its title tells the values. A hollow ring marks what does not compare. */
function drawDots(line: Line, color: string, axis: HorizontalAxis, scales: Scales): string {
  const name = nameOf(line);
  const radius = line.points.length > mostLargeDots ? 1.4 : 2.2;
  const rings = line.points.filter(({ note }) => note !== undefined).map((point) => `<circle cx="${pixel(scales.x(point.x))}" cy="${pixel(scales.y(point.y))}" r="3.4"/>`);
  const dots = line.points.map((point) => {
    const isHollow = point.note !== undefined;
    return `<circle cx="${pixel(scales.x(point.x))}" cy="${pixel(scales.y(point.y))}" r="${isHollow ? 2.8 : radius}"${isHollow ? ' fill-opacity="0"' : ''} ${markData(name, point.x, point.y)}><title>${e(describePoint(name, point, axis))}</title></circle>`;
  });
  return (rings.length === 0 ? '' : `<g fill="none" stroke="${color}" stroke-width="1.5">${rings.join('')}</g>`)
    + `<g class="dot" fill="${color}" stroke="${color}" stroke-opacity="0" stroke-width="10" pointer-events="all">${dots.join('')}</g>`;
}

/** Dots without titles: hollow rings and values that stand alone, since the line shows the others. */
function drawPlainDots({ points }: Line, color: string, _: HorizontalAxis, { x, y }: Scales): string {
  const shown = points.length === 1 ? points : points.filter(({ note }) => note !== undefined);
  return shown.map((point) => `<circle cx="${pixel(x(point.x))}" cy="${pixel(y(point.y))}" r="2.8" ${point.note === undefined ? `fill="${color}"` : `fill="none" stroke="${color}"`}/>`).join('');
}

function describePoint(name: string, { x, y, low, high, note }: LinePoint, axis: HorizontalAxis): string {
  const place = axis.kind === 'epochs' ? `epoch ${x}` : axis.kind === 'widths' ? `width ${x}` : axis.kind === 'numbers' ? `${axis.label} ${x}` : x;
  const band = low === null || high === null ? '' : ` (${formatNumber(low)} to ${formatNumber(high)})`;
  return `${name}, ${place}: ${formatNumber(y)}${band}${note === undefined ? '' : `. ${note}`}`;
}

function drawLevels({ levels }: ChartPanel, { y }: Scales, { left, right }: PlotBox): string {
  if (levels.length === 0) return '';
  return `<path d="${levels.map(({ value }) => `M${left},${pixel(y(value))}H${right}`).join('')}" stroke="currentColor" stroke-dasharray="5 3" stroke-opacity=".8"/>`;
}

/** Vertical dotted lines with their label above, moved inside the panel where it would leave it. */
function drawMoments({ x, moments }: ChartPanel, scales: Scales, { top, bottom, left, right }: PlotBox): string {
  if (x.kind === 'layers') return '';
  return moments.filter((moment) => moment.x >= x.domain[0] && moment.x <= x.domain[1]).map((moment) => {
    const at = scales.x(moment.x);
    const half = textWidth(moment.label, 11) / 2;
    const middle = Math.max(left + half, Math.min(right + 90 - half, at));
    return `<path d="M${pixel(at)},${top}V${bottom}" stroke="currentColor" stroke-dasharray="1 3"/><text x="${pixel(middle)}" y="${top - 4}" fill-opacity=".8">${e(moment.label)}</text>`;
  }).join('');
}

/** What a reader who can't see the chart should know. */
function describe(panel: ChartPanel): string {
  const ends = panel.lines.flatMap((line) => (line.points.length === 0 ? [] : [`${nameOf(line)} from ${formatNumber(line.points[0]!.y)} to ${formatNumber(line.points.at(-1)!.y)}`]));
  const levels = panel.levels.map(({ label, value }) => `${label} at ${formatNumber(value)}`);
  return `${panel.y.label} against ${panel.x.label}: ${[...ends, ...levels].join(', ') || 'no values'}.`;
}
