import { addScaled, gramOfRows, orthonormalize } from '@memgeo/numerics';
import type { LabeledPoints } from '../points/labeled-points.js';

/** Class centers, globally centered, in the features and in a basis of their span. */
export type ClassCenters = {
  /** Mean of all points, shape (features). */
  readonly globalMean: Float64Array;
  /** Inner products of the centers less their mean, shape (count, count). */
  readonly gram: Float64Array;
  /** Orthonormal basis of their span, shape (dimension, features). */
  readonly basis: Float64Array;
  /** Centers in that basis, shape (count, dimension). */
  readonly coordinates: Float64Array;
  readonly dimension: number;
};

/** Computes the centers of manifolds and centers them on their unweighted mean. */
export function classCenters(points: LabeledPoints, groups: readonly { rows: Int32Array }[]): ClassCenters {
  const { data, shape: [pointCount, features] } = points;
  const count = groups.length;
  const globalMean = new Float64Array(features);
  const centers = new Float64Array(count * features);
  groups.forEach(({ rows }, p) => {
    const center = centers.subarray(p * features, (p + 1) * features);
    for (const row of rows) addRow(center, data, row * features);
    for (let j = 0; j < features; j++) {
      globalMean[j]! += center[j]! / pointCount;
      center[j]! /= rows.length;
    }
  });
  const mean = new Float64Array(features);
  for (let p = 0; p < count; p++) addScaled(mean, 0, 1 / count, centers, p * features, features);
  for (let p = 0; p < count; p++) addScaled(centers, p * features, -1, mean, 0, features);
  const { basis, coordinates, rank } = orthonormalize(centers, count, features);
  const compact = new Float64Array(count * rank);
  for (let p = 0; p < count; p++) compact.set(coordinates.subarray(p * count, p * count + rank), p * rank);
  return { globalMean, gram: gramOfRows(centers, count, features), basis, coordinates: compact, dimension: rank };
}

/** A loop of its own, small enough to be compiled well. */
function addRow(sum: Float64Array, data: Float32Array | Float64Array, start: number): void {
  for (let j = 0; j < sum.length; j++) sum[j]! += data[start + j]!;
}

/** Turns directions in the basis of the centers into directions in the features, shape (rank, features). */
export function directionsInFeatures(centers: ClassCenters, directions: Float64Array, rank: number, features: number): Float64Array {
  const result = new Float64Array(rank * features);
  for (let k = 0; k < rank; k++) {
    for (let i = 0; i < centers.dimension; i++) addScaled(result, k * features, directions[k * centers.dimension + i]!, centers.basis, i * features, features);
  }
  return result;
}
