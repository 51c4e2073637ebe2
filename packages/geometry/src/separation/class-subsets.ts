import { exactly, jackknifeError, type Estimate } from '../statistics/estimate.js';
import type { ClassStatistics } from './class-statistics.js';

/** A number measured of some of the classes, given by index. NaN if there is none. */
export type ClassMeasure = (statistics: ClassStatistics, kept: readonly number[]) => number;

/** Most groups of classes that the jackknife leaves out in turn. */
const jackknifeGroups = 20;

/**
 * Measures all classes, with the standard error by the jackknife over classes.
 *
 * One class is left out at a time; of more than 20 classes, one of 20 groups of them.
 *
 * @param options.fewest  Fewest classes of which the measure says something. Default 2.
 * @returns the standard error is NaN if leaving a class out leaves fewer.
 */
export function estimateOverClasses(statistics: ClassStatistics, measure: ClassMeasure, { fewest = 2 }: { fewest?: number } = {}): Estimate {
  const classes = statistics.manifolds.map((_, k) => k);
  const value = measure(statistics, classes);
  if (classes.length <= fewest || !Number.isFinite(value)) return exactly(value);
  const groups = Math.min(jackknifeGroups, classes.length);
  const leftOut = Array.from({ length: groups }, (_, group) => measure(statistics, classes.filter((k) => k % groups !== group)));
  return { value, standardError: jackknifeError(leftOut) };
}

/** Products of some centers less their mean, shape (kept, kept). */
export function productsOfCenters({ centeredProducts, manifolds }: ClassStatistics, kept: readonly number[]): Float64Array {
  return recenter(subMatrix(centeredProducts, manifolds.length, kept), kept.length);
}

/** The rows and columns of some classes of a matrix (K, K). */
export function subMatrix(matrix: Float64Array, size: number, kept: readonly number[]): Float64Array {
  if (kept.length === size) return matrix;
  const part = new Float64Array(kept.length ** 2);
  kept.forEach((row, i) => kept.forEach((column, j) => { part[i * kept.length + j] = matrix[row * size + column]!; }));
  return part;
}

/** Products of vectors to products of the same vectors less their mean: H G H with H = I - 11'/K. */
export function recenter(products: Float64Array, size: number): Float64Array {
  const rowMeans = new Float64Array(size);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) rowMeans[i]! += products[i * size + j]! / size;
  const mean = rowMeans.reduce((sum, x) => sum + x / size, 0);
  const centered = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) centered[i * size + j] = centered[j * size + i] = products[i * size + j]! - rowMeans[i]! - rowMeans[j]! + mean;
  }
  return centered;
}

export function trace(matrix: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += matrix[i * size + i]!;
  return sum;
}
