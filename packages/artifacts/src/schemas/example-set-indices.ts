import { exampleSets, isInExampleSet, labelInExampleSet, type ExampleSet } from './example-sets.js';
import type { LabelsRow } from './tables.js';

/** The examples of one set and the labels they are scored against. */
export type ScoredSet = { readonly set: ExampleSet; readonly indices: Int32Array; readonly labels: Int32Array };

/** Lists the four example sets of the books, without those that are empty. */
export function exampleSetIndices(labels: readonly LabelsRow[]): ScoredSet[] {
  return exampleSets.map((set) => {
    const rows = labels.filter((row) => isInExampleSet(row, set));
    return { set, indices: Int32Array.from(rows, ({ exampleId }) => exampleId), labels: Int32Array.from(rows, (row) => labelInExampleSet(row, set)) };
  }).filter(({ indices }) => indices.length > 0);
}

/** The label that each example is taught as, by example, in whatever order the books are. */
export function assignedLabels(labels: readonly LabelsRow[], exampleCount: number): Int32Array {
  const assigned = new Int32Array(exampleCount);
  for (const { exampleId, assignedLabel } of labels) assigned[exampleId] = assignedLabel;
  return assigned;
}
