import { averageRepeats, groupBy, type Average } from '../rows/average.js';
import type { HeatPanel } from './figure.js';

/**
 * Averages rows over repeats at each place of a map; a place without a value is empty.
 *
 * @param options.rows  Names of the rows of the map, and by rowOf those of each row; the same for columns.
 * @returns values, and their standard deviations where there are several repeats.
 */
export function mapValues<Row extends { readonly value: number | null }, R, C>(
  all: readonly Row[], { rows, columns, rowOf, columnOf }: { rows: readonly R[]; columns: readonly C[]; rowOf: (row: Row) => R; columnOf: (row: Row) => C },
): Pick<HeatPanel, 'values' | 'spreads'> {
  const places = new Map([...groupBy(all, rowOf)].map(([name, ofRow]) => [name, groupBy(ofRow, columnOf)]));
  const averages = rows.map((row) => columns.map((column) => averageRepeats(places.get(row)?.get(column) ?? [])));
  return mapOf(averages);
}

/** Averages as the values of a map. */
export function mapOf(averages: readonly (readonly Average[])[]): Pick<HeatPanel, 'values' | 'spreads'> {
  const isRepeated = averages.some((row) => row.some(({ repeats }) => repeats > 1));
  return {
    values: averages.map((row) => row.map(({ value }) => value)),
    ...(isRepeated && { spreads: averages.map((row) => row.map(({ repeats, spread }) => (repeats > 1 ? spread : null))) }),
  };
}
