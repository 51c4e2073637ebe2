import type { RandomStream } from '@memgeo/numerics';
import type { Estimate } from './estimate.js';

/** An estimate with its 95 % interval. Standard error and interval are NaN where they can't be known. */
export type IntervalEstimate = Estimate & { readonly interval: readonly [lower: number, upper: number] };

/** Enough for a standard error that is right to 2 %. */
const resampleCount = 1000;

/** Draws samples with replacement from so many units. @returns the units of each sample, shape (resamples, count). */
export function drawResamples(count: number, random: RandomStream): Int32Array {
  return Int32Array.from({ length: resampleCount * count }, () => random.nextInteger(count));
}

/**
 * Estimates a statistic of a sample by the bootstrap [efron1993bootstrap]: its standard error and 95 % interval (percentiles) over
 * samples drawn with replacement from the sample.
 *
 * Too narrow for a handful of values, as every bootstrap is.
 *
 * @param values  One per unit that could have been another, such as a manifold.
 * @param options.resamples  From {@link drawResamples}; the same for all statistics of the same units.
 * @param options.statistic  Maps the mean of the resampled values to the statistic; the identity by default.
 */
export function bootstrapMean(values: readonly number[], { resamples, statistic = (mean) => mean }: { resamples: Int32Array; statistic?: (mean: number) => number }): IntervalEstimate {
  const count = values.length;
  const value = statistic(values.reduce((sum, x) => sum + x, 0) / count);
  if (count < 2) return { value, standardError: Number.NaN, interval: [Number.NaN, Number.NaN] };
  const drawn = new Float64Array(resampleCount);
  for (let r = 0; r < resampleCount; r++) {
    let sum = 0;
    for (let i = r * count; i < (r + 1) * count; i++) sum += values[resamples[i]!]!;
    drawn[r] = statistic(sum / count);
  }
  drawn.sort();
  const mean = drawn.reduce((sum, x) => sum + x, 0) / resampleCount;
  const variance = drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (resampleCount - 1);
  return { value, standardError: Math.sqrt(variance), interval: [drawn[Math.floor(0.025 * resampleCount)]!, drawn[Math.ceil(0.975 * resampleCount) - 1]!] };
}
