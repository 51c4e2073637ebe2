import type { Column } from '@memgeo/artifacts';
import { repeatInterval } from '../claims/repeat-interval.js';
import { axisColumns } from '../tables/axis-columns.js';
import { averageRepeats, groupBy } from './average.js';
import type { Gathered } from './gather.js';
import { seedLabels, withoutAxes } from './seed-labels.js';

/** How the rows of a table are told apart, and what is averaged. */
export type Averaged = {
  /** Columns that tell rows of one seed apart. */
  readonly keys: readonly string[];
  /** Columns that are averaged, each in a row of its own, named in the column `measure`; the column `value` has its name in the row. */
  readonly values: readonly string[];
};

type AnyRow = { readonly [column: string]: unknown };

const statistics: { readonly [column: string]: Column } = {
  mean: { type: 'float64', isNullable: true, description: 'Mean over seeds; null if none has a value.' },
  standardDeviation: { type: 'float64', isNullable: true, description: 'Standard deviation over seeds (n - 1); null with fewer than two.' },
  lower: { type: 'float64', isNullable: true, description: 'Lower end of the 95 % interval of the mean over seeds, by Student\'s t.' },
  upper: { type: 'float64', isNullable: true, description: 'Upper end of the 95 % interval of the mean over seeds, by Student\'s t.' },
  seeds: { type: 'int32', description: 'Seeds that have a value.' },
};

/**
 * Averages a table over seeds: mean and 95 % interval [student1908probable] of what differs in nothing but the seed and its labels.
 *
 * Other axes of the matrix, as the width, stay columns. Rows of one seed that no key tells apart are averaged first, so that each seed counts once.
 *
 * @param columns  Columns of the table.
 * @returns undefined with fewer than two seeds.
 */
export function averageOverSeeds({ rows, axes }: Gathered<object>, { keys, values }: Averaged, columns: { readonly [column: string]: Column }): { columns: { [column: string]: Column }; rows: AnyRow[] } | undefined {
  const seeds = new Set(rows.map(({ coordinates }) => coordinates.seed).filter((seed) => seed !== undefined));
  if (seeds.size < 2) return undefined;
  const left = ['seed', ...seedLabels(rows.map(({ coordinates }) => coordinates))];
  const kept = axes.filter((axis) => !left.includes(axis));
  const long = (rows as readonly (AnyRow & Gathered<object>['rows'][number])[]).flatMap((row) => values.map((column) => ({
    seed: row.coordinates.seed,
    key: { ...withoutAxes(row.coordinates, left), ...Object.fromEntries(keys.map((name) => [name, row[name] ?? null])), measure: column === 'value' ? row.measure : column },
    value: row[column] as number | null,
  })));
  const averaged = [...groupBy(long, ({ key }) => JSON.stringify(key)).values()].map((group) => {
    const perSeed = [...groupBy(group, ({ seed }) => seed).values()].map((repeats) => averageRepeats(repeats).value).filter((value) => value !== null);
    const empty = Object.fromEntries(kept.map((axis) => [axis, null]));
    return { ...empty, ...group[0]!.key, ...summarize(perSeed) };
  });
  const keyColumns = Object.fromEntries(keys.map((name) => [name, { ...columns[name]!, isNullable: true }]));
  const measure: Column = columns.measure ?? { type: 'string', description: 'What was averaged.' };
  return { columns: { ...axisColumns({ rows, axes: kept }), ...keyColumns, measure, ...statistics }, rows: averaged };
}

function summarize(values: readonly number[]): { mean: number | null; standardDeviation: number | null; lower: number | null; upper: number | null; seeds: number } {
  const { value: mean, lower, upper } = values.length === 0 ? { value: null, lower: null, upper: null } : repeatInterval(values);
  const standardDeviation = values.length < 2 ? null : averageRepeats(values.map((value) => ({ value }))).spread;
  return { mean, standardDeviation, lower, upper, seeds: values.length };
}
