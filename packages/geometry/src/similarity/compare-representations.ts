import { jackknifeError, type Estimate } from '../statistics/estimate.js';
import { pairSums, type PairSums } from './group-sums.js';
import type { PairMatrix, Representation } from './representation.js';
import { shapeCosines } from './shape-factor.js';

/** One comparison: an estimate over some examples, or NaN and the reason. */
export type Similarity = Estimate & { readonly exampleCount: number; readonly note?: string };

/**
 * Measures of similarity, in reading order; 1 means alike, but for `procrustesDistance`, 0.
 *
 * - `cka`: linear centered kernel alignment [kornblith2019similarity]. Unrelated representations of n examples have about
 *   root(p q / ((n + p)(n + q))) with p and q dimensions, not 0.
 * - `ckaUnbiased`: the same from unbiased estimates of HSIC, summed over batches [nguyen2021wide]; 0 for unrelated ones, and
 *   sometimes below.
 * - `rsa`: Spearman correlation of the dissimilarities 1 - Pearson of all pairs [kriegeskorte2008representational]. Changes with a
 *   rotation of features, unless it keeps their mean.
 * - `procrustesSimilarity`: the largest cosine that a rotation reaches; near 1 for anything with more dimensions than examples.
 * - `procrustesDistance`: its angle in radians, a metric [williams2021generalized].
 */
export const similarityMeasures = ['cka', 'ckaUnbiased', 'rsa', 'procrustesSimilarity', 'procrustesDistance'] as const;
export type SimilarityMeasure = (typeof similarityMeasures)[number];

const constant = 'All examples have the same activations on one side.';

/**
 * Compares two representations of the same examples by every method that both are prepared for.
 *
 * A representation compared with itself is exactly alike. Standard errors: jackknife over groups of examples, with everything centered
 * anew; for `rsa` the ranks are those of all examples.
 *
 * @param a, b  From prepareRepresentation(), with the same examples in the same order and the same options.
 * @throws RangeError if they have different numbers of examples.
 */
export function compareRepresentations(a: Representation, b: Representation): { readonly [measure in SimilarityMeasure]?: Similarity } {
  if (a.exampleCount !== b.exampleCount) throw new RangeError(`compareRepresentations: both must have the same examples; got ${a.exampleCount} and ${b.exampleCount}.`);
  const isConstant = a.isConstant || b.isConstant;
  return {
    ...(a.cka && b.cka && { cka: isConstant ? none(a, constant) : ofPairs(a.cka, b.cka, a, hsic, constant) }),
    ...(a.ckaUnbiased && b.ckaUnbiased && { ckaUnbiased: isConstant ? none(a, constant) : unbiasedCka(a.ckaUnbiased, b.ckaUnbiased, a) }),
    ...('rsa' in a && 'rsa' in b && { rsa: rsa(a, b, isConstant) }),
    ...procrustes(a, b, isConstant),
  };
}

/** Sum of products of two centered kernels. */
function hsic(blocks: readonly PairSums[]): number {
  return blocks.reduce((sum, { count, products, rowProducts, sumA, sumB }) => sum + products - (2 * rowProducts) / count + (sumA * sumB) / count ** 2, 0);
}

/** The unbiased estimator of HSIC [song2012feature], from kernels without their diagonal, summed over batches. */
function unbiasedHsic(blocks: readonly PairSums[]): number {
  return blocks.reduce((sum, { count: m, products, rowProducts, sumA, sumB }) =>
    sum + (products + (sumA * sumB) / ((m - 1) * (m - 2)) - (2 * rowProducts) / (m - 2)) / (m * (m - 3)), 0);
}

/** Covariance over the pairs, of ranks. */
function covariance(blocks: readonly PairSums[]): number {
  return blocks.reduce((sum, { count, products, sumA, sumB }) => sum + products - (sumA * sumB) / (count * (count - 1)), 0);
}

function unbiasedCka(a: PairMatrix, b: PairMatrix, of: Representation): Similarity {
  const smallest = Math.min(...a.grouped.blocks.map(([start, end]) => end - start));
  if (smallest < 4) return none(of, `Unbiased estimates need batches of at least 4 examples; one has ${smallest}.`);
  return ofPairs(a, b, of, unbiasedHsic, 'The examples are too few: an unbiased squared norm is not above 0.');
}

function rsa(a: Representation, b: Representation, isConstant: boolean): Similarity {
  if (isConstant) return none(a, constant);
  if (!a.rsa || !b.rsa) return none(a, 'An example has the same value in all features, so that its correlations are not defined.');
  if (a.exampleCount < 3) return none(a, `Ranks of pairs need at least 3 examples; there are ${a.exampleCount}.`);
  return ofPairs(a.rsa, b.rsa, a, covariance, 'All pairs of examples are equally dissimilar on one side.');
}

/** A cosine between matrices over pairs of examples, in an inner product given by sums. */
function ofPairs(a: PairMatrix, b: PairMatrix, of: Representation, inner: (blocks: readonly PairSums[]) => number, ifWithoutNorm: string): Similarity {
  const norms = [a, b].map(({ ownSums }) => inner(ownSums[0]!));
  if (!(norms[0]! > 0 && norms[1]! > 0)) return none(of, ifWithoutNorm);
  if (a === b) return { value: 1, standardError: 0, exampleCount: of.exampleCount };
  const [value, ...leftOut] = pairSums(a.grouped, b.grouped).map((sums, i) => inner(sums) / Math.sqrt(inner(a.ownSums[i]!) * inner(b.ownSums[i]!)));
  return { value: value!, standardError: of.groupCount < 2 ? Number.NaN : jackknifeError(leftOut), exampleCount: of.exampleCount };
}

function procrustes(a: Representation, b: Representation, isConstant: boolean): { readonly procrustesSimilarity?: Similarity; readonly procrustesDistance?: Similarity } {
  if (!a.procrustes || !b.procrustes) return {};
  const exampleCount = a.procrustes.count;
  if (isConstant || a.procrustes.rank === 0 || b.procrustes.rank === 0) {
    const nothing = { ...none(a, constant), exampleCount };
    return { procrustesSimilarity: nothing, procrustesDistance: nothing };
  }
  if (a === b) return { procrustesSimilarity: { value: 1, standardError: 0, exampleCount }, procrustesDistance: { value: 0, standardError: 0, exampleCount } };
  const groupCount = exampleCount < 2 * a.groupCount ? 0 : a.groupCount;
  const cosines = shapeCosines(a.procrustes, b.procrustes, { groupCount: groupCount < 2 ? 0 : groupCount }).map((cosine) => Math.min(1, cosine));
  const estimate = (values: readonly number[]): Similarity => ({ value: values[0]!, standardError: jackknifeError(values.slice(1)), exampleCount });
  return { procrustesSimilarity: estimate(cosines), procrustesDistance: estimate(cosines.map(Math.acos)) };
}

const none = ({ exampleCount }: Representation, note: string): Similarity => ({ value: Number.NaN, standardError: Number.NaN, exampleCount, note });
