import { normalQuantile } from '../claims/estimate.js';
import type { Interval } from './interval.js';

/** Halvings that pin a root in [0, 1] down to the last digit of a double. */
const halvings = 60;

/**
 * How well a number tells two groups apart: the probability that it is larger in one of the first group than in one of the second, ties counted half.
 *
 * That is the area under the ROC curve: 0.5 is chance, 1 tells all apart. Its 95 % interval is the score interval of Newcombe
 * [newcombe2006confidence, method 5], which has a width where all are told apart, too; it answers for other members of the groups.
 *
 * @param first  Values of the first group, at least one, finite.
 * @param second  Values of the second group, at least one, finite.
 */
export function rocArea(first: readonly number[], second: readonly number[]): Interval {
  const [m, n] = [first.length, second.length];
  const value = (rankSum(first, second) - (m * (m + 1)) / 2) / (m * n);
  return { value, lower: lowerEnd(value, m, n), upper: 1 - lowerEnd(1 - value, m, n) };
}

/** The sum of the ranks, from 1, that the values of the first group have among all; equal ones share their mean rank. */
function rankSum(first: readonly number[], second: readonly number[]): number {
  const all = [...first.map((value) => ({ value, isFirst: true })), ...second.map((value) => ({ value, isFirst: false }))].sort((a, b) => a.value - b.value);
  let sum = 0;
  for (let begin = 0, end = 0; begin < all.length; begin = end) {
    let ofFirst = 0;
    for (; end < all.length && all[end]!.value === all[begin]!.value; end++) if (all[end]!.isFirst) ofFirst++;
    sum += (ofFirst * (begin + 1 + end)) / 2;
  }
  return sum;
}

/** The least area from which the one found lies no more than 1.96 of its standard errors away. */
function lowerEnd(found: number, m: number, n: number): number {
  const weight = (m + n) / 2 - 1;
  const standardError = (area: number): number => Math.sqrt((area * (1 - area) * (1 + weight * ((1 - area) / (2 - area) + area / (1 + area)))) / (m * n));
  let [low, high] = [0, found];
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2;
    if (found - middle > normalQuantile * standardError(middle)) low = middle;
    else high = middle;
  }
  return low;
}
