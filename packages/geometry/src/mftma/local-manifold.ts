import { kernels, orthonormalize } from '@memgeo/numerics';
import { areRowsEqual } from '../points/equal-rows.js';
import type { LabeledPoints } from '../points/labeled-points.js';

/** A manifold in coordinates of its own. */
export type LocalManifold = {
  /** Points relative to the center, in units of its norm, each followed by a 1; shape (count, dimension + 1). */
  readonly points: Float64Array;
  /** Number of distinct points. */
  readonly count: number;
  /** Number of coordinates, D: that of all points, or of features if they are fewer. */
  readonly dimension: number;
  /** Number of leading coordinates that are not zero for every point. */
  readonly rank: number;
  /** Whether distinct points span fewer directions than so many can, to rounding. */
  readonly isDependent: boolean;
};

/** What is taken out of the points of every manifold before it is measured. */
export type Removed = {
  /** Mean of all points, shape (features). */
  readonly globalMean: Float64Array;
  /** Orthonormal directions shared by the centers, shape (rank, features). */
  readonly directions: Float64Array;
  readonly rank: number;
};

/** A center smaller than this fraction of the points' own size has no direction. */
const collapsed = 1e-8;
/** A Gram matrix squares the condition number; below this ratio of pivots the coordinates are found from the points themselves. */
const smallestPivotRatio = 1e-7;

/**
 * Takes the shared structure out of a manifold and measures it from its center, in units of the center's norm and in at most as many
 * coordinates as there are points.
 *
 * With more features than points, the coordinates are the triangular factor of the points. Its last column is zero, for centered
 * points are dependent; it is kept, as the reference program does, because D counts it. Of equal points one is kept.
 *
 * @returns undefined if the center lies at the global mean, so that it has no norm to measure in.
 */
export function localManifold(points: Pick<LabeledPoints, 'data' | 'shape'>, rows: Int32Array, removed: Removed): LocalManifold | undefined {
  const features = points.shape[1];
  const { distinct, multiplicities } = distinctRows(points, rows);
  const count = distinct.length;
  const dimension = Math.min(rows.length, features);
  return kernels().borrow((allocate) => {
    const Y = allocate(count * features);
    if (!relativePoints(Y, points, distinct, multiplicities, removed)) return undefined;
    const { coordinates, width, rank, isDependent } = features <= count
      ? { coordinates: Y, width: features, rank: features, isDependent: false }
      : triangularFactor(Y, features, multiplicities, allocate);
    const local = new Float64Array(count * (dimension + 1));
    for (let i = 0; i < count; i++) {
      local.set(coordinates.subarray(i * width, i * width + rank), i * (dimension + 1));
      local[i * (dimension + 1) + dimension] = 1;
    }
    return { points: local, count, dimension, rank, isDependent };
  });
}

/** The rows of a manifold without repetitions, and how often each stands there. */
function distinctRows({ data, shape: [, features] }: Pick<LabeledPoints, 'data' | 'shape'>, rows: Int32Array): { distinct: Int32Array; multiplicities: Float64Array } {
  const [distinct, multiplicities]: [number[], number[]] = [[], []];
  for (const row of rows) {
    const known = distinct.findIndex((other) => areRowsEqual(data, features, row, other));
    if (known >= 0) multiplicities[known]!++;
    else {
      distinct.push(row);
      multiplicities.push(1);
    }
  }
  return { distinct: Int32Array.from(distinct), multiplicities: Float64Array.from(multiplicities) };
}

/**
 * Fills Y with points less the global mean and the shared directions, relative to their center and in units of its norm.
 *
 * @returns false if the center has no norm.
 */
function relativePoints(
  Y: Float64Array, { data, shape }: Pick<LabeledPoints, 'data' | 'shape'>, rows: Int32Array, multiplicities: Float64Array, { globalMean, directions, rank }: Removed,
): boolean {
  const features = shape[1];
  const count = rows.length;
  const { functions } = kernels();
  return kernels().borrow((allocate) => {
    const mean = allocate(features);
    mean.set(globalMean);
    for (let i = 0; i < count; i++) {
      const row = Y.subarray(i * features, (i + 1) * features);
      kernels().load(row, data, rows[i]! * features);
      functions.addScaled(row.byteOffset, -1, mean.byteOffset, features);
    }
    if (rank > 0) {
      const [V, components] = [allocate(rank * features), allocate(count * rank)];
      V.set(directions.subarray(0, rank * features));
      functions.crossProducts(Y.byteOffset, 8 * features, count, V.byteOffset, 8 * features, rank, features, components.byteOffset, 8 * rank, 0);
      for (let i = 0; i < components.length; i++) components[i] = -components[i]!;
      functions.addCombinations(Y.byteOffset, 8 * features, count, components.byteOffset, 8 * rank, V.byteOffset, 8 * features, rank, features);
    }
    const [center, weights] = [allocate(features), allocate(count)];
    const total = multiplicities.reduce((sum, times) => sum + times, 0);
    let square = 0;
    for (let i = 0; i < count; i++) {
      weights[i] = multiplicities[i]! / total;
      const row = Y.byteOffset + 8 * i * features;
      square += weights[i]! * functions.innerProduct(row, row, features);
    }
    functions.addCombinations(center.byteOffset, 8 * features, 1, weights.byteOffset, 8 * count, Y.byteOffset, 8 * features, count, features);
    const norm = Math.sqrt(functions.innerProduct(center.byteOffset, center.byteOffset, features));
    if (!(norm > collapsed * Math.sqrt(square))) return false;
    for (let i = 0; i < count; i++) functions.addScaled(Y.byteOffset + 8 * i * features, -1, center.byteOffset, features);
    functions.scale(Y.byteOffset, 1 / norm, Y.length);
    return true;
  });
}

/** The triangular factor of the points: by Cholesky on their Gram matrix, or by orthogonalization where a pivot is too small for that. */
function triangularFactor(
  Y: Float64Array, features: number, multiplicities: Float64Array, allocate: (length: number) => Float64Array,
): { coordinates: Float64Array; width: number; rank: number; isDependent: boolean } {
  const { functions } = kernels();
  const count = multiplicities.length;
  const independent = count - 1;
  const [gram, L] = [allocate(count * count), allocate(count * count)];
  functions.crossProducts(Y.byteOffset, 8 * features, count, Y.byteOffset, 8 * features, count, features, gram.byteOffset, 8 * count, 1);
  if (functions.factorGram(gram.byteOffset, L.byteOffset, independent, 8 * count, smallestPivotRatio) < independent) {
    return { ...orthonormalize(Y, count, features, { tolerance: 1e-14 }), width: count, isDependent: true };
  }
  // The row of the last point follows from the others, for all points together add up to zero.
  const last = independent * count;
  for (let i = 0; i < independent; i++) for (let j = 0; j <= i; j++) L[last + j]! -= (multiplicities[i]! / multiplicities[independent]!) * L[i * count + j]!;
  return { coordinates: L, width: count, rank: independent, isDependent: false };
}
