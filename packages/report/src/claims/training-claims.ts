import type { HistoryRow } from '@memgeo/artifacts';
import { binomialError } from '../figures/accuracy-by-epoch.js';
import { formatValue, type Claim } from './claim.js';
import { findBestEpoch } from './find-best-epoch.js';

/** A permuted accuracy above this counts as memorized. */
const memorizedAccuracy = 0.9;

export { findBestEpoch };

/**
 * Decides, from the accuracies, whether the network generalized first and memorized later.
 *
 * @param history  Rows of a history table.
 * @returns claims `overfits`, `learnsCleanFirst` and `memorizesLate`.
 */
export function trainingClaims(history: readonly HistoryRow[]): Claim[] {
  const bestEpoch = findBestEpoch(history);
  return [overfits(history, bestEpoch), learnsCleanFirst(history, bestEpoch), memorizesLate(history, bestEpoch)];
}

function overfits(history: readonly HistoryRow[], bestEpoch: number | undefined): Claim {
  const base = { name: 'overfits', aspect: 'when' as const, expectation: 'Test accuracy rises, then falls by more than twice its sampling error.' };
  const test = ofSet(history, 'test');
  const best = test.find((row) => row.epoch === bestEpoch);
  const last = test.at(-1);
  if (best === undefined || last === undefined) return { ...base, verdict: 'unknown', finding: 'The history has no test accuracies.' };
  if (test.length === 1) return { ...base, verdict: 'unknown', finding: `Test accuracy is ${formatValue(best.accuracy)} at epoch ${best.epoch}, the only epoch in the history.` };
  const error = Math.hypot(binomialError(best) ?? 0, binomialError(last) ?? 0);
  const fell = best.accuracy - last.accuracy > 2 * error && best.epoch > test[0]!.epoch;
  return {
    ...base,
    verdict: fell ? 'holds' : 'fails',
    finding: `Test accuracy is highest at epoch ${best.epoch}, ${formatValue(best.accuracy)}, and ${formatValue(last.accuracy)} at the end, epoch ${last.epoch}${fell ? '' : '; that is no clear fall'}.`,
  };
}

function learnsCleanFirst(history: readonly HistoryRow[], bestEpoch: number | undefined): Claim {
  const base = { name: 'learnsCleanFirst', aspect: 'when' as const, expectation: 'At the best test epoch, permuted images are mostly given their true label, seldom the one they are trained on.' };
  const at = (set: string): HistoryRow | undefined => history.find((row) => row.set === set && row.epoch === bestEpoch);
  const permuted = at('permuted');
  const restored = at('restored');
  if (bestEpoch === undefined || permuted === undefined || restored === undefined) return { ...base, verdict: 'unknown', finding: 'The history lacks the permuted or restored accuracy at the best test epoch.' };
  const unpermuted = at('unpermuted');
  return {
    ...base,
    verdict: restored.accuracy > 2 * permuted.accuracy ? 'holds' : 'fails',
    finding: `At epoch ${bestEpoch} the network gives ${percent(permuted.accuracy)} of the permuted images the label they are trained on and ${percent(restored.accuracy)} their true label${unpermuted === undefined ? '' : `; of the unpermuted images it gets ${percent(unpermuted.accuracy)} right`}.`,
  };
}

function memorizesLate(history: readonly HistoryRow[], bestEpoch: number | undefined): Claim {
  const base = { name: 'memorizesLate', aspect: 'when' as const, expectation: `Permuted accuracy passes ${memorizedAccuracy}, and only well after the best test epoch (three times as late).` };
  const permuted = ofSet(history, 'permuted');
  const last = permuted.at(-1);
  if (bestEpoch === undefined || last === undefined || permuted.length === 1) return { ...base, verdict: 'unknown', finding: 'The history has too few permuted accuracies to tell.' };
  const reached = permuted.find((row) => row.accuracy > memorizedAccuracy);
  if (reached === undefined) return { ...base, verdict: 'fails', finding: `The permuted labels are not memorized: their accuracy ends at ${formatValue(last.accuracy)}, epoch ${last.epoch}.` };
  return {
    ...base,
    verdict: reached.epoch >= 3 * bestEpoch && reached.epoch > bestEpoch ? 'holds' : 'fails',
    finding: `Permuted accuracy first passes ${memorizedAccuracy} at epoch ${reached.epoch} and ends at ${formatValue(last.accuracy)}.`,
  };
}

function ofSet(history: readonly HistoryRow[], set: string): HistoryRow[] {
  return history.filter((row) => row.set === set).sort((a, b) => a.epoch - b.epoch);
}

function percent(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(fraction < 0.1 ? 2 : 3))} %`;
}
