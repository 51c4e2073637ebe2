import type { HistoryRow } from '@memgeo/artifacts';

/**
 * Finds the epoch at which the test accuracy is highest, the first one if several tie.
 *
 * The test set picks the epoch, so the accuracy there is a little optimistic.
 *
 * @returns undefined if there are no rows of the set `test`.
 */
export function findBestEpoch(history: readonly HistoryRow[]): number | undefined {
  const test = history.filter((row) => row.set === 'test' && Number.isFinite(row.accuracy)).sort((a, b) => a.epoch - b.epoch);
  return test.length === 0 ? undefined : test.reduce((best, row) => (row.accuracy > best.accuracy ? row : best)).epoch;
}
