import type { RandomStream } from '@memgeo/numerics';
import type { Estimate } from './estimate.js';

/** An estimate with its 95 % interval. Standard error and interval are NaN where they can't be known. */
export type IntervalEstimate = Estimate & { readonly interval: readonly [lower: number, upper: number] };

/** Enough for a standard error that is right to 2 %. */
const resamples = 1000;

/**
 * Estimates a statistic of a sample by the bootstrap [efron1993bootstrap]: its standard error and 95 % interval (percentiles) over
 * samples drawn with replacement from the sample.
 *
 * Too narrow for a handful of values, as every bootstrap is.
 *
 * @param values  One per unit that could have been another, such as a manifold.
 * @param options.statistic  Maps the mean of the resampled values to the statistic; the identity by default.
 */
export function bootstrapMean(values: readonly number[], { random, statistic = (mean) => mean }: { random: RandomStream; statistic?: (mean: number) => number }): IntervalEstimate {
  const count = values.length;
  const value = statistic(values.reduce((sum, x) => sum + x, 0) / count);
  if (count < 2) return { value, standardError: Number.NaN, interval: [Number.NaN, Number.NaN] };
  const drawn = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[random.nextInteger(count)]!;
    drawn[r] = statistic(sum / count);
  }
  drawn.sort();
  const mean = drawn.reduce((sum, x) => sum + x, 0) / resamples;
  const variance = drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (resamples - 1);
  return { value, standardError: Math.sqrt(variance), interval: [drawn[Math.floor(0.025 * resamples)]!, drawn[Math.ceil(0.975 * resamples) - 1]!] };
}
