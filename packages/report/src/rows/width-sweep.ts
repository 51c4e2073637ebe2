import type { GeometryRow, HistoryRow } from '@memgeo/artifacts';
import { averageRepeats, groupBy, type Average } from './average.js';
import type { Located } from './gather.js';

/** A network wide enough that it has learned this share of its training labels, wrong ones included, interpolates. */
export const interpolationAccuracy = 0.95;

/** With fewer features for each point or class, radius and dimension are bounded by the features instead of the classes. Our choice. */
export const featuresPerPoint = 1.5;

/** Whether the geometry of a layer compares with that of wider ones. */
export function hasEnoughFeatures({ ambientDimension, pointsPerManifold, manifolds }: Pick<GeometryRow, 'ambientDimension' | 'pointsPerManifold' | 'manifolds'>): boolean {
  return ambientDimension >= featuresPerPoint * Math.max(pointsPerManifold, manifolds);
}

/** What networks of one width reach at the end of training, over seeds. */
export type WidthResult = {
  readonly width: number;
  /** Accuracy on all training examples under the labels they were trained on. */
  readonly training: Average;
  readonly test: Average;
  /** The highest test accuracy of any epoch; null if the history has the last one only. */
  readonly bestTest: Average | null;
};

/** The width a row was computed at; undefined without a numeric coordinate `width`. */
export function widthOf({ coordinates }: Located<object>): number | undefined {
  const width = Number(coordinates?.width ?? NaN);
  return width > 0 && Number.isFinite(width) ? width : undefined;
}

/** The widths that rows were computed at, ascending; a sweep has two or more. */
export function sweepWidths(rows: readonly Located<object>[]): number[] {
  return [...new Set(rows.map(widthOf).filter((width) => width !== undefined))].sort((a, b) => a - b);
}

/**
 * Gathers what each width of a sweep reaches at the last epoch.
 *
 * Training accuracy is that of the sets unpermuted and permuted together, weighted by their examples. Each seed is
 * taken at its own last epoch and, for the best, its own best epoch.
 *
 * @param history  Rows with a coordinate `width`; others are left out.
 * @returns ascending widths.
 */
export function widthResults(history: readonly Located<HistoryRow>[]): WidthResult[] {
  return sweepWidths(history).map((width) => {
    const runs = [...groupBy(history.filter((row) => widthOf(row) === width), (row) => JSON.stringify(row.coordinates)).values()].map(runResult);
    const best = runs.map((run) => run.bestTest);
    return {
      width,
      training: averageRepeats(runs.map((run) => run.training)),
      test: averageRepeats(runs.map((run) => run.test)),
      bestTest: runs.some((run) => run.epochCount > 1) ? averageRepeats(best) : null,
    };
  });
}

/** The narrowest width whose mean training accuracy is above 0.95; undefined if none is. */
export function interpolationWidth(results: readonly WidthResult[]): number | undefined {
  return results.find(({ training }) => training.value !== null && training.value > interpolationAccuracy)?.width;
}

type Measured = { readonly value: number | null; readonly standardError: number | null };

function runResult(rows: readonly HistoryRow[]): { training: Measured; test: Measured; bestTest: Measured; epochCount: number } {
  const last = Math.max(...rows.map((row) => row.epoch));
  const trained = rows.filter((row) => row.epoch === last && (row.set === 'unpermuted' || row.set === 'permuted'));
  const tests = rows.filter((row) => row.set === 'test').sort((a, b) => a.epoch - b.epoch);
  const best = tests.reduce<HistoryRow | undefined>((found, row) => (found === undefined || row.accuracy > found.accuracy ? row : found), undefined);
  return { training: pooled(trained), test: pooled(tests.filter((row) => row.epoch === last)), bestTest: pooled(best === undefined ? [] : [best]), epochCount: tests.length };
}

/** Accuracy over the examples of some sets together, with its binomial standard error. */
function pooled(rows: readonly HistoryRow[]): Measured {
  const examples = rows.reduce((sum, row) => sum + row.examples, 0);
  if (examples === 0) return { value: null, standardError: null };
  const value = rows.reduce((sum, row) => sum + row.accuracy * row.examples, 0) / examples;
  return { value, standardError: Math.sqrt(Math.max(0, value * (1 - value)) / examples) };
}
