import { symmetricEigen } from '@memgeo/numerics';
import { meanOf, type Estimate } from '../statistics/estimate.js';
import { productsOfCenters, recenter, subMatrix, type ClassMeasure } from './class-subsets.js';
import { fractionOf } from './fraction.js';

/** Eigenvalues of the between-class covariance below this fraction of the largest count as zero. */
const smallestEigenvalue = 1e-3;

/**
 * Measures how small the spread within classes is in the directions that tell them apart: Tr(Sigma_W Sigma_B^+) / K, NC1 of
 * [papyan2020prevalence].
 *
 * Eigenvalues of Sigma_B below 1e-3 of the largest are left out of the pseudo-inverse. Classes count alike.
 */
export const withinClassVariability: ClassMeasure = (statistics, kept) => {
  const size = statistics.manifolds.length;
  const count = kept.length;
  const spread = new Float64Array(size * size);
  for (const k of kept) statistics.projectedCovariances[k]!.forEach((value, i) => { spread[i]! += value / count; });
  const within = recenter(subMatrix(spread, size, kept), count);
  // Sigma_B = M'M / K shares its eigenvalues g / K with M M' / K, whose eigenvectors u give those of Sigma_B as M'u / sqrt(g).
  const { values, vectors } = symmetricEigen(productsOfCenters(statistics, kept), count);
  if (!(values[0]! > 0)) return NaN;
  let sum = 0;
  for (let a = 0; a < count && values[a]! >= smallestEigenvalue * values[0]!; a++) {
    let along = 0;
    for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) along += vectors[a * count + i]! * within[i * count + j]! * vectors[a * count + j]!;
    sum += along / values[a]! ** 2;
  }
  return sum;
};

/**
 * Measures how far centers are from a simplex equiangular tight frame: | M M' / |M M'|_F - (I - 11'/K) / sqrt(K - 1) |_F with
 * globally centered M, NC2 of [papyan2020prevalence] in the form of [kothapalli2023neural]. 0 for the frame, at most sqrt(2).
 */
export const frameDistance: ClassMeasure = (statistics, kept) => {
  const count = kept.length;
  const products = productsOfCenters(statistics, kept);
  const norm = frobeniusNorm(products);
  let squares = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) squares += (products[i * count + j]! / norm - (Number(i === j) - 1 / count) / Math.sqrt(count - 1)) ** 2;
  }
  return Math.sqrt(squares);
};

/** Coefficient of variation of the norms of the centered centers, NC2 of [papyan2020prevalence]; 0 for equal norms. */
export const normVariation: ClassMeasure = (statistics, kept) => {
  const products = productsOfCenters(statistics, kept);
  const norms = kept.map((_, i) => Math.sqrt(products[i * kept.length + i]!));
  const { value: mean } = meanOf(norms);
  return standardDeviation(norms) / mean;
};

/** Standard deviation of the cosines between the centered centers, NC2 of [papyan2020prevalence]; 0 for equal angles. */
export const cosineSpread: ClassMeasure = (statistics, kept) => {
  const count = kept.length;
  const products = productsOfCenters(statistics, kept);
  const cosines: number[] = [];
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) cosines.push(products[i * count + j]! / Math.sqrt(products[i * count + i]! * products[j * count + j]!));
  }
  return standardDeviation(cosines);
};

/**
 * Measures how far the classifier's weights are from the centers: | W / |W|_F - M / |M|_F |_F, NC3 of [papyan2020prevalence].
 *
 * @param centered  Globally centered class centers, shape (classes, features).
 * @param weights  Weights of the last layer, one class per row in the same order, shape (classes, features).
 * @returns 0 if they agree up to a factor, sqrt(2) if they are orthogonal, 2 if opposite; NaN if either is zero.
 * @throws RangeError if sizes differ.
 */
export function selfDualityDistance(centered: ArrayLike<number>, weights: ArrayLike<number>): number {
  if (centered.length !== weights.length) throw new RangeError(`selfDualityDistance: weights must have as many elements as the centers, ${centered.length}; got ${weights.length}.`);
  const [a, b] = [frobeniusNorm(centered), frobeniusNorm(weights)];
  let squares = 0;
  for (let i = 0; i < centered.length; i++) squares += (centered[i]! / a - weights[i]! / b) ** 2;
  return Math.sqrt(squares);
}

/**
 * Measures the fraction of points for which the network decides otherwise than the nearest class center, NC4 of
 * [papyan2020prevalence]. The standard error is binomial over points.
 *
 * @throws RangeError if sizes differ.
 */
export function decisionMismatch(nearestCenters: ArrayLike<number>, decisions: ArrayLike<number>): Estimate {
  if (nearestCenters.length !== decisions.length) throw new RangeError(`decisionMismatch: decisions must have one entry for each of the ${nearestCenters.length} points; got ${decisions.length}.`);
  return fractionOf(Array.from(nearestCenters, (nearest, i) => nearest !== decisions[i]));
}

/** About the mean, over all values (not n - 1), as in the papers' code. */
function standardDeviation(values: readonly number[]): number {
  const { value: mean } = meanOf(values);
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
}

function frobeniusNorm(values: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i]! ** 2;
  return Math.sqrt(squares);
}
