import { expect, test } from '@jest/globals';
import { exampleSets, isInExampleSet, labelInExampleSet, type LabelsRow } from '../../src/index.js';

const row = (split: string, isPermuted: boolean, assignedLabel: number): LabelsRow => ({ exampleId: 0, split, trueLabel: 1, assignedLabel, isPermuted });

test.each([
  ['left alone', row('train', false, 1), ['unpermuted']],
  ['permuted', row('train', true, 2), ['permuted', 'restored']],
  ['permuted to its own label', row('train', true, 1), []],
  ['held out', row('test', false, 1), ['test']],
])('an example that is %s belongs to its sets', (_, example, sets) => {
  expect(exampleSets.filter((set) => isInExampleSet(example, set))).toEqual(sets);
});

test('only the permuted set goes by the assigned label', () => {
  expect(exampleSets.map((set) => labelInExampleSet(row('train', true, 2), set))).toEqual([1, 2, 1, 1]);
});
