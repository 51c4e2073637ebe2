import { allZero, crossProducts, dot, gramOfRows, kernels, notSolved, solveNonnegative, type NonnegativeSolutions } from '@memgeo/numerics';
import { pointsByRows } from '../cone/cone-points.js';
import { projectOntoCone } from '../cone/project-onto-cone.js';
import { meanOf, type Estimate } from '../statistics/estimate.js';
import type { LocalManifold } from './local-manifold.js';
import { solveOnPoints } from './solve-on-points.js';

// Legend: s_i = points relative to their center, in units of the center's norm; t = Gaussian vector, its last coordinate along
// the center; a = multipliers; s~ = sum_i a_i s_i / sum_i a_i = anchor point.

/** The geometry of one manifold; standard errors are over Gaussian vectors. */
export type ManifoldStatistics = {
  /** Mean of |v - t|^2, the inverse of capacity. */
  readonly inverseCapacity: Estimate;
  readonly radius: Estimate;
  /** D (mean cos(t, s~))^2, as the published values are computed. */
  readonly dimension: Estimate;
  /** mean (t . ds^)^2 [chung2018classification, eq. 29]. */
  readonly dimensionPrx: Estimate;
  /** The same two of the Gaussian anchor points, the points farthest along t. */
  readonly gaussianRadius: Estimate;
  readonly gaussianDimension: Estimate;
  /** Solves that needed the slow, safe path. */
  readonly fallbacks: number;
  /** Largest violation of the optimality conditions, relative to the largest projection of t. */
  readonly violation: number;
};

/** What of a manifold its anchor points depend on. */
export type AnchorProblem = Omit<LocalManifold, 'isDependent'>;

/**
 * Averages the anchor points of one manifold over Gaussian vectors ([chung2018classification]; conventions of
 * [stephenson2021geometry]'s program).
 *
 * @param manifold  See {@link LocalManifold}.
 * @param options.margin  kappa, >= 0.
 * @param options.gaussian  The Gaussian vectors, shape (vectors, dimension + 1).
 */
export function manifoldStatistics(manifold: AnchorProblem, { margin, gaussian }: { margin: number; gaussian: Float64Array }): ManifoldStatistics {
  const { points, count, dimension } = manifold;
  const width = dimension + 1;
  const vectors = gaussian.length / width;
  const t = Float64Array.from(gaussian);
  for (let v = 0; v < vectors; v++) t[v * width + dimension]! += margin;
  const b = crossProducts(t, vectors, points, count, width);
  const { weights, costs, fallbacks, violation } = solveAnchors(manifold, t, b);
  const anchors = pointCombinations(weights, manifold, vectors);
  const farthest = new Float64Array(vectors * dimension);
  for (let v = 0; v < vectors; v++) {
    const best = indexOfLargest(b, v * count, count);
    farthest.set(points.subarray(best * width, best * width + dimension), v * dimension);
  }
  const { radius, dimension: dimensionPrx } = spreadOf(anchors, t, dimension);
  const { radius: gaussianRadius, dimension: gaussianDimension } = spreadOf(farthest, t, dimension);
  const cosine = meanOf(cosinesWith(t, anchors, dimension));
  return {
    inverseCapacity: meanOf(costs),
    radius,
    dimension: { value: dimension * cosine.value ** 2, standardError: 2 * dimension * Math.abs(cosine.value) * cosine.standardError },
    dimensionPrx,
    gaussianRadius,
    gaussianDimension,
    fallbacks,
    violation,
  };
}

/** With more points than this, and this many times more than coordinates, a Gram matrix of all points is mostly waste. */
const [manyPoints, manyPerCoordinate] = [1000, 4];
/** What the optimality conditions may be violated by, relative to the largest projection. */
const tolerance = 1e-12;

/** Solves the anchor problems. @returns the weights of the points in each anchor, shape (vectors, count), and |v - t|^2 of each vector. */
function solveAnchors(manifold: AnchorProblem, t: Float64Array, b: Float64Array) {
  const { points, count, dimension, rank } = manifold;
  const width = dimension + 1;
  const vectors = t.length / width;
  const isWide = count > manyPoints && count > manyPerCoordinate * (rank + 1);
  const gram = isWide ? undefined : gramOfRows(points, count, width);
  const { multipliers: weights, outcomes } = gram ? solveNonnegative(gram, b, { count, vectors }) : solveInCoordinates(leadingCoordinates(points, count, width, rank), b, { count, vectors, width: rank + 1 });
  const costs = new Float64Array(vectors);
  let leading: Float64Array | undefined;
  let [fallbacks, violation] = [0, 0];
  for (let v = 0; v < vectors; v++) {
    const weight = weights.subarray(v * count, (v + 1) * count);
    if (outcomes[v] === allZero) {
      weight[indexOfLargest(b, v * count, count)] = 1;
      continue;
    }
    if (outcomes[v] === notSolved) {
      leading ??= leadingCoordinates(points, count, width, rank);
      weight.set(solveOnPoints(leading, leadingCoordinates(t.subarray(v * width, (v + 1) * width), 1, width, rank), { count, width: rank + 1 }));
      fallbacks++;
    } else {
      violation = Math.max(violation, outcomes[v]!);
    }
    costs[v] = dot(weight, 0, b, v * count, count);
    let sum = 0;
    for (let i = 0; i < count; i++) sum += weight[i]!;
    for (let i = 0; i < count; i++) weight[i]! /= sum;
  }
  return { weights, costs, fallbacks, violation };
}

