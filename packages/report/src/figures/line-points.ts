import { averageRepeats, groupBy } from '../rows/average.js';
import type { Located } from '../rows/gather.js';
import { seedLabels, withoutAxes } from '../rows/seed-labels.js';
import type { LinePoint } from './figure.js';

/** A measurement that may be one of several repeats. */
type Measured = { readonly value: number | null; readonly standardError?: number | null };

/** Averages rows over repeats at each place of an axis, in the order given or of growing numbers; places without a value are left out. */
export function linePoints<Row extends Measured, X extends number | string>(rows: readonly Row[], x: (row: Row) => X, order?: readonly X[]): LinePoint[] {
  const groups = groupBy(rows, x);
  const places = order?.filter((place) => groups.has(place)) ?? [...groups.keys()].sort((a, b) => Number(a) - Number(b));
  return places.flatMap((place): LinePoint[] => {
    const { value, spread } = averageRepeats(groups.get(place)!);
    return value === null ? [] : [{ x: place, y: value, low: spread === null ? null : value - spread, high: spread === null ? null : value + spread }];
  });
}

/** The number of runs some rows come from, told apart by their coordinates. */
export function countRuns(rows: readonly Located<object>[]): number {
  return new Set(rows.map(({ coordinates }) => JSON.stringify(coordinates ?? null))).size;
}

/** Whether runs are told apart by nothing but their seed and its labels. */
export function differInSeedsOnly(rows: readonly Located<object>[]): boolean {
  const left = ['seed', ...seedLabels(rows.map(({ coordinates }) => coordinates))];
  return new Set(rows.map(({ coordinates = {} }) => JSON.stringify(withoutAxes(coordinates, left)))).size === 1;
}

/** What bands show, in a sentence: the spread over runs, or the error of one run if it is known. */
export function describeRuns(rows: readonly Located<Measured>[], { over = '' }: { over?: string } = {}): string {
  const runs = countRuns(rows);
  if (runs > 1) return `Means over ${runs} ${differInSeedsOnly(rows) ? 'seeds' : 'runs'}; bands: their standard deviation.`;
  return rows.some((row) => typeof row.standardError === 'number') ? `One run; bands: one standard error over ${over}.` : 'One run.';
}

/** Bounds a log axis so that every line and band above 0 fits, with a margin of 10 %; undefined if a value is 0 or below. */
export function logDomain(points: readonly LinePoint[]): [number, number] | undefined {
  if (points.length === 0 || points.some(({ y }) => y <= 0)) return undefined;
  return [Math.min(...points.map(({ y, low }) => (low !== null && low > 0 ? low : y))) / 1.1, Math.max(...points.map(({ y, high }) => high ?? y)) * 1.1];
}

/** Cuts bands off at the lower end of a log axis, where 0 has no place. */
export function cutBands(points: readonly LinePoint[], lowest: number): LinePoint[] {
  return points.map((point) => (point.low !== null && point.low < lowest ? { ...point, low: Math.min(lowest, point.y) } : point));
}
