import type { HistoryRow } from '@memgeo/artifacts';
import { sortSets } from '../rows/sets.js';
import { epochAxis, valueDomain } from './axes.js';
import type { ChartPanel, Figure, Line } from './figure.js';

/**
 * Lays out accuracy and loss of the example sets against the epoch.
 *
 * The band of an accuracy p over n examples is its binomial standard error, sqrt(p (1 - p) / n).
 *
 * @param rows  Rows of a history table, at least one.
 * @param options.bestEpoch  Epoch of the best test accuracy, marked in both panels.
 * @param options.classCount  Number of classes, for the chance line.
 */
export function accuracyByEpoch(rows: readonly HistoryRow[], { bestEpoch, classCount }: { bestEpoch?: number | undefined; classCount?: number | undefined } = {}): Figure {
  const x = epochAxis(rows.map((row) => row.epoch));
  const sets = sortSets(rows.map((row) => row.set));
  const line = (set: string, value: (row: HistoryRow) => number, error: (row: HistoryRow) => number | null): Line => ({
    set,
    points: rows.filter((row) => row.set === set && Number.isFinite(value(row))).sort((a, b) => a.epoch - b.epoch).map((row) => {
      const width = error(row);
      return { x: row.epoch, y: value(row), low: width === null ? null : Math.max(0, value(row) - width), high: width === null ? null : Math.min(1, value(row) + width) };
    }),
  });
  const accuracies = sets.map((set) => line(set, (row) => row.accuracy, binomialError));
  const losses = sets.map((set) => line(set, (row) => row.loss, () => null));
  const moments: ChartPanel['moments'] = bestEpoch === undefined ? [] : [{ x: bestEpoch, label: `best test, epoch ${bestEpoch}` }];
  const levels = classCount === undefined ? [] : [{ value: 1 / classCount, label: `chance 1/${classCount}` }];
  return {
    name: 'accuracy-by-epoch',
    title: 'When does the network learn, and when does it memorize?',
    caption: 'Accuracy and loss (mean cross-entropy) of each example set after each epoch, in evaluation mode. Permuted is scored against the assigned label: its accuracy is what was memorized. Restored is the same images scored against their true label. Bands: one binomial standard error.',
    panels: [
      { kind: 'chart', title: 'Accuracy', x, y: { label: 'Accuracy (fraction)', domain: [0, 1] }, lines: accuracies, levels, moments },
      { kind: 'chart', title: 'Loss', x, y: { label: 'Loss (nats)', domain: valueDomain(losses, { isFromZero: true }) }, lines: losses, levels: [], moments },
    ],
  };
}

/** Standard error of an accuracy; null for an empty set. */
export function binomialError({ accuracy, examples }: Pick<HistoryRow, 'accuracy' | 'examples'>): number | null {
  return examples > 0 ? Math.sqrt(Math.max(0, accuracy * (1 - accuracy)) / examples) : null;
}
