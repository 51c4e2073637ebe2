import type { LearningRow } from '@memgeo/artifacts';
import type { LearningRun } from '../learning/learning-runs.js';
import type { Located } from '../rows/gather.js';
import { countRuns, differInSeedsOnly } from './line-points.js';

/** What values and bands of a figure of images are, in a sentence. */
export function describeIntervals(rows: readonly Located<LearningRow>[], { marks = 'bands' }: { marks?: string } = {}): string {
  const runs = countRuns(rows);
  return runs > 1 ? `Means over ${runs} ${differInSeedsOnly(rows) ? 'seeds' : 'runs'}; ${marks}: 95 % intervals over them.` : `One run; ${marks}: 95 % intervals over images.`;
}

/** Images of a run by set, as in "1440 unpermuted and 1440 permuted images." */
export function describeImages(runs: readonly LearningRun[]): string {
  const counts = (['unpermuted', 'permuted'] as const).map((set) => ({ set, of: runs.map((run) => run[set].length).sort((a, b) => a - b) })).filter(({ of }) => of.at(-1)! > 0);
  return `${counts.map(({ set, of }) => `${of[0] === of.at(-1) ? of[0] : `${of[0]} to ${of.at(-1)}`} ${set}`).join(' and ')} images${runs.length > 1 ? ' a run' : ''}.`;
}
