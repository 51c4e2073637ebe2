/** Accuracy on one example set at one epoch. */
export type SetAccuracy = { readonly set: string; readonly examples: number; readonly accuracy: number };

/**
 * Computes the accuracy on training examples by their assigned labels, wrong ones included, less that on test examples.
 *
 * Training examples are those of the sets unpermuted and permuted, so an example whose permuted label happens to be its true one does not count.
 *
 * @returns undefined if there are no training examples or no test examples.
 */
export function generalizationGap(accuracies: readonly SetAccuracy[]): number | undefined {
  const trained = accuracies.filter(({ set }) => set === 'unpermuted' || set === 'permuted');
  const test = accuracies.find(({ set }) => set === 'test');
  const examples = trained.reduce((sum, { examples }) => sum + examples, 0);
  if (test === undefined || examples === 0) return undefined;
  return trained.reduce((sum, { examples, accuracy }) => sum + examples * accuracy, 0) / examples - test.accuracy;
}
