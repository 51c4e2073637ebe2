import { normalDensity, normalTail } from '../theory/normal-distribution.js';

// Legend: n = dimensions; p(n) = fraction of repetitions that are separable in n dimensions.

/** Where half of the repetitions become separable. */
export type CriticalDimension = {
  /** n at p(n) = 1/2 by linear interpolation; NaN if p(largest) < 1/2. */
  readonly value: number;
  readonly standardError: number;
  /** What was visited, ascending, with the number of separable repetitions. */
  readonly visited: readonly { readonly dimensions: number; readonly separable: number }[];
};

/**
 * Finds the number of dimensions in which half of the repetitions are separable, by bisection.
 *
 * Each repetition must be monotone: separable in n dimensions, it is so in more. Then it needs a test only where what is known of it does
 * not decide, p is monotone in n too, and the order of the search does not matter. Linear interpolation between the largest n
 * with p < 1/2 and the smallest with p >= 1/2 follows [stephenson2021geometry]'s program. The standard error is the binomial error of p over its
 * slope, that of a normal distribution fitted by maximum likelihood to the intervals in which the repetitions become separable.
 *
 * @param options.start  Dimensions to try first; it changes the work, not the result, unless there is a tolerance.
 * @param options.largest  Dimensions there are.
 * @param options.tolerance  The search ends at |p - 1/2| <= tolerance, or where the bracket is one dimension wide.
 * @param options.isSeparable  Tests a repetition.
 */
export function findCriticalDimension(
  { repetitions, start, largest, tolerance, isSeparable }: { repetitions: number; start: number; largest: number; tolerance: number; isSeparable: (repetition: number, dimensions: number) => boolean },
): CriticalDimension {
  // Not separable in `below`, separable in `above`. Without dimensions nothing is separable.
  const below = new Float64Array(repetitions);
  const above = new Float64Array(repetitions).fill(Infinity);
  const counts = new Map<number, number>();
  const visit = (n: number) => {
    let separable = 0;
    for (let r = 0; r < repetitions; r++) {
      if (below[r]! < n && n < above[r]!) {
        if (isSeparable(r, n)) above[r] = n;
        else below[r] = n;
      }
      if (n >= above[r]!) separable++;
    }
    counts.set(n, separable);
    return separable / repetitions;
  };
  let low = { n: 0, p: 0 };
  const first = Math.max(1, Math.min(start, largest));
  let high = { n: first, p: visit(first) };
  while (high.p < 0.5 && high.n < largest) {
    low = high;
    const n = Math.min(largest, 2 * high.n);
    high = { n, p: visit(n) };
  }
  const isFound = high.p >= 0.5;
  while (isFound && high.n - low.n > 1 && (tolerance === 0 || Math.min(0.5 - low.p, high.p - 0.5) > tolerance)) {
    const n = (low.n + high.n) >> 1;
    const p = visit(n);
    if (p < 0.5) low = { n, p };
    else high = { n, p };
  }
  const value = isFound ? low.n + ((0.5 - low.p) / (high.p - low.p)) * (high.n - low.n) : Number.NaN;
  const visited = [...counts].sort(([a], [b]) => a - b).map(([dimensions, separable]) => ({ dimensions, separable }));
  return { value, standardError: isFound ? 0.5 / Math.sqrt(repetitions) / steepness(value, below, above) : Number.NaN, visited };
}

/** Slope at the center of a normal distribution about it, most likely given the intervals; at most 1, as p can't rise by more in one dimension. */
function steepness(center: number, below: Float64Array, above: Float64Array): number {
  const logLikelihood = (logScale: number) => {
    const distribution = (n: number) => (n === 0 ? 0 : normalTail((center - n) / Math.exp(logScale)));
    let sum = 0;
    below.forEach((from, r) => { sum += Math.log(Math.max(1e-300, distribution(above[r]!) - distribution(from))); });
    return sum;
  };
  // Golden section: one maximum, between a step and a curve wider than all dimensions.
  const golden = (Math.sqrt(5) - 1) / 2;
  let [from, to] = [Math.log(normalDensity(0)), Math.log(10 * center + 1)];
  for (let i = 0; i < 30; i++) {
    const [left, right] = [to - golden * (to - from), from + golden * (to - from)];
    if (logLikelihood(left) < logLikelihood(right)) from = left;
    else to = right;
  }
  return normalDensity(0) / Math.exp(from);
}
