import { gatherRows } from '@memgeo/numerics';
import { scoreLogits } from '../training/cross-entropy.js';
import type { Examples } from './examples.js';
import type { Network } from './network.js';

/**
 * Scores a network on several sets of examples, in evaluation mode. Images that stand in two sets are run once.
 *
 * @param sets  Examples of each set and the class each is scored against.
 * @returns for each set its mean cross-entropy in nats, and the fraction that is given its label.
 */
export async function scoreSets(
  network: Network, examples: Examples, sets: readonly { readonly indices: ArrayLike<number>; readonly labels: ArrayLike<number> }[],
): Promise<{ loss: number; accuracy: number }[]> {
  const all = [...new Set(sets.flatMap(({ indices }) => Array.from(indices)))];
  const positionOf = new Map(all.map((example, position) => [example, position]));
  const logits = await network.predict(examples, all);
  const { classCount } = network.description;
  return sets.map(({ indices, labels }) => scoreLogits(gatherRows(logits, classCount, Array.from(indices, (example) => positionOf.get(example)!)), labels));
}
