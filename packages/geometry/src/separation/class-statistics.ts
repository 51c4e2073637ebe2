import { crossProducts, gramOfRows } from '@memgeo/numerics';
import { groupByManifold, type LabeledPoints } from '../points/labeled-points.js';

/**
 * All that measures of separation need to know of a cloud: sizes of classes squared, but none of features squared.
 *
 * K is the number of classes, mu_k the center of class k, g the mean of the centers, m_k = mu_k - g.
 */
export type ClassStatistics = {
  /** The classes, ascending, shape (K). */
  readonly manifolds: readonly number[];
  readonly counts: readonly number[];
  readonly features: number;
  /** mu_k, shape (K, features). */
  readonly centers: Float64Array;
  /** m_k, shape (K, features). */
  readonly centered: Float64Array;
  /** mu_j . mu_k, shape (K, K). */
  readonly centerProducts: Float64Array;
  /** m_j . m_k, shape (K, K). */
  readonly centeredProducts: Float64Array;
  /** Mean squared distance of the points of a class from their center, shape (K). */
  readonly variances: Float64Array;
  /** m_i' C_k m_j with the covariance C_k of class k, shape (K, K) for each k. */
  readonly projectedCovariances: readonly Float64Array[];
  /** Mean squared norm of the points, classes weighted alike: the scale against which anything is small. */
  readonly meanSquare: number;
  /** The class, as index, whose center is nearest to a point, shape (points). */
  readonly nearest: Int32Array;
  /**
   * The same with the point left out of its own center, and each squared distance less what the sampling error of that center adds
   * to it, so that no class is preferred where there is no structure; -1 if the point is the only one of its class.
   */
  readonly nearestHeldOut: Int32Array;
  /** The class of each point, as index, shape (points). */
  readonly classOf: Int32Array;
};

/** Rows copied to float64 at once. */
const rowsAtOnce = 256;

/** Takes the statistics in two passes over the data, with a float64 copy of a few rows at a time. */
export function classStatistics(points: LabeledPoints, caller: string): ClassStatistics {
  const { data, shape: [count, features] } = points;
  const groups = groupByManifold(points, caller);
  const classCount = groups.length;
  const centers = new Float64Array(classCount * features);
  let meanSquare = 0;
  for (const [k, { rows }] of groups.entries()) {
    let squares = 0;
    for (const row of rows) {
      for (let j = 0; j < features; j++) {
        const value = data[row * features + j]!;
        centers[k * features + j]! += value / rows.length;
        squares += value * value;
      }
    }
    meanSquare += squares / rows.length / classCount;
  }
  const centered = subtractMeanRow(centers, classCount, features);
  const centeredProducts = gramOfRows(centered, classCount, features);
  const [variances, classOf, squares] = [new Float64Array(classCount), new Int32Array(count), new Float64Array(count)];
  const along = new Float64Array(count * classCount);
  const projectedCovariances: Float64Array[] = [];
  for (const [k, { rows }] of groups.entries()) {
    const projections = new Float64Array(classCount * rows.length);
    for (let start = 0; start < rows.length; start += rowsAtOnce) {
      const block = rows.subarray(start, start + rowsAtOnce);
      const deviations = new Float64Array(block.length * features);
      block.forEach((row, i) => {
        for (let j = 0; j < features; j++) {
          const deviation = data[row * features + j]! - centers[k * features + j]!;
          deviations[i * features + j] = deviation;
          squares[row]! += deviation * deviation;
        }
        variances[k]! += squares[row]! / rows.length;
        classOf[row] = k;
      });
      const products = crossProducts(deviations, block.length, centered, classCount, features);
      block.forEach((row, i) => {
        for (let j = 0; j < classCount; j++) along[row * classCount + j] = projections[j * rows.length + start + i] = products[i * classCount + j]!;
      });
    }
    projectedCovariances.push(gramOfRows(projections, classCount, rows.length).map((sum) => sum / rows.length));
  }
  const counts = groups.map(({ rows }) => rows.length);
  return {
    manifolds: groups.map(({ manifold }) => manifold), counts, features, centers, centered,
    centerProducts: gramOfRows(centers, classCount, features), centeredProducts, variances, projectedCovariances, meanSquare, classOf,
    ...nearestCenters({ counts, variances, classOf, squares, along, centeredProducts }),
  };
}

/** Subtracts the mean of the rows of a matrix from each; returns a copy. */
export function subtractMeanRow(rows: Float64Array, count: number, width: number): Float64Array {
  const mean = new Float64Array(width);
  for (let i = 0; i < count; i++) for (let j = 0; j < width; j++) mean[j]! += rows[i * width + j]! / count;
  return rows.map((value, i) => value - mean[i % width]!);
}

/** Finds the nearest centers from |x - mu_j|^2 = |d|^2 + 2 d.(m_k - m_j) + |m_k - m_j|^2, with d = x - mu_k. */
function nearestCenters({ counts, variances, classOf, squares, along, centeredProducts: products }: {
  counts: readonly number[]; variances: Float64Array; classOf: Int32Array; squares: Float64Array; along: Float64Array; centeredProducts: Float64Array;
}): { nearest: Int32Array; nearestHeldOut: Int32Array } {
  const size = counts.length;
  // The expected squared distance of a center from that of ever more points: unbiased variance / n.
  const errors = counts.map((n, k) => (n > 1 ? variances[k]! / (n - 1) : 0));
  const closest = (row: number, ownSquare: number, corrections?: readonly number[]): number => {
    const own = classOf[row]!;
    let [best, least] = [own, ownSquare];
    for (let j = 0; j < size; j++) {
      if (j === own) continue;
      const between = products[own * size + own]! - 2 * products[own * size + j]! + products[j * size + j]!;
      const distance = squares[row]! + 2 * (along[row * size + own]! - along[row * size + j]!) + between - (corrections?.[j] ?? 0);
      if (distance < least) [best, least] = [j, distance];
    }
    return best;
  };
  return {
    nearest: classOf.map((_, row) => closest(row, squares[row]!)),
    nearestHeldOut: classOf.map((own, row) => {
      const n = counts[own]!;
      // Without the point its center moves away from it by 1 / (n - 1), and its error grows by n / (n - 1).
      return n > 1 ? closest(row, squares[row]! * (n / (n - 1)) ** 2 - (errors[own]! * n) / (n - 1), errors) : -1;
    }),
  };
}
