import { dot, gramOfRows, orthonormalize, type RandomStream } from '@memgeo/numerics';
import { AnchorSolver } from './anchor-solver.js';

// Legend: s_i = points relative to their center, in units of the center's norm; t = Gaussian vector, its last coordinate along
// the center; a = multipliers; s~ = sum_i a_i s_i / sum_i a_i = anchor point.

/** The geometry of one manifold in its own coordinates. */
export type ManifoldStatistics = {
  /** Mean of |v - t|^2, the inverse of capacity. */
  readonly inverseCapacity: number;
  readonly radius: number;
  /** D (mean cos(t, s~))^2, as the published values are computed. */
  readonly dimension: number;
  /** mean (t . ds^)^2 [chung2018classification, eq. 29]. */
  readonly dimensionPrx: number;
  /** Solves that needed the slow, safe path. */
  readonly fallbacks: number;
};

/** A manifold in coordinates of its own. */
export type LocalManifold = {
  /** Points relative to the center, in units of its norm, each followed by a 1; shape (count, dimension + 1). */
  readonly points: Float64Array;
  /** Inner products of the points, shape (count, count). */
  readonly gram: Float64Array;
  readonly count: number;
  /** Number of coordinates, D. */
  readonly dimension: number;
};

/**
 * Expresses points in at most as many coordinates as there are points.
 *
 * With more features than points, the coordinates are the triangular factor of the points. Its last row is zero, for centered
 * points are dependent; it is kept, as the reference program does, because D counts it.
 *
 * @param relative  Points relative to their mean, in units of the center's norm, shape (count, features).
 */
export function localCoordinates(relative: Float64Array, count: number, features: number): LocalManifold {
  const dimension = Math.min(count, features);
  const points = new Float64Array(count * (dimension + 1));
  const inner = gramOfRows(relative, count, features);
  const coordinates = features > count ? (triangularFactor(inner, count) ?? orthonormalize(relative, count, features, { tolerance: 1e-14 }).coordinates) : relative;
  for (let i = 0; i < count; i++) {
    points.set(coordinates.subarray(i * dimension, (i + 1) * dimension), i * (dimension + 1));
    points[i * (dimension + 1) + dimension] = 1;
  }
  return { points, gram: inner.map((value) => value + 1), count, dimension };
}

/**
 * The Cholesky factor of the Gram matrix of centered points, whose last point follows from the others.
 *
 * @returns L, shape (count, count), lower triangular; undefined if a pivot is too small to be trusted.
 */
function triangularFactor(gram: Float64Array, count: number): Float64Array | undefined {
  const L = new Float64Array(count * count);
  let largest = 0;
  for (let i = 0; i < count - 1; i++) {
    for (let j = 0; j < i; j++) L[i * count + j] = (gram[i * count + j]! - dot(L, i * count, L, j * count, j)) / L[j * count + j]!;
    const pivot = gram[i * count + i]! - dot(L, i * count, L, i * count, i);
    largest = Math.max(largest, pivot);
    if (!(pivot > 1e-7 * largest)) return undefined;
    L[i * count + i] = Math.sqrt(pivot);
    for (let j = 0; j <= i; j++) L[(count - 1) * count + j]! -= L[i * count + j]!;
  }
  return L;
}

/**
 * Averages the anchor points of one manifold over Gaussian vectors ([chung2018classification]; conventions of
 * [stephenson2021geometry]'s program).
 *
 * @param manifold  See {@link localCoordinates}.
 * @param options.margin  kappa, >= 0.
 * @param options.gaussian  The Gaussian vectors, shape (vectors, dimension + 1).
 */
export function manifoldStatistics(
  manifold: LocalManifold, options: { margin: number; gaussian: Float64Array },
): ManifoldStatistics {
  const { points, gram, count, dimension } = manifold;
  const { margin, gaussian } = options;
  const width = dimension + 1;
  const vectors = gaussian.length / width;
  const solver = new AnchorSolver(points, gram, count, width);
  const anchors = new Float64Array(vectors * count);
  const projections = new Float64Array(vectors * count);
  const meanAnchor = new Float64Array(count);
  const [t, b] = [new Float64Array(width), new Float64Array(count)];
  let [cost, cosines] = [0, 0];
  for (let v = 0; v < vectors; v++) {
    t.set(gaussian.subarray(v * width, (v + 1) * width));
    t[dimension]! += margin;
    for (let i = 0; i < count; i++) {
      b[i] = dot(points, i * width, t, 0, width);
      projections[v * count + i] = b[i]! - t[dimension]!;
    }
    const anchor = anchors.subarray(v * count, (v + 1) * count);
    if (solver.solve(t, b)) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += solver.multipliers[i]!;
      cost += dot(solver.multipliers, 0, b, 0, count);
      for (let i = 0; i < count; i++) anchor[i] = solver.multipliers[i]! / sum;
    } else {
      anchor[indexOfLargest(b)] = 1;
    }
    for (let i = 0; i < count; i++) meanAnchor[i]! += anchor[i]! / vectors;
    const norm = Math.sqrt(squaredNorm(anchor, points, width) + 1e-12);
    cosines += dot(anchor, 0, projections, v * count, count) / (norm * Math.sqrt(dot(t, 0, t, 0, dimension)));
  }
  const spread = anchorSpread(anchors, projections, meanAnchor, points, width);
  return {
    inverseCapacity: cost / vectors,
    radius: Math.sqrt(spread.variance),
    dimension: dimension * (cosines / vectors) ** 2,
    dimensionPrx: spread.dimension,
    fallbacks: solver.fallbacks,
  };
}

/** Draws Gaussian vectors for a manifold of so many coordinates; the same stream gives the same vectors. */
export function drawGaussianVectors(random: RandomStream, vectors: number, dimension: number): Float64Array {
  return random.fillNormal(new Float64Array(vectors * (dimension + 1)));
}

/** Mean squared distance of the anchors to their mean, and mean (t . ds^)^2 along the unit vectors ds^ of those distances. */
function anchorSpread(
  anchors: Float64Array, projections: Float64Array, meanAnchor: Float64Array, points: Float64Array, width: number,
): { variance: number; dimension: number } {
  const count = meanAnchor.length;
  const vectors = anchors.length / count;
  const difference = new Float64Array(count);
  let [variance, dimension, moved] = [0, 0, 0];
  for (let v = 0; v < vectors; v++) {
    for (let i = 0; i < count; i++) difference[i] = anchors[v * count + i]! - meanAnchor[i]!;
    const square = squaredNorm(difference, points, width);
    variance += square / vectors;
    if (square <= 1e-24) continue;
    dimension += dot(difference, 0, projections, v * count, count) ** 2 / square;
    moved++;
  }
  return { variance, dimension: moved === 0 ? 0 : dimension / vectors };
}

/** |sum_i weights_i s_i|^2 over the coordinates without the last. */
function squaredNorm(weights: Float64Array, points: Float64Array, width: number): number {
  const sum = new Float64Array(width);
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    for (let j = 0; j < width - 1; j++) sum[j]! += weight * points[i * width + j]!;
  }
  return dot(sum, 0, sum, 0, width - 1);
}

function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
