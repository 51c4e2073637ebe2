import { gatherRows } from '@memgeo/numerics';
import { scoreLogits } from '../training/cross-entropy.js';
import type { Examples } from './examples.js';
import type { Network } from './network.js';

/**
 * Scores a network on several sets of examples, in evaluation mode. Images that stand in two sets are run once.
 *
 * @param sets  Examples of each set and the class each is scored against.
 * @param options.predict  Computes logits of examples, as {@link Network.predict}, which it is by default.
 * @returns for each set its mean cross-entropy in nats, and the fraction that is given its label.
 */
export async function scoreSets(
  network: Network, examples: Examples, sets: readonly { readonly indices: ArrayLike<number>; readonly labels: ArrayLike<number> }[],
  { predict = (indices) => network.predict(examples, indices) }: { predict?: (indices: readonly number[]) => Promise<Float32Array> } = {},
): Promise<{ loss: number; accuracy: number }[]> {
  const all = [...new Set(sets.flatMap(({ indices }) => Array.from(indices)))];
  const positionOf = new Map(all.map((example, position) => [example, position]));
  const logits = await predict(all);
  const { classCount } = network.description;
  return sets.map(({ indices, labels }) => scoreLogits(gatherRows(logits, classCount, Array.from(indices, (example) => positionOf.get(example)!)), labels));
}
