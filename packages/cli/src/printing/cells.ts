import { visibleText } from '@memgeo/artifacts';
import { pad, textWidth, truncate } from '../rendering/text-width.js';

const gap = '  ';
const narrowest = 6;

/** Rows of cells as aligned text. Where they do not fit the width, the widest columns are cut, and then the last left out. */
export function alignCells(rows: readonly (readonly string[])[], width = Infinity): string[] {
  const clean = rows.map((row) => row.map(visibleText));
  const count = Math.max(0, ...clean.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) => Math.max(...clean.map((row) => textWidth(row[column] ?? ''))));
  const total = (): number => widths.reduce((sum, one) => sum + one, 0) + gap.length * (widths.length - 1);
  while (total() > width && Math.max(...widths) > narrowest) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest]!--;
  }
  while (widths.length > 1 && total() + (widths.length < count ? gap.length + 1 : 0) > width) widths.pop();
  return clean.map((row) => `${widths.map((one, column) => pad(truncate(row[column] ?? '', one), one)).join(gap)}${widths.length < count ? `${gap}…` : ''}`.trimEnd());
}
