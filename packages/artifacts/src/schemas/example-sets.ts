import type { LabelsRow } from './tables.js';

/**
 * The four sets of examples whose geometry is compared ([stephenson2021geometry, fig. 1A]).
 *
 * - `unpermuted`: training images whose label was left alone; manifolds by true label.
 * - `permuted`: training images whose label was permuted; manifolds by the assigned, wrong label.
 * - `restored`: the same images as `permuted`; manifolds by true label.
 * - `test`: held-out images; manifolds by true label.
 */
export const exampleSets = ['unpermuted', 'permuted', 'restored', 'test'] as const;
export type ExampleSet = (typeof exampleSets)[number];

/**
 * Whether an example belongs to a set.
 *
 * An example whose permuted label happens to be its true one belongs to neither `permuted` nor `unpermuted`, for it could not
 * tell memorization from generalization.
 */
export function isInExampleSet({ split, isPermuted, assignedLabel, trueLabel }: LabelsRow, set: ExampleSet): boolean {
  if (set === 'test' || split === 'test') return set === 'test' && split === 'test';
  return set === 'unpermuted' ? !isPermuted : isPermuted && assignedLabel !== trueLabel;
}

/** The label under which a set scores an example and forms its manifolds. */
export function labelInExampleSet({ assignedLabel, trueLabel }: LabelsRow, set: ExampleSet): number {
  return set === 'permuted' ? assignedLabel : trueLabel;
}
