import { isInExampleSet, type LearningRow } from '@memgeo/artifacts';
import { groupBy } from '../rows/average.js';
import type { Located } from '../rows/gather.js';

/** Training images with their true label, and with a wrong one. */
export const learningSets = ['unpermuted', 'permuted'] as const;
export type LearningSet = (typeof learningSets)[number];

/** The images of one run by set; a set may be empty. */
export type LearningRun = { readonly [set in LearningSet]: readonly LearningRow[] };

/** The set that a training image counts to; undefined for one that was permuted and kept its label, which tells nothing. */
export function learningSetOf(row: LearningRow): LearningSet | undefined {
  return learningSets.find((set) => isInExampleSet({ ...row, split: 'train' }, set));
}

/** Parts the rows of learning tables by run and set. */
export function learningRuns(rows: readonly Located<LearningRow>[]): LearningRun[] {
  const runs = [...groupBy(rows, ({ coordinates }) => JSON.stringify(coordinates ?? null)).values()];
  return runs.map((run) => {
    const sets = groupBy(run, learningSetOf);
    return { unpermuted: sets.get('unpermuted') ?? [], permuted: sets.get('permuted') ?? [] };
  });
}
