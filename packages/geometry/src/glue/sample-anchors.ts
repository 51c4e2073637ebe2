import { crossProducts, type RandomStream } from '@memgeo/numerics';
import type { ConePoints } from '../cone/cone-points.js';
import { drawDichotomy, type Dichotomies } from '../cone/dichotomies.js';
import { projectOntoCone } from '../cone/project-onto-cone.js';

// Legend: t = Gaussian vector; y_p = side of manifold p; v = t + sum_i c_i x_i = projection of t on { v : y_p x . v >= 0 };
// s_p = anchor of manifold p.

/** The anchors of one Gaussian vector and dichotomy. */
export type AnchorSample = {
  /** Convex weights of the points of each manifold, shape (points): s_p = sum over its points of weights_i x_i. */
  readonly weights: Float64Array;
  /** x_i . t, shape (points). */
  readonly targetResponses: Float64Array;
  /** |v - t|^2. */
  readonly squaredDistance: number;
  /** Manifolds without a point that v touches. */
  readonly inactive: number;
  /** Whether v = 0: no vector is on the right side of every point. */
  readonly isCollapsed: boolean;
  readonly isSolved: boolean;
};

/** Responses this small, relative to the target's, are those of v = 0. */
const vanished = 1e-8;

/**
 * Draws Gaussian vectors and dichotomies and finds the anchors of each.
 *
 * The anchor of a manifold is the mean of its points with their multipliers, s_p = sum_i |c_i| x_i / sum_i |c_i|: a point of its convex hull,
 * whichever side it is on. The label y_p is left out of it, for else both sides would average to a center of 0; the quadratic forms made of
 * anchors are the same with it. A manifold that v does not touch has the point nearest to the plane for its anchor, the limit
 * of the anchors of vectors that begin to touch it, as in [chung2018classification].
 *
 * @param points  The points, those of a manifold together.
 * @param options.rows  The same in coordinates, shape (points, features).
 * @param options.starts  First point of each manifold, and the number of points; shape (manifolds + 1).
 */
export function sampleAnchors(
  points: ConePoints,
  options: { rows: Float64Array; features: number; starts: Int32Array; samples: number; dichotomies: Dichotomies; random: RandomStream; onProgress: ((done: number, total: number) => void) | undefined },
): AnchorSample[] {
  const { rows, features, starts, samples, dichotomies, random, onProgress } = options;
  return Array.from({ length: samples }, (_, k) => {
    const t = random.fork('gaussian', k).fillNormal(new Float64Array(features));
    const sides = drawDichotomy(starts.length - 1, random.fork('dichotomy', k), dichotomies);
    const signs = new Float64Array(points.count);
    sides.forEach((side, p) => signs.fill(side, starts[p]!, starts[p + 1]!));
    const targetResponses = crossProducts(rows, points.count, t, 1, features);
    const sample = anchorsOf(points, { signs, targetResponses, starts });
    onProgress?.(k + 1, samples);
    return sample;
  });
}

function anchorsOf(points: ConePoints, { signs, targetResponses, starts }: { signs: Float64Array; targetResponses: Float64Array; starts: Int32Array }): AnchorSample {
  const projection = projectOntoCone(points, { signs, targetResponses });
  const { responses, squaredDistance, isSolved } = projection;
  const weights = projection.weights.map(Math.abs);
  let inactive = 0;
  for (let p = 0; p + 1 < starts.length; p++) {
    let total = 0;
    let nearest = starts[p]!;
    for (let i = starts[p]!; i < starts[p + 1]!; i++) {
      total += weights[i]!;
      if (signs[i]! * responses[i]! < signs[i]! * responses[nearest]!) nearest = i;
    }
    if (total > 0) for (let i = starts[p]!; i < starts[p + 1]!; i++) weights[i]! /= total;
    else {
      weights[nearest] = 1;
      inactive++;
    }
  }
  const largest = (values: Float64Array) => values.reduce((most, value, i) => (points.squaredNorms[i]! > 0 ? Math.max(most, Math.abs(value) / Math.sqrt(points.squaredNorms[i]!)) : most), 0);
  return { weights, targetResponses, squaredDistance, inactive, isCollapsed: largest(responses) <= vanished * largest(targetResponses), isSolved };
}
