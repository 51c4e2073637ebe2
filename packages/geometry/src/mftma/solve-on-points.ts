import { dot } from '@memgeo/numerics';
import { leastSquares } from './least-squares.js';

/**
 * Solves min_{a >= 0} |sum_i a_i s_i - t|^2 by Lawson and Hanson's active set [lawson1974solving], on the points themselves.
 *
 * Slow, and right where a Gram matrix has lost the digits. Ends because every accepted step lowers the distance.
 *
 * @param points  s_i as rows, shape (count, width).
 * @param t  Shape (width).
 * @returns a, shape (count).
 */
export function solveOnPoints(points: Float64Array, t: Float64Array, { count, width }: { count: number; width: number }): Float64Array {
  const a = new Float64Array(count);
  const passive: number[] = [];
  const residual = Float64Array.from(t);
  const scale = Math.sqrt(dot(t, 0, t, 0, width));
  const tolerances = Float64Array.from({ length: count }, (_, i) => 1e-13 * scale * Math.sqrt(dot(points, i * width, points, i * width, width)));
  const refused = new Set<number>();
  for (;;) {
    let [best, entering] = [0, -1];
    for (let i = 0; i < count; i++) {
      if (passive.includes(i) || refused.has(i)) continue;
      const excess = dot(points, i * width, residual, 0, width);
      if (excess > tolerances[i]! && excess / tolerances[i]! > best) { best = excess / tolerances[i]!; entering = i; }
    }
    if (entering < 0) return a;
    passive.push(entering);
    let solution = leastSquares(points, passive, width, t);
    if (solution === undefined || !(solution[passive.length - 1]! > 0)) {
      passive.pop();
      refused.add(entering);
      continue;
    }
    refused.clear();
    while (solution.some((value) => value <= 0)) {
      let [step, blocking] = [1, -1];
      for (const [k, i] of passive.entries()) {
        if (solution[k]! > 0) continue;
        const allowed = a[i]! / (a[i]! - solution[k]!);
        if (allowed <= step) { step = allowed; blocking = k; }
      }
      for (const [k, i] of passive.entries()) a[i] = a[i]! + step * (solution[k]! - a[i]!);
      a[passive[blocking]!] = 0;
      passive.splice(blocking, 1);
      solution = leastSquares(points, passive, width, t) ?? solution.filter((_, k) => k !== blocking);
    }
    passive.forEach((i, k) => { a[i] = solution[k]!; });
    residual.set(t);
    for (const i of passive) for (let j = 0; j < width; j++) residual[j]! -= a[i]! * points[i * width + j]!;
  }
}
