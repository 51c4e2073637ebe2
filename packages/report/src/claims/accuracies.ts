import type { HistoryRow } from '@memgeo/artifacts';
import { fromAccuracy, type Estimate } from './estimate.js';
import { findBestEpoch } from './find-best-epoch.js';
import { NotMeasured } from './not-measured.js';

/** What holds the history of a network, and perhaps those of a sweep instead. */
type HasHistory = { readonly history: readonly HistoryRow[]; readonly sweep?: readonly unknown[] };

/** A permuted accuracy above this counts as memorized. */
export const memorizedAccuracy = 0.9;

/** The epoch of the best test accuracy. */
export function bestEpochOf(run: HasHistory): number {
  const epoch = findBestEpoch(run.history);
  if (epoch === undefined) throw new NotMeasured(missingHistory(run));
  return epoch;
}

/** The last epoch of the history. */
export function finalEpochOf(run: HasHistory): number {
  if (run.history.length === 0) throw new NotMeasured(missingHistory(run));
  return Math.max(...run.history.map(({ epoch }) => epoch));
}

/** Rows of a set that have an accuracy, by epoch. */
export function accuraciesOf(run: HasHistory, set: string): HistoryRow[] {
  const rows = run.history.filter((row) => row.set === set && row.examples > 0 && Number.isFinite(row.accuracy)).sort((a, b) => a.epoch - b.epoch);
  if (rows.length > 0) return rows;
  if (run.history.length === 0) throw new NotMeasured(missingHistory(run));
  throw new NotMeasured(set === 'permuted' || set === 'restored' ? 'no permuted examples' : `the history has no ${set} accuracy`);
}

/** The accuracy of a set at an epoch. */
export function accuracyAt(run: HasHistory, set: string, epoch: number): Estimate {
  const row = accuraciesOf(run, set).find((candidate) => candidate.epoch === epoch);
  if (row === undefined) throw new NotMeasured(`the ${set} accuracy of epoch ${epoch} was not measured`);
  return toEstimate(row);
}

/** The accuracy of a set at the last epoch. */
export function finalAccuracy(run: HasHistory, set: string): Estimate {
  return accuracyAt(run, set, finalEpochOf(run));
}

/** Leaves undecided what only memorization brings about, where the run did not memorize. */
export function ifMemorized(run: HasHistory, estimate: Estimate): Estimate {
  if (finalAccuracy(run, 'permuted').value > memorizedAccuracy) return estimate;
  return { ...estimate, doubts: [`memorization was not reached: the permuted accuracy at the end is not above ${memorizedAccuracy}`, ...estimate.doubts] };
}

/**
 * How many times as late as the best test accuracy the permuted accuracy first passes 0.9.
 *
 * The interval runs over the epochs that the examples can't tell from these: those with a test accuracy within the sampling
 * error of the best, and the crossings of both ends of the interval of the permuted accuracy.
 */
export function memorizationDelay(run: HasHistory): Estimate {
  const best = bestEpochOf(run);
  const permuted = accuraciesOf(run, 'permuted').map(toEstimate);
  const crossing = (height: (estimate: Estimate) => number): number | undefined => permuted.find((estimate) => height(estimate) > memorizedAccuracy)?.epochs[0];
  const reached = crossing(({ value }) => value);
  if (reached === undefined) throw new NotMeasured(`memorization was not reached: the permuted accuracy is never above ${memorizedAccuracy}`);
  if (best === 0) throw new NotMeasured('the test accuracy is best before training');
  const tests = accuraciesOf(run, 'test').map(toEstimate);
  const top = tests.find(({ epochs }) => epochs[0] === best)!;
  const alike = tests.filter(({ value, upper }) => top.value - value <= Math.hypot(top.value - top.lower!, upper! - value)).map(({ epochs }) => epochs[0]!);
  const [earliest, latest] = [crossing(({ upper }) => upper!)!, crossing(({ lower }) => lower!)];
  const firstBest = Math.min(...alike);
  return { value: reached / best, lower: earliest / Math.max(...alike), upper: latest === undefined || firstBest === 0 ? null : latest / firstBest, layers: [], epochs: [best, reached], doubts: [] };
}

function toEstimate({ accuracy, examples, epoch }: HistoryRow): Estimate {
  return fromAccuracy(accuracy, examples, { epochs: [epoch] });
}

function missingHistory({ sweep = [] }: HasHistory): string {
  return sweep.length > 1 ? 'the histories are of several widths; select one, as in history[width=512]' : 'there is no history';
}
