import type { LearningRow } from '@memgeo/artifacts';
import { countUpTo } from '../learning/count-up-to.js';
import { overRuns, shareOf } from '../learning/interval.js';
import { learningRuns, learningSets, type LearningRun } from '../learning/learning-runs.js';
import type { Located } from '../rows/gather.js';
import { epochAxis } from './axes.js';
import { chooseEpochs } from './choose-epochs.js';
import type { ChartPanel, Figure, Line } from './figure.js';
import { describeImages, describeIntervals } from './learning-words.js';

/** With more epochs, only so many have a dot; they are spread on the scale of the axis. */
const mostEpochs = 60;

/**
 * Lays out which share of the images has been learned by each epoch: once at least, and for good.
 *
 * Epochs count from 1, the first that an image was trained in. Of runs that ended earlier, the last share stays.
 *
 * @param rows  Rows of learning tables; those of one set of coordinates are a run.
 * @param options.bestEpoch  Epoch of the best test accuracy, marked.
 * @returns a figure; undefined if there is no image of either set.
 */
export function learnedByEpoch(rows: readonly Located<LearningRow>[], { bestEpoch }: { bestEpoch?: number | undefined } = {}): Figure | undefined {
  const runs = learningRuns(rows);
  const last = rows.reduce((most, row) => Math.max(most, row.epochs), 0);
  if (last < 1 || runs.every((run) => learningSets.every((set) => run[set].length === 0))) return undefined;
  const epochs = chooseEpochs(Array.from({ length: last }, (_, index) => index + 1), { count: mostEpochs });
  const moments: ChartPanel['moments'] = bestEpoch === undefined ? [] : [{ x: bestEpoch, label: `best test, epoch ${bestEpoch}` }];
  const panel = (title: string, epochOf: (row: LearningRow) => number | null): ChartPanel => ({
    kind: 'chart', title, x: epochAxis(epochs), y: { label: 'Images (fraction)', domain: [0, 1] }, lines: learnedLines(runs, epochs, epochOf), levels: [], moments,
  });
  return {
    name: 'learned-by-epoch',
    title: 'When are images with true and with wrong labels learned?',
    caption: `Share of the training images that the network has given the label they are trained on, by epoch: once at least, and from then on in every epoch to the end. Each image is judged once an epoch, when training comes to it, just before the step that it is part of. Where the curves of permuted rise, wrong labels are learned by heart; what lies between the two panels was learned and forgotten again. Near the end the share for good rises by itself, since little time is left to forget. ${describeImages(runs)} ${describeIntervals(rows)}`,
    panels: [panel('Learned once', (row) => row.firstLearnedEpoch), panel('Learned for good', (row) => row.learnedForGoodEpoch)],
  };
}

function learnedLines(runs: readonly LearningRun[], epochs: readonly number[], epochOf: (row: LearningRow) => number | null): Line[] {
  return learningSets.flatMap((set): Line[] => {
    const ofRuns = runs.map((run) => run[set]).filter((images) => images.length > 0).map((images) => ({ count: images.length, learned: images.map(epochOf).filter((epoch) => epoch !== null).sort((a, b) => a - b) }));
    if (ofRuns.length === 0) return [];
    const points = epochs.map((epoch) => {
      const { value, lower, upper } = overRuns(ofRuns.map(({ count, learned }) => shareOf(countUpTo(learned, epoch), count)), [0, 1]);
      return { x: epoch, y: value, low: lower, high: upper };
    });
    return [{ set, points }];
  });
}
