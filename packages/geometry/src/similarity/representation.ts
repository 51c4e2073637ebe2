import type { LabeledPoints } from '../points/labeled-points.js';
import { blockwiseGram } from '../points/blockwise-gram.js';
import { meanOfRows } from '../points/mean-of-rows.js';
import { dissimilarityRanks } from './dissimilarity-ranks.js';
import { groupMatrix, pairSums, type GroupedMatrix, type PairSums } from './group-sums.js';
import { shapeFactor, type ShapeFactor } from './shape-factor.js';

/** Ways to compare two representations of the same examples. */
export const similarityMethods = ['cka', 'ckaUnbiased', 'rsa', 'procrustes'] as const;
export type SimilarityMethod = (typeof similarityMethods)[number];

export type RepresentationOptions = {
  /** Methods that it will be compared by. Default all. */
  readonly methods?: readonly SimilarityMethod[];
  /** Largest batch of the unbiased CKA, at least 4. Default 256. */
  readonly batchSize?: number;
  /** Groups of the jackknife; below 2 there are no standard errors. Default 10. */
  readonly errorGroups?: number;
  /** Most examples that Procrustes compares, the first ones: its time grows with their cube. Default 250. */
  readonly procrustesExamples?: number;
};

/** A matrix over pairs of examples and its sums with itself. */
export type PairMatrix = { readonly grouped: GroupedMatrix; readonly ownSums: readonly (readonly PairSums[])[] };

/** What is kept of a representation of n examples to compare it with others: about 12 n^2 bytes. */
export type Representation = {
  readonly exampleCount: number;
  readonly groupCount: number;
  /** Whether all examples have the same activations. */
  readonly isConstant: boolean;
  readonly cka?: PairMatrix;
  readonly ckaUnbiased?: PairMatrix;
  /** Undefined if some example has the same value in all features. */
  readonly rsa?: PairMatrix | undefined;
  readonly procrustes?: ShapeFactor;
};

/**
 * Prepares a representation for comparisons: all of its own work is done here, once.
 *
 * @param points.data  Shape (any, features), float32 or float64, finite. Not modified.
 * @param rows  The examples: rows of the data, at least 2, in the order that all representations to compare share.
 * @throws RangeError if a value is not finite, there are fewer than 2 examples, or an option is out of its range.
 */
export function prepareRepresentation(points: Pick<LabeledPoints, 'data' | 'shape'>, rows: ArrayLike<number>, options: RepresentationOptions = {}): Representation {
  const { methods = similarityMethods, batchSize = 256, errorGroups = 10, procrustesExamples = 250 } = options;
  validate(points, rows, { batchSize, errorGroups, procrustesExamples });
  const { data, shape: [, features] } = points;
  const count = rows.length;
  const groupCount = errorGroups < 2 || count < 2 * errorGroups ? 1 : errorGroups;
  const mean = meanOfRows(data, features, rows);
  const gram = centeredGram(data, features, rows, mean);
  const meanSquare = mean.reduce((sum, x) => sum + x * x, 0);
  const isConstant = traceOf(gram, count) <= count * meanSquare * (count * Number.EPSILON) ** 2;
  const pairMatrix = (values: Float64Array | Float32Array, form: { blockCount: number; hasDiagonal: boolean }): PairMatrix => {
    const grouped = groupMatrix(values, count, { ...form, groupCount });
    return { grouped, ownSums: pairSums(grouped, grouped) };
  };
  const ranks = methods.includes('rsa') ? dissimilarityRanks(...innerProductsOverFeatures(gram, data, features, rows, mean)) : undefined;
  const firstRows = Array.from({ length: Math.min(count, procrustesExamples) }, (_, i) => rows[i]!);
  return {
    exampleCount: count,
    groupCount,
    isConstant,
    ...(methods.includes('cka') && { cka: pairMatrix(gram, { blockCount: 1, hasDiagonal: true }) }),
    ...(methods.includes('ckaUnbiased') && { ckaUnbiased: pairMatrix(gram, { blockCount: Math.ceil(count / batchSize), hasDiagonal: false }) }),
    ...(methods.includes('rsa') && { rsa: ranks && pairMatrix(ranks, { blockCount: 1, hasDiagonal: false }) }),
    ...(methods.includes('procrustes') && {
      procrustes: shapeFactor(firstRows.length === count ? gram : centeredGram(data, features, firstRows, meanOfRows(data, features, firstRows)), firstRows.length),
    }),
  };
}

function centeredGram(data: LabeledPoints['data'], features: number, rows: ArrayLike<number>, mean: Float64Array): Float64Array {
  return blockwiseGram((start, size) => {
    const block = new Float64Array(size * features);
    for (let i = 0; i < size; i++) for (let j = 0, k = rows[start + i]! * features; j < features; j++, k++) block[i * features + j] = data[k]! - mean[j]!;
    return block;
  }, rows.length, features);
}

/**
 * The inner products of examples each less its own mean over features, from those of examples less the mean example.
 *
 * Both are projections, of the two sides of the matrix, so one can be put in and the other taken out again by sums alone.
 */
function innerProductsOverFeatures(
  gram: Float64Array, data: LabeledPoints['data'], features: number, rows: ArrayLike<number>, mean: Float64Array,
): [Float64Array, number, { smallestNorm: number }] {
  const count = rows.length;
  const level = mean.reduce((sum, x) => sum + x, 0) / features;
  const profile = mean.map((x) => x - level);
  const [ownLevel, alongProfile] = [new Float64Array(count), new Float64Array(count)];
  let largest = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0, k = rows[i]! * features; j < features; j++, k++) {
      const x = data[k]! - mean[j]!;
      ownLevel[i]! += x / features;
      alongProfile[i]! += x * profile[j]!;
      largest = Math.max(largest, Math.abs(data[k]!));
    }
  }
  const profileSquare = profile.reduce((sum, x) => sum + x * x, 0);
  const inner = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      inner[i * count + j] = gram[i * count + j]! - features * ownLevel[i]! * ownLevel[j]! + (alongProfile[i]! + alongProfile[j]!) + profileSquare;
    }
  }
  // What rounding leaves of an example that is the same in all features.
  return [inner, count, { smallestNorm: 1e-7 * largest * Math.sqrt(features) }];
}

function traceOf(matrix: Float64Array, size: number): number {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += matrix[i * size + i]!;
  return trace;
}

function validate(
  { data, shape: [, features] }: Pick<LabeledPoints, 'data' | 'shape'>, rows: ArrayLike<number>,
  { batchSize, errorGroups, procrustesExamples }: { batchSize: number; errorGroups: number; procrustesExamples: number },
): void {
  if (rows.length < 2) throw new RangeError(`prepareRepresentation: rows must be at least 2 examples; got ${rows.length}.`);
  if (!(Number.isInteger(batchSize) && batchSize >= 4)) throw new RangeError(`prepareRepresentation: batchSize must be a whole number of at least 4; got ${batchSize}.`);
  if (!(Number.isInteger(errorGroups) && errorGroups >= 0)) throw new RangeError(`prepareRepresentation: errorGroups must be a whole number of at least 0; got ${errorGroups}.`);
  if (!(Number.isInteger(procrustesExamples) && procrustesExamples >= 2)) throw new RangeError(`prepareRepresentation: procrustesExamples must be a whole number of at least 2; got ${procrustesExamples}.`);
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < features; j++) {
      const value = data[rows[i]! * features + j];
      if (!Number.isFinite(value)) throw new RangeError(`prepareRepresentation: data must be finite; point ${rows[i]}, feature ${j} is ${value}. Did training diverge?`);
    }
  }
}
