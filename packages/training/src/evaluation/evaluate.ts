import type { HistoryRow } from '@memgeo/artifacts';
import { scoreLogits, type Examples, type Network } from '@memgeo/network';
import { gatherRows } from '@memgeo/numerics';
import type { ScoredSet } from './example-set-indices.js';

/** Scores a network on each set, in evaluation mode. Images that stand in two sets are run once. */
export async function evaluate(
  network: Network, examples: Examples, sets: readonly ScoredSet[], { epoch, learningRate }: { epoch: number; learningRate: number },
): Promise<HistoryRow[]> {
  const all = [...new Set(sets.flatMap(({ indices }) => [...indices]))];
  const positionOf = new Map(all.map((example, position) => [example, position]));
  const logits = await network.predict(examples, all);
  const { classCount } = network.description;
  return sets.map(({ set, indices, labels }) => {
    const own = gatherRows(logits, classCount, Array.from(indices, (example) => positionOf.get(example)!));
    return { epoch, set, examples: indices.length, ...scoreLogits(own, labels), learningRate };
  });
}
