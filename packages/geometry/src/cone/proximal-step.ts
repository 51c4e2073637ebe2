import { addScaled, dot, factorSemidefinite, solveFactored } from '@memgeo/numerics';

// Legend: G = Gram matrix of the working set; y = signs; c = weights, y_i c_i >= 0; h = G c + h0 = responses, the gradient of
// 1/2 c'Gc + c'h0; e = ridge; c0 = weights at the start; p = c0 - h / e = what the proximal problem makes of a response;
// J = active points, y_i p_i > 0.

/** A problem of nonnegative least squares and where its solution stands. */
export type WorkingSet = {
  readonly count: number;
  /** G, shape (count, count). */
  readonly gram: Float64Array;
  /** +1 or -1 per point. */
  readonly signs: Float64Array;
  /** c; updated. */
  readonly weights: Float64Array;
  /** h at the weights. */
  readonly responses: Float64Array;
};

const mostSteps = 50;

/**
 * Takes a proximal step on 1/2 c'Gc + c'h0 over weights c of given signs: minimizes it plus sum_i e_i (c_i - c0_i)^2 / 2.
 *
 * By semismooth Newton with line search on the dual of that problem, which is smooth, convex and unconstrained [li2018highly]: every step
 * factors e + G of the active points, so that dependent points and duplicates do no harm, and many points may enter and leave at once.
 * Steps repeated from the last weights converge to the minimum without the ridge, the faster the smaller it is.
 *
 * @param ridge  e_i as a fraction of G_ii.
 * @returns the number of Newton steps.
 */
export function proximalStep({ count, gram, signs, weights, responses }: WorkingSet, ridge: number): number {
  const e = Float64Array.from({ length: count }, (_, i) => ridge * gram[i * count + i]!);
  const start = Float64Array.from(weights);
  const [c, h, p] = [Float64Array.from(weights), Float64Array.from(responses), new Float64Array(count)];
  const update = () => {
    for (let i = 0; i < count; i++) {
      const free = start[i]! - h[i]! / e[i]!;
      p[i] = signs[i]! * free > 0 ? free : 0;
    }
  };
  update();
  let steps = 0;
  for (let isDone = false; !isDone && steps < mostSteps; steps++) {
    const gamma = newtonDirection({ gram, count, e, c, p });
    const eta = new Float64Array(count);
    for (let i = 0; i < count; i++) if (gamma[i] !== 0) addScaled(eta, 0, gamma[i]!, gram, i * count, count);
    const length = searchLine({ count, signs, e, start, c, h, gamma, eta });
    const before = p.map((value) => Math.sign(value));
    for (let i = 0; i < count; i++) {
      c[i]! += length * gamma[i]!;
      h[i]! += length * eta[i]!;
    }
    update();
    isDone = length === 1 && p.every((value, i) => Math.sign(value) === before[i]);
  }
  weights.set(p);
  return steps;
}

/** gamma with G gamma = the Newton direction of the responses: outside J c - p, there 0, taken back; inside (e + G_JJ) gamma_J = e (p - c) - G gamma outside. */
function newtonDirection({ gram, count, e, c, p }: { gram: Float64Array; count: number; e: Float64Array; c: Float64Array; p: Float64Array }): Float64Array {
  const active = indicesWhere(count, (i) => p[i] !== 0);
  const gamma = new Float64Array(count);
  const right = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    if (p[i] !== 0) right[i]! += e[i]! * (p[i]! - c[i]!);
    else if (c[i] !== 0) {
      gamma[i] = -c[i]!;
      addScaled(right, 0, c[i]!, gram, i * count, count);
    }
  }
  const size = active.length;
  const matrix = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    const row = active[k]! * count;
    for (let l = 0; l < k; l++) matrix[k * size + l] = gram[row + active[l]!]!;
    matrix[k * size + k] = gram[row + active[k]!]! + e[active[k]!]!;
  }
  const solution = solveFactored(factorSemidefinite(matrix, size), Float64Array.from(active, (i) => right[i]!));
  active.forEach((i, k) => { gamma[i] = solution[k]!; });
  return gamma;
}

/** The length of the step: 1, or where the derivative along it, which rises piecewise linearly, is about 0 before. */
function searchLine(
  { count, signs, e, start, c, h, gamma, eta }: { count: number; signs: Float64Array; e: Float64Array; start: Float64Array; c: Float64Array; h: Float64Array; gamma: Float64Array; eta: Float64Array },
): number {
  const [own, curvature] = [dot(c, 0, eta, 0, count), dot(gamma, 0, eta, 0, count)];
  const slopeAt = (length: number) => {
    let slope = own + length * curvature;
    for (let i = 0; i < count; i++) {
      const free = start[i]! - (h[i]! + length * eta[i]!) / e[i]!;
      if (signs[i]! * free > 0) slope -= free * eta[i]!;
    }
    return slope;
  };
  const first = slopeAt(0);
  if (!(first < 0) || slopeAt(1) <= -0.1 * first) return 1;
  let [low, high] = [0, 1];
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    const slope = slopeAt(middle);
    if (Math.abs(slope) <= -0.1 * first) return middle;
    if (slope < 0) low = middle;
    else high = middle;
  }
  return low || high;
}

/** Indices below `count` that satisfy a condition, ascending. */
export function indicesWhere(count: number, condition: (i: number) => boolean): Int32Array {
  const indices: number[] = [];
  for (let i = 0; i < count; i++) if (condition(i)) indices.push(i);
  return Int32Array.from(indices);
}
