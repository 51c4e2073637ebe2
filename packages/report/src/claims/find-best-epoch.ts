import type { HistoryRow } from '@memgeo/artifacts';
import { groupBy } from '../rows/average.js';

/**
 * Finds the epoch at which the test accuracy is highest, the first one if several tie.
 *
 * The test set picks the epoch, so the accuracy there is a little optimistic.
 *
 * @param history  Rows of one run, or of several: then their mean counts.
 * @returns undefined if there are no rows of the set `test`.
 */
export function findBestEpoch(history: readonly HistoryRow[]): number | undefined {
  const accuracies = groupBy(history.filter((row) => row.set === 'test' && Number.isFinite(row.accuracy)), (row) => row.epoch);
  const means = [...accuracies].map(([epoch, rows]) => ({ epoch, accuracy: rows.reduce((sum, row) => sum + row.accuracy, 0) / rows.length })).sort((a, b) => a.epoch - b.epoch);
  return means.length === 0 ? undefined : means.reduce((best, row) => (row.accuracy > best.accuracy ? row : best)).epoch;
}
