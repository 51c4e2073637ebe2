import { visibleText } from '@memgeo/artifacts/contract';
import { pad, textWidth, truncate } from '../rendering/text-width.js';

const gap = '  ';
/** A column is not cut below this. */
const narrowest = 10;

/** Rows of cells as aligned text. Where they do not fit the width, wide columns but the first are cut, and then the last ones left out. */
export function alignCells(rows: readonly (readonly string[])[], width = Infinity): string[] {
  const clean = rows.map((row) => row.map(visibleText));
  const count = Math.max(0, ...clean.map((row) => row.length));
  const natural = Array.from({ length: count }, (_, column) => Math.max(...clean.map((row) => textWidth(row[column] ?? ''))));
  const shown = columnsThatFit(natural.map((one, column) => (column === 0 ? one : Math.min(one, narrowest))), width);
  const ending = shown < count ? `${gap}…` : '';
  const widths = natural.slice(0, shown);
  let excess = totalOf(widths) + textWidth(ending) - width;
  while (excess > 0) {
    const cuttable = widths.map((one, column) => (column === 0 || one <= narrowest ? 0 : one));
    const widest = Math.max(...cuttable);
    if (widest === 0) break;
    widths[cuttable.indexOf(widest)]!--;
    excess--;
  }
  return clean.map((row) => `${widths.map((one, column) => pad(truncate(row[column] ?? '', one), one)).join(gap)}${ending}`.trimEnd());
}

/** How many columns fit at their least widths, with room for the sign that there are more. At least one. */
function columnsThatFit(least: readonly number[], width: number): number {
  for (let count = least.length; count > 1; count--) if (totalOf(least.slice(0, count)) + (count < least.length ? gap.length + 1 : 0) <= width) return count;
  return Math.min(1, least.length);
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, one) => sum + one, 0) + gap.length * (widths.length - 1);
}
