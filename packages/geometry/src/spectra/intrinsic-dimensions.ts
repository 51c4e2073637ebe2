import { groupByManifold, type LabeledPoints } from '../points/labeled-points.js';
import { jackknifeError, type Estimate } from '../statistics/estimate.js';
import { distinctRows } from './distinct-rows.js';
import { neighborDistances } from './neighbor-distances.js';
import type { Measured } from './spectral-measures.js';

export type IntrinsicDimensions = {
  /** From the ratio of the distances to the two nearest neighbors [facco2017estimating]. */
  readonly twoNnDimension: Measured & Estimate;
  /** From the distances to the nearest k neighbors [levina2004maximum], averaged as in [mackay2005comments]. */
  readonly mleDimension: Measured & Estimate;
};

/** The largest ratios are left out of the fit: they carry the least about the dimension and suffer most from edges. */
const fittedFraction = 0.9;

/**
 * Estimates the dimension of the surface that points lie on, from the distances to their nearest neighbors.
 *
 * Both take the density as constant as far as the neighbors used. They come out low on few points in many dimensions (above about
 * 10), where every neighbor is far, and at edges. Points that repeat another are left out: their distance of 0 tells of copies, not of
 * dimension. Standard errors: d over the root of the number of ratios fitted for `twoNnDimension`, its limit if ratios were
 * independent; for `mleDimension` the jackknife over manifolds, with the neighbors kept.
 *
 * @param points  Data, shape (points, features), float32 or float64, finite. Not modified.
 * @param options.neighbors  Neighbors used by `mleDimension`, k >= 2. Default 10.
 * @throws RangeError if sizes disagree, a value is not finite, or `neighbors` is not a whole number of at least 2.
 */
export function intrinsicDimensions(points: LabeledPoints, options: { neighbors?: number } = {}): IntrinsicDimensions {
  const { neighbors = 10 } = options;
  if (!(Number.isInteger(neighbors) && neighbors >= 2)) throw new RangeError(`intrinsicDimensions: neighbors must be a whole number of at least 2; got ${neighbors}.`);
  groupByManifold(points, 'intrinsicDimensions', { fewest: 1 });
  const { data, shape: [count, features], manifoldOf } = points;
  const rows = distinctRows(data, count, features);
  const copies = count - rows.length;
  const note = copies === 0 ? {} : { note: `${copies} of ${count} points repeat another and are left out.` };
  const none = (reason: string): Measured & Estimate => ({ value: Number.NaN, standardError: Number.NaN, note: [reason, ...Object.values(note)].join(' ') });
  const used = Math.min(neighbors, rows.length - 1);
  if (used < 2) {
    const tooFew = none(`Neighbors need at least 3 different points; there are ${rows.length}.`);
    return { twoNnDimension: tooFew, mleDimension: tooFew };
  }
  const distances = neighborDistances(data, features, { rows, neighbors: used });
  const twoNn = twoNearestNeighbors(distances, used);
  const twoNnDimension = Number.isFinite(twoNn.value) ? { ...twoNn, ...note } : none('The two nearest neighbors of every point are equally far.');
  if (used < neighbors) return { twoNnDimension, mleDimension: none(`${neighbors} neighbors need more than ${neighbors} different points; there are ${rows.length}.`) };
  const mle = maximumLikelihood(distances, neighbors, Array.from(rows, (row) => manifoldOf[row]!));
  return { twoNnDimension, mleDimension: Number.isFinite(mle.value) ? { ...mle, ...note } : none('All neighbors are equally far.') };
}

/**
 * Fits -log(1 - F) = d log(r2 / r1) through the origin, F being the empirical distribution of the ratios.
 *
 * @param distances  To the nearest neighbors, shape (points, neighbors), ascending, neighbors >= 2.
 */
function twoNearestNeighbors(distances: Float64Array, neighbors: number): { value: number; standardError: number } {
  const count = distances.length / neighbors;
  const logs = Float64Array.from({ length: count }, (_, i) => Math.log(distances[i * neighbors + 1]! / distances[i * neighbors]!)).sort();
  const fitted = Math.floor(fittedFraction * count);
  let [xx, xy] = [0, 0];
  for (let i = 0; i < fitted; i++) {
    xx += logs[i]! ** 2;
    xy -= logs[i]! * Math.log(1 - (i + 1) / count);
  }
  const value = xy / xx;
  return { value, standardError: value / Math.sqrt(fitted) };
}

/** Inverse of the mean over points and neighbors of log(r_k / r_j), j < k. */
function maximumLikelihood(distances: Float64Array, neighbors: number, manifoldOf: readonly number[]): { value: number; standardError: number } {
  const sums = new Map<number, { points: number; logs: number }>();
  let logs = 0;
  manifoldOf.forEach((manifold, i) => {
    let own = 0;
    const farthest = distances[(i + 1) * neighbors - 1]!;
    for (let j = 0; j < neighbors - 1; j++) own += Math.log(farthest / distances[i * neighbors + j]!);
    own /= neighbors - 1;
    logs += own;
    const sum = sums.get(manifold) ?? { points: 0, logs: 0 };
    sums.set(manifold, { points: sum.points + 1, logs: sum.logs + own });
  });
  const count = manifoldOf.length;
  const leftOut = [...sums.values()].map((sum) => (count - sum.points) / (logs - sum.logs));
  return { value: count / logs, standardError: jackknifeError(leftOut) };
}
