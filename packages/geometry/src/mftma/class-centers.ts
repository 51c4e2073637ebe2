import { addScaled, gramOfRows, orthonormalize, type Threads } from '@memgeo/numerics';
import { requireFinite, type LabeledPoints, type ManifoldRows } from '../points/labeled-points.js';
import { sumManifolds } from './sum-manifolds.js';

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

/**
 * Computes the centers of manifolds and centers them on their unweighted mean.
 *
 * @throws RangeError if a value is not finite: the sum of its manifold shows it.
 */
export function classCenters(points: LabeledPoints, groups: readonly ManifoldRows[], { threads }: { threads: Threads }): ClassCenters {
  const [pointCount, features] = points.shape;
  const count = groups.length;
  const globalMean = new Float64Array(features);
  const centers = sumManifolds(points, layOutRows(groups), threads);
  if (!centers.every(Number.isFinite)) requireFinite(points, 'manifoldGeometry');
  groups.forEach(({ rows }, p) => {
    for (let j = 0; j < features; j++) {
      globalMean[j]! += centers[p * features + j]! / pointCount;
      centers[p * features + j]! /= rows.length;
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

/** Rows manifold after manifold, and where each manifold begins: shape (points) and (manifolds + 1). */
export function layOutRows(groups: readonly ManifoldRows[]): { rows: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(groups.length + 1);
  groups.forEach(({ rows }, p) => { starts[p + 1] = starts[p]! + rows.length; });
  const rows = new Int32Array(starts.at(-1)!);
  groups.forEach((group, p) => rows.set(group.rows, starts[p]));
  return { rows, starts };
}

/** Turns directions in the basis of the centers into directions in the features, shape (rank, features). */
export function directionsInFeatures(centers: ClassCenters, directions: Float64Array, rank: number, features: number): Float64Array {
  const result = new Float64Array(rank * features);
  for (let k = 0; k < rank; k++) {
    for (let i = 0; i < centers.dimension; i++) addScaled(result, k * features, directions[k * centers.dimension + i]!, centers.basis, i * features, features);
  }
  return result;
}
