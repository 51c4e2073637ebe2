import type { TablePanel } from '../figures/figure.js';
import { setColor } from '../rows/sets.js';
import type { Drawing } from './drawn.js';
import { escapeMarkup as e } from './escape.js';
import { formatNumber, pixel } from './format-number.js';
import { panelSvg } from './panel-svg.js';
import { cutEnd } from './text-fit.js';

const top = 44;
const headHeight = 24;
const rowHeight = 38;
const nameWidth = 176;

/** Draws a small table: a name per row, and in each cell a number above its interval. */
export function drawTable(panel: TablePanel, { width, sets }: { width: number; sets: readonly string[] }): Drawing {
  const { columns, rows } = panel;
  const height = top + headHeight + rows.length * rowHeight + 8;
  const columnWidth = (width - nameWidth) / columns.length;
  const right = (column: number): number => pixel(nameWidth + (column + 1) * columnWidth - 6);
  const heads = columns.map(({ name, set }, column) => `${set === undefined ? '' : `<path d="M${right(column)},${top + headHeight - 3}h${pixel(12 - columnWidth)}" stroke="${setColor(set, sets)}" stroke-width="3"/>`}<text x="${right(column)}" y="${top + 12}" text-anchor="end" font-weight="bold">${e(cutEnd(name, columnWidth - 12, 11, { isBold: true }))}</text>`);
  const body = rows.map(({ name, cells }, row) => {
    const y = top + headHeight + row * rowHeight;
    const texts = cells.map((cell, column) => {
      const { value, interval } = cellText(cell);
      return `<text x="${right(column)}" y="${y + 16}" text-anchor="end" font-size="13">${value}</text>${interval === '' ? '' : `<text x="${right(column)}" y="${y + 30}" text-anchor="end" font-size="10" fill-opacity=".8">[${interval}]</text>`}`;
    });
    return `<text x="4" y="${y + 16}" text-anchor="start">${e(cutEnd(name, nameWidth - 8, 11))}</text>${texts.join('')}`;
  });
  const rules = rows.map((_, row) => `M4,${top + headHeight + row * rowHeight}H${width - 4}`).join('');
  const content = [`<path d="${rules}" stroke="currentColor" stroke-opacity=".25"/>`, ...heads, ...body];
  return { width, height, svg: panelSvg({ width, height, title: panel.title, subtitle: panel.label, description: describe(panel) }, content.join('')) };
}

function cellText(cell: TablePanel['rows'][number]['cells'][number]): { value: string; interval: string } {
  const { value, lower, upper } = cell;
  return { value: formatNumber(value), interval: lower === null || upper === null ? '' : `${formatNumber(lower)}, ${formatNumber(upper)}` };
}

/** What a reader who can't see the table should know: all of it. */
function describe({ label, columns, rows }: TablePanel): string {
  const texts = rows.map(({ name, cells }) => `${name}: ${cells.map((cell, column) => {
    const { value, interval } = cellText(cell);
    return `${columns[column]!.name} ${value}${interval === '' ? '' : ` [${interval}]`}`;
  }).join(', ')}`);
  return `${label}. ${texts.join('; ')}.`;
}
