import type { TablePanel } from '../figures/figure.js';
import { setColor } from '../rows/sets.js';
import type { Drawing } from './drawn.js';
import { escapeMarkup as e } from './escape.js';
import { formatNumber, pixel } from './format-number.js';
import { markData, panelSvg } from './panel-svg.js';
import { cutEnd } from './text-fit.js';

const top = 44;
const headHeight = 24;
const rowHeight = 38;
const nameWidth = 168;
const gap = 4;
const mostDecimals = 6;

type Cell = TablePanel['rows'][number]['cells'][number];

/** Draws a small table: a name per row, and in each cell a number above its interval. A cell says its values as a mark does. */
export function drawTable(panel: TablePanel, { width, sets, isTitled }: { width: number; sets: readonly string[]; isTitled: boolean }): Drawing {
  const { columns, rows } = panel;
  const height = top + headHeight + rows.length * rowHeight + 8;
  const cellWidth = pixel((width - nameWidth) / columns.length - gap);
  const left = (column: number): number => pixel(nameWidth + column * (cellWidth + gap));
  const bottom = (row: number): number => top + headHeight + row * rowHeight;
  const heads = columns.map(({ name, set }, column) => {
    const line = set === undefined ? '' : `<path d="M${left(column)},${bottom(0) - 3}h${cellWidth}" stroke="${setColor(set, sets)}" stroke-width="3"/>`;
    return `${line}<text x="${pixel(left(column) + cellWidth - 6)}" y="${top + 12}" text-anchor="end" font-weight="bold">${e(cutEnd(name, cellWidth - 8, 11, { isBold: true }))}</text>`;
  });
  const names = rows.map(({ name }, row) => `<text x="4" y="${bottom(row) + 16}" text-anchor="start">${e(cutEnd(name, nameWidth - 8, 11))}</text>`);
  const grounds = rows.flatMap(({ name, cells }, row) => cells.map((cell, column) => {
    const box = `<rect x="${left(column)}" y="${bottom(row)}" width="${cellWidth}" height="${rowHeight - gap}"`;
    return isTitled ? `${box} ${markData(columns[column]!.name, name, cell.value)}><title>${e(`${columns[column]!.name}, ${name}: ${cellWords(cell)}`)}</title></rect>` : `${box}/>`;
  }));
  const texts = rows.flatMap(({ cells }, row) => cells.map((cell, column) => {
    const { value, interval } = cellText(cell);
    const right = pixel(left(column) + cellWidth - 6);
    return `<text x="${right}" y="${bottom(row) + 15}" font-size="13">${value}</text>${interval === '' ? '' : `<text x="${right}" y="${bottom(row) + 29}" font-size="10" fill-opacity=".8">${interval}</text>`}`;
  }));
  const content = [...heads, ...names, `<g class="cell" fill-opacity=".06">${grounds.join('')}</g><g text-anchor="end" pointer-events="none">${texts.join('')}</g>`];
  return { width, height, svg: panelSvg({ width, height, title: panel.title, subtitle: panel.label, description: describe(panel) }, content.join('')) };
}

/** A number with the decimals that its interval leaves a meaning: two digits of the width of that. */
function cellText({ value, lower, upper }: Cell): { value: string; interval: string } {
  if (lower === null || upper === null || lower === upper) return { value: formatNumber(value), interval: '' };
  const decimals = Math.max(0, Math.min(mostDecimals, 1 - Math.floor(Math.log10(upper - lower))));
  const [text, low, high] = [value, lower, upper].map((number) => (number === 0 ? '0' : number.toFixed(decimals)));
  return { value: text!, interval: `${low}–${high}` };
}

function cellWords(cell: Cell): string {
  const { value, interval } = cellText(cell);
  return interval === '' ? value : `${value} (${interval})`;
}

/** What a reader who can't see the table should know: all of it. */
function describe({ label, columns, rows }: TablePanel): string {
  return `${label}. ${rows.map(({ name, cells }) => `${name}: ${cells.map((cell, column) => `${columns[column]!.name} ${cellWords(cell)}`).join(', ')}`).join('; ')}.`;
}
