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