/** Solves for each right-hand side by generation of columns: only the points that matter need a Gram matrix. */
function solveInCoordinates(rows: Float64Array, b: Float64Array, { count, vectors, width }: { count: number; vectors: number; width: number }): NonnegativeSolutions {
  const cone = pointsByRows(rows, count, width);
  const signs = new Float64Array(count).fill(-1);
  const [multipliers, outcomes] = [new Float64Array(vectors * count), new Float64Array(vectors)];
  for (let v = 0; v < vectors; v++) {
    const targetResponses = b.slice(v * count, (v + 1) * count);
    if (targetResponses.every((response) => response <= 0)) {
      outcomes[v] = allZero;
      continue;
    }
    const { weights, violation, isSolved } = projectOntoCone(cone, { signs, targetResponses, tolerance });
    outcomes[v] = isSolved ? violation : notSolved;
    for (let i = 0; i < count; i++) multipliers[v * count + i] = Math.abs(weights[i]!);
  }
  return { multipliers, outcomes };
}

/** Rows with their first `rank` coordinates and the last. */
function leadingCoordinates(rows: Float64Array, count: number, width: number, rank: number): Float64Array {
  const leading = new Float64Array(count * (rank + 1));
  for (let i = 0; i < count; i++) {
    leading.set(rows.subarray(i * width, i * width + rank), i * (rank + 1));
    leading[i * (rank + 1) + rank] = rows[(i + 1) * width - 1]!;
  }
  return leading;
}

/** Combinations of the points, without their last coordinate, shape (vectors, dimension). */
function pointCombinations(weights: Float64Array, { points, count, dimension }: AnchorProblem, vectors: number): Float64Array {
  return kernels().borrow((allocate) => {
    const [s, w, sums] = [allocate(points.length), allocate(weights.length), allocate(vectors * dimension)];
    s.set(points);
    w.set(weights);
    kernels().functions.addCombinations(sums.byteOffset, 8 * dimension, vectors, w.byteOffset, 8 * count, s.byteOffset, 8 * (dimension + 1), count, dimension);
    return sums.slice();
  });
}

/** Cosine of each anchor with its Gaussian vector, without the direction of the center. */
function cosinesWith(t: Float64Array, anchors: Float64Array, dimension: number): Float64Array {
  const width = dimension + 1;
  return Float64Array.from({ length: t.length / width }, (_, v) => {
    const norm = Math.sqrt(dot(anchors, v * dimension, anchors, v * dimension, dimension) + 1e-12);
    return dot(anchors, v * dimension, t, v * width, dimension) / (norm * Math.sqrt(dot(t, v * width, t, v * width, dimension)));
  });
}

/** Root mean squared distance of the anchors to their mean, and mean (t . ds^)^2 along the unit vectors ds^ of those distances. */
function spreadOf(anchors: Float64Array, t: Float64Array, dimension: number): { radius: Estimate; dimension: Estimate } {
  const vectors = anchors.length / dimension;
  const mean = new Float64Array(dimension);
  for (let v = 0; v < vectors; v++) for (let j = 0; j < dimension; j++) mean[j]! += anchors[v * dimension + j]! / vectors;
  const [squares, along] = [new Float64Array(vectors), new Float64Array(vectors)];
  for (let v = 0; v < vectors; v++) {
    let [square, product] = [0, 0];
    for (let j = 0; j < dimension; j++) {
      const difference = anchors[v * dimension + j]! - mean[j]!;
      square += difference * difference;
      product += difference * t[v * (dimension + 1) + j]!;
    }
    squares[v] = square;
    along[v] = square > 1e-24 ? product ** 2 / square : 0;
  }
  const variance = meanOf(squares);
  const radius = Math.sqrt(variance.value);
  return { radius: { value: radius, standardError: radius > 0 ? variance.standardError / (2 * radius) : variance.standardError }, dimension: meanOf(along) };
}

function indexOfLargest(values: Float64Array, start: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[start + i]! > values[start + best]!) best = i;
  return best;
}
