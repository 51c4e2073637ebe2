import type { LearningRow } from '@memgeo/artifacts';
import { meanOfImages, overRuns, shareOf, type Interval } from '../learning/interval.js';
import { learningRuns, learningSets } from '../learning/learning-runs.js';
import type { Located } from '../rows/gather.js';
import type { Figure } from './figure.js';
import { describeImages, describeIntervals } from './learning-words.js';

type Statistic = { readonly name: string; readonly of: (images: readonly LearningRow[]) => Interval; readonly range: readonly [number, number] };

const share = (isCounted: (row: LearningRow) => boolean) => (images: readonly LearningRow[]): Interval => shareOf(images.filter(isCounted).length, images.length);

const statistics: readonly Statistic[] = [
  { name: 'Forgetting events (mean)', of: (images) => meanOfImages(images.map((row) => row.forgettingEvents)), range: [0, Infinity] },
  { name: 'Never forgotten (share)', of: share(isNeverForgotten), range: [0, 1] },
  { name: 'Never learned (share)', of: share((row) => row.firstLearnedEpoch === null), range: [0, 1] },
];

/** Whether an image was learned, and in every epoch since [toneva2019empirical]; one that was never learned can't be forgotten. */
export function isNeverForgotten({ firstLearnedEpoch, forgettingEvents }: LearningRow): boolean {
  return firstLearnedEpoch !== null && forgettingEvents === 0;
}

/**
 * Lays out as a table how often images with true and with wrong labels are forgotten [toneva2019empirical].
 *
 * @param rows  Rows of learning tables; those of one set of coordinates are a run.
 * @returns a figure; undefined if there is no image of either set.
 */
export function forgetting(rows: readonly Located<LearningRow>[]): Figure | undefined {
  const runs = learningRuns(rows);
  const sets = learningSets.filter((set) => runs.some((run) => run[set].length > 0));
  if (sets.length === 0) return undefined;
  return {
    name: 'forgetting',
    title: 'Are wrong labels forgotten more often than true ones?',
    caption: `A forgetting event: an image that was given its label in one epoch is not in the next. Never forgotten are images that were learned and given their label ever since. More events say that images are held less firmly. ${describeImages(runs)} ${describeIntervals(rows, { marks: 'ranges' })}`,
    panels: [{
      kind: 'table', title: 'Forgetting', label: 'Events per image, share of images', rowLabel: 'Statistic', columns: sets.map((set) => ({ name: set, set })),
      rows: statistics.map(({ name, of, range }) => ({ name, cells: sets.map((set) => overRuns(runs.map((run) => run[set]).filter((images) => images.length > 0).map(of), range)) })),
    }],
  };
}
