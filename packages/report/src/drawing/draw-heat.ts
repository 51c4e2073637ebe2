import type { HeatPanel } from '../figures/figure.js';
import type { Drawing } from './drawn.js';
import { escapeMarkup as e } from './escape.js';
import { formatNumber, pixel } from './format-number.js';
import { markData, panelSvg } from './panel-svg.js';
import { shortNames, textWidth } from './text-fit.js';
import { keepApart, linearTicks } from './ticks.js';
import { textOnViridis, viridis } from './viridis.js';

const top = 58;
/** Rows of a map that is no square are this high where there is room. */
const [rowHeight, mostHeight] = [24, 264];
/** Shades of a map with more cells than titles are drawn for. */
const shades = 64;

/** Where the cells lie, in pixels. */
type Grid = { readonly left: number; readonly cellWidth: number; readonly cellHeight: number };

/** Draws a map of values from dark to bright, with its scale at the right; values stand in the cells where they fit. */
export function drawHeat(panel: HeatPanel, { width, isTitled }: { width: number; isTitled: boolean }): Drawing {
  const { rows, columns } = panel;
  const left = Math.ceil(Math.max(30, ...shortNames(rows).map((name) => textWidth(name, 11))) + 10);
  const scaleWidth = 18 + 12 + Math.max(...linearTicks(panel.domain, 4).map(({ text }) => textWidth(text, 11)), 12);
  const across = width - left - scaleWidth;
  const isSquare = rows.length === columns.length && panel.rowLabel === panel.columnLabel;
  const down = isSquare ? across : Math.min(mostHeight, rows.length * rowHeight);
  const grid: Grid = { left, cellWidth: across / columns.length, cellHeight: down / rows.length };
  const { below, names } = drawNames(panel, grid, down);
  const height = Math.ceil(top + down + below + 22);
  const content = [
    `<text x="4" y="${top - 8}" text-anchor="start" fill-opacity=".8">${e(panel.rowLabel.split(',')[0]!)} ↓</text>`,
    `<g class="cell">${isTitled ? titledCells(panel, grid) : shadedCells(panel, grid)}</g>`,
    names,
    drawScale(panel.domain, { x: width - scaleWidth + 12, height: down }),
    `<text x="${pixel(left + across / 2)}" y="${height - 6}" fill-opacity=".8">${e(panel.columnLabel)} →</text>`,
  ];
  return { width, height, svg: panelSvg({ width, height, title: panel.title, subtitle: panel.label, description: describe(panel) }, content.join('')) };
}

/** A square per value with a title for the pointer, and the value where it fits; an empty one where there is no value. */
function titledCells(panel: HeatPanel, { left, cellWidth, cellHeight }: Grid): string {
  const texts = panel.values.flat().filter((value) => value !== null).map(cellText);
  const isWritten = Math.max(...texts.map((text) => textWidth(text, 9.5))) <= cellWidth - 2 && cellHeight >= 12;
  return panel.values.flatMap((row, i) => row.map((value, j) => {
    const [x, y] = [left + j * cellWidth, top + i * cellHeight];
    const place = `x="${pixel(x)}" y="${pixel(y)}" width="${pixel(cellWidth + 0.1)}" height="${pixel(cellHeight + 0.1)}"`;
    const [rowName, columnName] = [panel.rows[i]!, panel.columns[j]!];
    if (value === null) return `<rect ${place} fill="none" stroke="currentColor" stroke-opacity=".3"/>`;
    const at = placeIn(panel.domain, value);
    const title = `${panel.rowLabel.split(',')[0]} ${rowName}, ${panel.columnLabel.split(',')[0]!.toLowerCase()} ${columnName}: ${formatNumber(value)}`;
    const square = `<rect ${place} fill="${viridis(at)}" ${markData(rowName, columnName, value)}><title>${e(title)}</title></rect>`;
    return isWritten ? `${square}<text x="${pixel(x + cellWidth / 2)}" y="${pixel(y + cellHeight / 2)}" dy=".35em" font-size="9.5" pointer-events="none" fill="${textOnViridis(at)}">${cellText(value)}</text>` : square;
  })).join('');
}

