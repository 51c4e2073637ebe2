import { addScaled, dot } from '@memgeo/numerics';
import type { LabeledPoints } from '../points/labeled-points.js';

/** A center smaller than this fraction of the points' own size has no direction. */
const collapsed = 1e-8;

/**
 * Takes the shared structure out of a manifold and measures it from its center, in units of the center's norm.
 *
 * @param removed.globalMean  Shape (features).
 * @param removed.directions  Orthonormal, shape (rank, features).
 * @returns shape (rows, features); undefined if the center lies at the global mean, so that it has no norm to measure in.
 */
export function relativePoints(
  points: LabeledPoints, rows: Int32Array, removed: { globalMean: Float64Array; directions: Float64Array; rank: number },
): Float64Array | undefined {
  const { data, shape: [, features] } = points;
  const { globalMean, directions, rank } = removed;
  const count = rows.length;
  const Y = new Float64Array(count * features);
  const center = new Float64Array(features);
  rows.forEach((row, i) => {
    for (let j = 0; j < features; j++) Y[i * features + j] = data[row * features + j]! - globalMean[j]!;
    for (let k = 0; k < rank; k++) addScaled(Y, i * features, -dot(Y, i * features, directions, k * features, features), directions, k * features, features);
    addScaled(center, 0, 1 / count, Y, i * features, features);
  });
  const norm = Math.sqrt(dot(center, 0, center, 0, features));
  const size = Math.sqrt(dot(Y, 0, Y, 0, Y.length) / count);
  if (!(norm > collapsed * size)) return undefined;
  for (let i = 0; i < count; i++) for (let j = 0; j < features; j++) Y[i * features + j] = (Y[i * features + j]! - center[j]!) / norm;
  return Y;
}
