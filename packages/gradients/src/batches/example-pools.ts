import { randomStream, type RandomStream } from '@memgeo/numerics';
import { equitableParts, type LabelPairs } from './equitable-parts.js';

/** The examples of one set and the labels it gives them. */
export type LabeledSet = { readonly set: string; readonly indices: ArrayLike<number>; readonly labels: ArrayLike<number> };

/** Images that one or more sets share, divided into batches. */
export type ExamplePool = {
  /** Each set with the label of each image of the pool, by position. */
  readonly sets: readonly { readonly set: string; readonly labels: Int32Array }[];
  /** Which examples. */
  readonly indices: Int32Array;
  /** Positions in `indices`, by batch. */
  readonly batches: readonly Int32Array[];
};

/** Most parts into which a pool that is too large is divided before some of them are kept. */
const choiceParts = 64;

/**
 * Gathers sets with the same images into pools, caps their size, and divides each into batches.
 *
 * Every batch, and what a cap leaves, has the labels of the pool in equal proportions as far as they divide, under two labelings of the
 * same images at once. A batch's labels are then centered as those of its set are, and products of gradients of different batches
 * carry no trace of the mean over images.
 *
 * @param options.examplesPerSet  Most images of a pool.
 * @param options.batches  Batches of a pool; fewer if they would have less than 2 images.
 * @throws RangeError if sets have the same images in another order, or more than two labelings.
 */
export function examplePools(sets: readonly LabeledSet[], options: { examplesPerSet: number; batches: number; seed: number }): ExamplePool[] {
  const groups: LabeledSet[][] = [];
  for (const own of sets) {
    const group = groups.find(([first]) => isSame(first!.indices, own.indices));
    if (group) group.push(own);
    else groups.push([own]);
  }
  return groups.map((group) => {
    if (group.length > 2) throw new RangeError(`examplePools: the same images may stand in two sets; ${group.map(({ set }) => set).join(', ')} have them.`);
    const random = randomStream(options.seed, 'gradients/split', 'batches', ...group.map(({ set }) => set));
    const pairsOf = (positions: readonly number[]) => {
      const [first, second] = [group[0]!, group.at(-1)!].map(({ labels }) => positions.map((position) => labels[position]!));
      return { first: first!, second: second! };
    };
    const kept = choose(Array.from({ length: group[0]!.indices.length }, (_, position) => position), { most: options.examplesPerSet, pairsOf, random });
    const count = Math.max(1, Math.min(options.batches, Math.floor(kept.length / 2)));
    const batchOf = equitableParts(pairsOf(kept), count, random);
    return {
      sets: group.map(({ set, labels }) => ({ set, labels: Int32Array.from(kept, (position) => labels[position]!) })),
      indices: Int32Array.from(kept, (position) => group[0]!.indices[position]!),
      batches: Array.from({ length: count }, (_, batch) => Int32Array.from(kept.keys()).filter((i) => batchOf[i] === batch)).filter(({ length }) => length > 0),
    };
  });
}

/** Keeps some parts of an equitable division in which each part can have every class; single items only if there are too few for that. */
function choose(positions: readonly number[], { most, pairsOf, random }: { most: number; pairsOf: (positions: readonly number[]) => LabelPairs; random: RandomStream }): readonly number[] {
  if (positions.length <= most) return positions;
  const pairs = pairsOf(positions);
  const parts = Math.min(choiceParts, Math.floor(positions.length / new Set(Array.from(pairs.first)).size));
  const share = Math.floor((parts * most) / positions.length);
  if (share === 0 && parts < choiceParts) return random.shuffle([...positions]).slice(0, most).sort((a, b) => a - b);
  const partOf = equitableParts(pairs, parts, random);
  return choose(positions.filter((_, i) => partOf[i]! < Math.max(1, share)), { most, pairsOf, random });
}

function isSame(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i]);
}
