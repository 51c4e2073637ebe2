import { dot, factorSemidefinite, inverseQuadraticForm } from '@memgeo/numerics';
import type { ConePoints } from '../cone/cone-points.js';
import type { AnchorSample } from './sample-anchors.js';

// Legend: S_k = anchors of sample k (manifolds, features); S0 = their mean over samples, the centers; S1 = S_k - S0, the axes; G0 = S0 S0',
// G1 = S1 S1'; t = the sample's Gaussian vector.

/** Means over samples of what the measures are made of. */
export type AnchorGeometry = {
  /** Mean |v - t|^2. */
  readonly a: number;
  /** Mean (S1 t)'(G1 + G0)^+ (S1 t). */
  readonly b: number;
  /** Mean (S1 t)' G1^+ (S1 t): the squared length of t along the axes. */
  readonly c: number;
  /** Mean |cosine| between the centers of two manifolds. NaN if none has a direction. */
  readonly centerAlignment: number;
  /** Mean |cosine| between the axes of two manifolds in a sample. NaN if anchors do not move. */
  readonly axisAlignment: number;
  /** Mean |cosine| between the center of a manifold and the axis of another. */
  readonly centerAxisAlignment: number;
};

/** An axis shorter than this fraction of its anchor does not move, in squares. */
const still = 1e-12;

/**
 * Computes the geometry of anchors from all samples, and with each group of samples left out.
 *
 * @param points  Points of the manifolds; only their inner products are used.
 * @param options.groups  Number of groups, at most the number of samples; sample k is in group k mod groups.
 * @returns geometries: of all samples first, then without each group.
 */
export function anchorGeometry(points: ConePoints, samples: readonly AnchorSample[], { starts, groups }: { starts: Int32Array; groups: number }): AnchorGeometry[] {
  const subsets = [-1, ...(groups > 1 ? Array.from({ length: groups }, (_, g) => g) : [])].map((left) => {
    const members = samples.map((_, k) => left < 0 || k % groups !== left);
    const size = members.filter(Boolean).length;
    const weights = new Float64Array(points.count);
    samples.forEach((sample, k) => { if (members[k]) for (let i = 0; i < points.count; i++) weights[i]! += sample.weights[i]! / size; });
    const G0 = anchorProducts(productsOfAnchors(points, weights, starts), weights, starts);
    return { members, size, weights, G0, mean: { a: 0, b: 0, c: 0, axis: 0, centerAxis: 0 } };
  });
  const P = starts.length - 1;
  samples.forEach((sample, k) => {
    const H = productsOfAnchors(points, sample.weights, starts);
    const A = anchorProducts(H, sample.weights, starts);
    for (const { members, size, weights, G0, mean } of subsets) {
      if (!members[k]) continue;
      const part = geometryOfSample({ P, A, C: anchorProducts(H, weights, starts), G0, t: projectionsOf(sample, weights, starts) });
      mean.a += sample.squaredDistance / size;
      for (const key of ['b', 'c', 'axis', 'centerAxis'] as const) mean[key] += part[key] / size;
    }
  });
  return subsets.map(({ G0, mean: { axis, centerAxis, ...mean } }) => ({ ...mean, centerAlignment: meanCosine(P, (p, q) => G0[p * P + q]!, (p) => G0[p * P + p]!, (p) => G0[p * P + p]!), axisAlignment: axis, centerAxisAlignment: centerAxis }));
}

/** Quadratic forms and cosines of one sample, with A = S S', C = S S0'. */
function geometryOfSample({ P, A, C, G0, t }: { P: number; A: Float64Array; C: Float64Array; G0: Float64Array; t: Float64Array }): { b: number; c: number; axis: number; centerAxis: number } {
  const [G1, sum, x] = [new Float64Array(P * P), new Float64Array(P * P), new Float64Array(P)];
  const moves = Array.from({ length: P }, (_, p) => axisProduct(p, p) > still * (A[p * P + p]! + G0[p * P + p]!));
  function axisProduct(p: number, q: number): number {
    return A[p * P + q]! - C[p * P + q]! - C[q * P + p]! + G0[p * P + q]!;
  }
  for (let p = 0; p < P; p++) {
    if (moves[p]) x[p] = t[p]!;
    for (let q = 0; q < P; q++) {
      if (moves[p] && moves[q]) G1[p * P + q] = axisProduct(p, q);
      sum[p * P + q] = G1[p * P + q]! + G0[p * P + q]!;
    }
  }
  const axisSquare = (p: number) => G1[p * P + p]!;
  return {
    b: inverseQuadraticForm(factorSemidefinite(sum, P), x),
    c: inverseQuadraticForm(factorSemidefinite(G1, P), x),
    axis: meanCosine(P, (p, q) => G1[p * P + q]!, axisSquare, axisSquare),
    centerAxis: meanCosine(P, (p, q) => C[q * P + p]! - G0[q * P + p]!, (p) => G0[p * P + p]!, axisSquare),
  };
}

/** Mean |cosine| over ordered pairs of different manifolds, of those vectors that have a length. */
function meanCosine(P: number, product: (p: number, q: number) => number, firstSquare: (p: number) => number, secondSquare: (q: number) => number): number {
  let [sum, pairs] = [0, 0];
  for (let p = 0; p < P; p++) {
    for (let q = 0; q < P; q++) {
      const squares = firstSquare(p) * secondSquare(q);
      if (p === q || !(squares > 0)) continue;
      sum += Math.abs(product(p, q)) / Math.sqrt(squares);
      pairs++;
    }
  }
  return pairs === 0 ? Number.NaN : sum / pairs;
}

/** Inner products of each anchor with every point, shape (manifolds, points). */
function productsOfAnchors(points: ConePoints, weights: Float64Array, starts: Int32Array): Float64Array[] {
  return Array.from({ length: starts.length - 1 }, (_, p) => {
    const own = new Float64Array(points.count);
    own.set(weights.subarray(starts[p]!, starts[p + 1]!), starts[p]!);
    return points.productsWith(own);
  });
}

/** Inner products of anchors with the anchors that other weights make, shape (manifolds, manifolds). */
function anchorProducts(H: Float64Array[], weights: Float64Array, starts: Int32Array): Float64Array {
  const P = H.length;
  const products = new Float64Array(P * P);
  for (let p = 0; p < P; p++) for (let q = 0; q < P; q++) products[p * P + q] = dot(H[p]!, starts[q]!, weights, starts[q]!, starts[q + 1]! - starts[q]!);
  return products;
}

/** S1 t, shape (manifolds). */
function projectionsOf({ weights, targetResponses }: AnchorSample, centers: Float64Array, starts: Int32Array): Float64Array {
  return Float64Array.from({ length: starts.length - 1 }, (_, p) => {
    let sum = 0;
    for (let i = starts[p]!; i < starts[p + 1]!; i++) sum += (weights[i]! - centers[i]!) * targetResponses[i]!;
    return sum;
  });
}