/** One path per shade, so that a map of thousands of cells stays small. */
function shadedCells(panel: HeatPanel, { left, cellWidth, cellHeight }: Grid): string {
  const paths = new Map<number, string>();
  panel.values.forEach((row, i) => row.forEach((value, j) => {
    if (value === null) return;
    const shade = Math.min(shades - 1, Math.floor(placeIn(panel.domain, value) * shades));
    const [x, y] = [pixel(left + j * cellWidth), pixel(top + i * cellHeight)];
    const [w, h] = [pixel(cellWidth + 0.2), pixel(cellHeight + 0.2)];
    paths.set(shade, `${paths.get(shade) ?? ''}M${x},${y}h${w}v${h}h${-w}`);
  }));
  return [...paths].map(([shade, path]) => `<path d="${path}" fill="${viridis((shade + 0.5) / shades)}"/>`).join('');
}

/** Names of rows at the left and of columns below, as many as fit; slanted where they are too long to stand side by side. */
function drawNames({ rows, columns }: HeatPanel, { left, cellWidth, cellHeight }: Grid, down: number): { readonly below: number; readonly names: string } {
  const indices = (names: readonly string[]): number[] => names.map((_, index) => index);
  const atRow = (index: number): number => top + (index + 0.5) * cellHeight;
  const atColumn = (index: number): number => left + (index + 0.5) * cellWidth;
  const [shortRows, shortColumns] = [shortNames(rows), shortNames(columns)];
  const rowNames = keepApart(indices(rows), { position: atRow, room: () => 13 }).map((index) => `<text x="${left - 6}" y="${pixel(atRow(index))}" dy=".35em" text-anchor="end">${e(shortRows[index]!)}</text>`);
  const widths = shortColumns.map((name) => textWidth(name, 11));
  const isSlanted = Math.max(...widths) > Math.max(cellWidth, 26) && !columns.every((name) => name !== '' && Number.isFinite(Number(name)));
  const shown = keepApart(indices(columns), { position: atColumn, room: (index) => (isSlanted ? 18 : widths[index]! + 4) });
  const y = top + down + 12;
  const columnNames = shown.map((index) => {
    const name = e(shortColumns[index]!);
    const x = pixel(atColumn(index));
    return isSlanted ? `<text transform="translate(${x},${pixel(y)})rotate(-40)" dy=".35em" text-anchor="end">${name}</text>` : `<text x="${x}" y="${pixel(y)}" dy=".4em">${name}</text>`;
  });
  return { below: isSlanted ? Math.max(...widths) * 0.65 + 20 : 24, names: [...rowNames, ...columnNames].join('') };
}

/** A column of the colors, the highest value at the top. */
function drawScale(domain: readonly [number, number], { x, height }: { x: number; height: number }): string {
  const steps = 32;
  const bands = Array.from({ length: steps }, (_, i) => `<path d="M${x},${pixel(top + (i * height) / steps)}h12v${pixel(height / steps + 0.3)}h-12" fill="${viridis(1 - (i + 0.5) / steps)}"/>`);
  const ticks = linearTicks(domain, 4).map(({ value, text }) => `<text x="${x + 16}" y="${pixel(top + (1 - placeIn(domain, value)) * height)}" dy=".35em" text-anchor="start">${text}</text>`);
  return bands.join('') + (height < 60 ? [ticks[0], ticks.at(-1)].join('') : ticks.join(''));
}

/** Where a value lies in a domain, 0 to 1. */
function placeIn([low, high]: readonly [number, number], value: number): number {
  return Math.max(0, Math.min(1, (value - low) / (high - low || 1)));
}

function cellText(value: number): string {
  return Math.abs(value) < 10 ? value.toFixed(2) : formatNumber(value);
}

/** What a reader who can't see the map should know. */
function describe({ label, rows, columns, values }: HeatPanel): string {
  const known = values.flatMap((row, i) => row.flatMap((value, j) => (value === null ? [] : [{ value, place: `${rows[i]} and ${columns[j]}` }])));
  if (known.length === 0) return `${label}: no values.`;
  const lowest = known.reduce((a, b) => (b.value < a.value ? b : a));
  const highest = known.reduce((a, b) => (b.value > a.value ? b : a));
  return `${label}, ${rows.length} by ${columns.length}: from ${formatNumber(lowest.value)} at ${lowest.place} to ${formatNumber(highest.value)} at ${highest.place}.`;
}
