import { alignCells } from '../../printing/cells.js';
import { terminalWidth } from '../../printing/page.js';
import { shorten } from '../../printing/params-text.js';

export type Row = { readonly [column: string]: unknown };

export const shownRows = 8;
const longestCell = 28;

/** The number of rows, and the first of them as aligned text. */
export function describeRows(rows: readonly Row[], shown = shownRows, width = terminalWidth()): string[] {
  if (rows.length === 0) return ['rows      0'];
  const columns = Object.keys(rows[0]!);
  const cells = [columns, ...rows.slice(0, shown).map((row) => columns.map((column) => formatCell(row[column])))];
  return [`rows      ${rows.length}`, ...alignCells(cells, width - 2).map((line) => `  ${line}`)];
}

function formatCell(value: unknown): string {
  if (value === null || value === undefined) return '-';
  return shorten(typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(5) : String(value), longestCell);
}
