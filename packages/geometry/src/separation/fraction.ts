import type { Estimate } from '../statistics/estimate.js';

/** Fraction of outcomes that are true, with its binomial standard error; NaN for none. */
export function fractionOf(outcomes: readonly boolean[]): Estimate {
  const value = outcomes.filter(Boolean).length / outcomes.length;
  return { value, standardError: Math.sqrt((value * (1 - value)) / outcomes.length) };
}
