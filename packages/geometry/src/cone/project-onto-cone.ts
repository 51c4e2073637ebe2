import { dot } from '@memgeo/numerics';
import type { ConePoints } from './cone-points.js';
import { indicesWhere, proximalStep } from './proximal-step.js';

// Legend: x_i = points; y_i = signs; t = target; v = t + sum_i c_i x_i its projection; y_i c_i >= 0; h_i = x_i . v = responses.

/** The projection of a vector on the cone of vectors that lie on the right side of every point. */
export type ConeProjection = {
  /** c, shape (points): v = t + sum_i c_i x_i, with y_i c_i >= 0. The multiplier of point i is |c_i|. */
  readonly weights: Float64Array;
  /** x_i . v, shape (points). */
  readonly responses: Float64Array;
  /** |v - t|^2. */
  readonly squaredDistance: number;
  /** Largest violation of the optimality conditions, |h_i| with weight or -y_i h_i without, relative to |x_i| and the target. */
  readonly violation: number;
  readonly isSolved: boolean;
  /** Proximal steps. */
  readonly rounds: number;
};

const mostRounds = 200;
/** A smaller ridge loses its own digits to the Gram matrix. */
const smallestRidge = 1e-6;

/**
 * Projects a vector t on the cone { v : y_i x_i . v >= 0 for all i }: min |v - t|^2.
 *
 * The dual is nonnegative least squares, min_{a >= 0} |sum_i a_i y_i x_i + t|^2. Columns are generated: coordinate descent over all points
 * makes the first working set, then the most violated points join and those without weight leave, and the working set takes one
 * proximal step, until no point is violated. Responses are computed afresh from the weights after each, which refines the solution.
 *
 * @param points  x_i, in any number of coordinates.
 * @param options.signs  y_i, +1 or -1, shape (points).
 * @param options.targetResponses  x_i . t, shape (points): all that matters of t.
 * @param options.tolerance  Largest violation that counts as none, relative to |x_i| times the largest |x_i . t| / |x_i|. Default 1e-11.
 * @param options.ridge  Of the first step and by which factor it shrinks: a large one is kind to dependent points, a small one quick. Default 0.001, 0.1.
 * @param options.isEnough  Ends early if the weights so far are all that the caller wants.
 */
export function projectOntoCone(
  points: ConePoints,
  options: { signs: Float64Array; targetResponses: Float64Array; tolerance?: number; ridge?: readonly [first: number, factor: number]; isEnough?: (weights: Float64Array) => boolean },
): ConeProjection {
  const { signs, targetResponses, tolerance = 1e-11, ridge: [firstRidge, factor] = [0.001, 0.1], isEnough } = options;
  const { count, squaredNorms } = points;
  const norms = squaredNorms.map(Math.sqrt);
  let scale = 0;
  for (let i = 0; i < count; i++) if (norms[i]! > 0) scale = Math.max(scale, Math.abs(targetResponses[i]!) / norms[i]!);
  const weights = points.guess({ signs, targetResponses });
  for (let round = 0; ; round++) {
    const products = points.productsWith(weights);
    const responses = products.map((product, i) => product + targetResponses[i]!);
    const violations = responses.map((response, i) => (norms[i] === 0 ? 0 : (weights[i] === 0 ? -signs[i]! * response : Math.abs(response)) / (scale * norms[i]!)));
    const violation = violations.reduce((x, y) => Math.max(x, y), 0);
    const isSolved = violation <= tolerance;
    if (isSolved || round === mostRounds || isEnough?.(weights)) {
      return { weights, responses, squaredDistance: Math.max(0, dot(weights, 0, products, 0, count)), violation, isSolved, rounds: round };
    }
    const chosen = chooseWorkingSet(weights, violations, tolerance);
    const gather = (values: Float64Array) => Float64Array.from(chosen, (i) => values[i]!);
    const part = { count: chosen.length, gram: points.gram(chosen), signs: gather(signs), weights: gather(weights), responses: gather(responses) };
    proximalStep(part, Math.max(smallestRidge, firstRidge * factor ** round));
    chosen.forEach((i, k) => { weights[i] = part.weights[k]!; });
  }
}

/** The points with weight and the most violated of the others, half as many again. */
function chooseWorkingSet(weights: Float64Array, violations: Float64Array, tolerance: number): Int32Array {
  const withWeight = indicesWhere(weights.length, (i) => weights[i] !== 0);
  const wrong = indicesWhere(weights.length, (i) => weights[i] === 0 && violations[i]! > tolerance).sort((i, j) => violations[j]! - violations[i]! || i - j);
  return Int32Array.from([...withWeight, ...wrong.subarray(0, 50 + (withWeight.length >> 1))]).sort();
}
