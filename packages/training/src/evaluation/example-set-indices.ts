import type { ExampleSet, LabelsRow } from '@memgeo/artifacts';

/** The examples of one set and the labels they are scored against. */
export type ScoredSet = { readonly set: ExampleSet; readonly indices: Int32Array; readonly labels: Int32Array };

/**
 * Lists the four example sets of the books, without those that are empty.
 *
 * An example whose permuted label happens to be its true one counts as neither permuted nor unpermuted, for it could not tell
 * memorization from generalization.
 */
export function exampleSetIndices(labels: readonly LabelsRow[]): ScoredSet[] {
  const train = labels.filter(({ split }) => split === 'train');
  const permuted = train.filter(({ trueLabel, assignedLabel }) => trueLabel !== assignedLabel);
  const choose = (set: ExampleSet, rows: readonly LabelsRow[], label: 'trueLabel' | 'assignedLabel'): ScoredSet => ({
    set, indices: Int32Array.from(rows, ({ exampleId }) => exampleId), labels: Int32Array.from(rows, (row) => row[label]),
  });
  return [
    choose('unpermuted', train.filter(({ isPermuted }) => !isPermuted), 'trueLabel'),
    choose('permuted', permuted, 'assignedLabel'),
    choose('restored', permuted, 'trueLabel'),
    choose('test', labels.filter(({ split }) => split === 'test'), 'trueLabel'),
  ].filter(({ indices }) => indices.length > 0);
}
