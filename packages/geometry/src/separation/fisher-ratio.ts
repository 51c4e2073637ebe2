import { crossProducts, gramOfRows, invertPositive, type RandomStream } from '@memgeo/numerics';
import { groupByManifold, type LabeledPoints } from '../points/labeled-points.js';
import { exactly, jackknifeError, type Estimate } from '../statistics/estimate.js';
import { subtractMeanRow } from './class-statistics.js';
import { trace } from './class-subsets.js';
import { compactRows, transpose } from './compact-rows.js';

/**
 * Measures the Fisher discriminant ratio Tr(Sigma_W^-1 Sigma_B) with a regularized within-class covariance.
 *
 * Sigma_W is shrunk towards the multiple of the identity of the same trace: (1 - s) Sigma_W + s Tr(Sigma_W) / N, a ridge relative to
 * the trace. s is the oracle approximating shrinkage of [chen2010shrinkage]: near 0 with many points per feature, large with
 * few, where the plain inverse would not exist. For two isotropic classes the ratio is |mu_1 - mu_2|^2 / (4 sigma^2).
 * Weakness: centers of few points differ by sampling, which adds about N / M, so it compares only at equal numbers of points
 * and, roughly, of features. Beyond `limit` both of points and features it is measured in a random projection.
 *
 * @param options.limit  Size of the largest matrix to invert. Default 1000.
 * @param options.random  Stream of the projection.
 * @returns the ratio, its standard error by the jackknife over classes with Sigma_W held, NaN for fewer than 3; the shrinkage s,
 *   0 to 1; whether it was projected. NaN if there is no spread within classes.
 */
export function fisherRatio(points: LabeledPoints, { limit = 1000, random }: { limit?: number; random: RandomStream }): Estimate & { shrinkage: number; isProjected: boolean } {
  const groups = groupByManifold(points, 'fisherRatio');
  const { data, shape: [count, features] } = points;
  const { rows, width, isProjected } = compactRows({ count, width: features, rowAt: (i) => data.subarray(i * features, (i + 1) * features) }, { limit, random });
  const classCount = groups.length;
  const centers = new Float64Array(classCount * width);
  for (const [k, { rows: members }] of groups.entries()) {
    for (const row of members) for (let j = 0; j < width; j++) centers[k * width + j]! += rows[row * width + j]! / members.length;
    const weight = 1 / Math.sqrt(classCount * members.length);
    for (const row of members) for (let j = 0; j < width; j++) rows[row * width + j] = weight * (rows[row * width + j]! - centers[k * width + j]!);
  }
  const centered = subtractMeanRow(centers, classCount, width);
  const discrimination = inverseProducts(rows, centered, { count, width, classCount });
  if (discrimination === undefined) return { ...exactly(NaN), shrinkage: NaN, isProjected };
  const { products, shrinkage } = discrimination;
  const total = trace(products, classCount);
  const leftOut = groups.map((_, k) => {
    // Tr(H F H) of the classes that remain; the rows of F sum to 0 because the centers do.
    const own = products[k * classCount + k]!;
    return (total - own - own / (classCount - 1)) / (classCount - 1);
  });
  return { value: total / classCount, standardError: classCount < 3 ? NaN : jackknifeError(leftOut), shrinkage, isProjected };
}

/** M S^-1 M' for the shrunk S = (1 - s) Z'Z + s t I, by the smaller of Z'Z and Z Z'. Z: shape (count, width). */
function inverseProducts(
  Z: Float64Array, M: Float64Array, { count, width, classCount }: { count: number; width: number; classCount: number },
): { products: Float64Array; shrinkage: number } | undefined {
  const isPrimal = width <= count;
  const size = isPrimal ? width : count;
  const gram = isPrimal ? gramOfRows(transpose(Z, count, width), width, count) : gramOfRows(Z, count, width);
  const sum = trace(gram, size);
  if (!(sum > 0)) return undefined;
  const squares = gram.reduce((total, x) => total + x * x, 0);
  const shrinkage = approximateShrinkage({ sum, squares, features: width, freedom: count - classCount });
  const ridge = (shrinkage * sum) / width;
  const shrunk = gram.map((value, i) => (1 - shrinkage) * value + (i % (size + 1) === 0 ? ridge : 0));
  const inverse = invertPositive(shrunk, size);
  if (inverse === undefined) return undefined;
  if (isPrimal) return { products: crossProducts(crossProducts(M, classCount, inverse, size, size), classCount, M, classCount, size), shrinkage };
  const along = crossProducts(M, classCount, Z, count, width);
  const removed = crossProducts(crossProducts(along, classCount, inverse, size, size), classCount, along, classCount, size);
  return { products: gramOfRows(M, classCount, width).map((value, i) => (value - (1 - shrinkage) * removed[i]!) / ridge), shrinkage };
}

/** [chen2010shrinkage, eq. 23], with the degrees of freedom for the number of samples. */
function approximateShrinkage({ sum, squares, features, freedom }: { sum: number; squares: number; features: number; freedom: number }): number {
  const excess = squares - sum ** 2 / features;
  if (excess <= 1e-12 * squares || freedom < 1) return 1;
  return Math.min(1, ((1 - 2 / features) * squares + sum ** 2) / ((freedom + 1 - 2 / features) * excess));
}
