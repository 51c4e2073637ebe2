import type { HistoryRow } from '@memgeo/artifacts';
import type { Located } from '../rows/gather.js';
import { sortSets } from '../rows/sets.js';
import { epochAxis, valueDomain } from './axes.js';
import type { ChartPanel, Figure, Line } from './figure.js';
import { countRuns, linePoints } from './line-points.js';

/**
 * Lays out accuracy and loss of the example sets against the epoch: of one run, or means over several.
 *
 * The band of one accuracy p over n examples is its binomial standard error, sqrt(p (1 - p) / n); that of several runs their
 * standard deviation.
 *
 * @param rows  Rows of history tables, at least one; those of one epoch and set are repeats.
 * @param options.bestEpoch  Epoch of the best test accuracy, marked in both panels.
 * @param options.classCount  Number of classes, for the chance line.
 */
export function accuracyByEpoch(rows: readonly Located<HistoryRow>[], { bestEpoch, classCount }: { bestEpoch?: number | undefined; classCount?: number | undefined } = {}): Figure {
  const x = epochAxis(rows.map((row) => row.epoch));
  const runs = countRuns(rows);
  const accuracies = accuracyLines(rows);
  const losses = linesBySet(rows, (row) => ({ value: row.loss }), [0, Infinity]);
  const moments: ChartPanel['moments'] = bestEpoch === undefined ? [] : [{ x: bestEpoch, label: `best test, epoch ${bestEpoch}` }];
  const bands = runs > 1 ? `Lines are means over ${runs} runs (seeds), bands their standard deviation.` : 'Bands: one binomial standard error.';
  return {
    name: 'accuracy-by-epoch',
    title: 'When does the network learn, and when does it memorize?',
    caption: `Accuracy and loss (mean cross-entropy) of each example set after each epoch, in evaluation mode. Permuted is scored against the assigned label: its accuracy is what was memorized. Restored is the same images scored against their true label. ${bands}`,
    panels: [
      { kind: 'chart', title: 'Accuracy', x, y: { label: 'Accuracy (fraction)', domain: [0, 1] }, lines: accuracies, levels: chanceAccuracy(classCount), moments },
      { kind: 'chart', title: 'Loss', x, y: { label: 'Loss (nats)', domain: valueDomain(losses, { isFromZero: true }) }, lines: losses, levels: [], moments },
    ],
  };
}

/** One line of accuracies per example set. */
export function accuracyLines(rows: readonly HistoryRow[]): Line[] {
  return linesBySet(rows, (row) => ({ value: row.accuracy, standardError: binomialError(row) }), [0, 1]);
}

/** The accuracy of guessing among classes, as a level; none if their number is unknown. */
export function chanceAccuracy(classCount: number | undefined): ChartPanel['levels'] {
  return classCount === undefined ? [] : [{ value: 1 / classCount, label: `chance 1/${classCount}` }];
}

/** Standard error of an accuracy; null for an empty set. */
export function binomialError({ accuracy, examples }: Pick<HistoryRow, 'accuracy' | 'examples'>): number | null {
  return examples > 0 ? Math.sqrt(Math.max(0, accuracy * (1 - accuracy)) / examples) : null;
}

function linesBySet(rows: readonly HistoryRow[], measured: (row: HistoryRow) => { value: number; standardError?: number | null }, [lowest, highest]: readonly [number, number]): Line[] {
  return sortSets(rows.map((row) => row.set)).map((set) => {
    const repeats = rows.filter((row) => row.set === set).map((row) => ({ epoch: row.epoch, ...measured(row) }));
    const clip = (value: number | null): number | null => (value === null ? null : Math.max(lowest, Math.min(highest, value)));
    return { set, points: linePoints(repeats, (row) => row.epoch).map((point) => ({ ...point, low: clip(point.low), high: clip(point.high) })) };
  });
}
