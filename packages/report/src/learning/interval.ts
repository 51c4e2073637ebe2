import { fromAccuracy, fromError } from '../claims/estimate.js';
import { repeatInterval } from '../claims/repeat-interval.js';

/** A number and its 95 % interval; an end is null if unknown. */
export type Interval = { readonly value: number; readonly lower: number | null; readonly upper: number | null };

/** A share of some images of one run, with Wilson's interval over images [wilson1927probable]. */
export function shareOf(part: number, whole: number): Interval {
  const { value, lower, upper } = fromAccuracy(part / whole, whole);
  return { value, lower, upper };
}

/** The mean of a number of each image of one run, with a normal interval over images; of one image without. */
export function meanOfImages(values: readonly number[]): Interval {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  const { value, lower, upper } = fromError(mean, count < 2 ? null : Math.sqrt(variance / count));
  return { value, lower, upper };
}

/**
 * What a number comes to over runs: of one run its own interval, of several their mean and its interval over runs, by Student's t [student1908probable].
 *
 * @param runs  One per run, at least one.
 * @param range  What the number can't leave; the interval is cut off there.
 */
export function overRuns(runs: readonly Interval[], [lowest, highest]: readonly [number, number]): Interval {
  const { value, lower, upper } = runs.length === 1 ? runs[0]! : repeatInterval(runs.map((run) => run.value));
  const cut = (end: number | null): number | null => (end === null ? null : Math.max(lowest, Math.min(highest, end)));
  return { value, lower: cut(lower), upper: cut(upper) };
}
