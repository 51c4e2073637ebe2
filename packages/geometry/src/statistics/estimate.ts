/** A measured number. `standardError` is NaN where it can't be known; `value` is NaN where there is none. */
export type Estimate = { readonly value: number; readonly standardError: number };

/** Takes a number as it is, without an error to state. */
export function exactly(value: number): Estimate {
  return { value, standardError: Number.NaN };
}

/** Mean of independent values with its standard error, which is NaN for fewer than two. */
export function meanOf(values: ArrayLike<number>): Estimate {
  const count = values.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  const value = sum / count;
  if (count < 2) return exactly(value);
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (values[i]! - value) ** 2;
  return { value, standardError: Math.sqrt(squares / (count - 1) / count) };
}

/**
 * Standard error of a statistic by the jackknife: from its values with one sample left out each.
 *
 * @param leftOut  The statistic without sample i, shape (samples).
 * @returns NaN for fewer than two samples.
 */
export function jackknifeError(leftOut: ArrayLike<number>): number {
  const count = leftOut.length;
  if (count < 2) return Number.NaN;
  const { value } = meanOf(leftOut);
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (leftOut[i]! - value) ** 2;
  return Math.sqrt((squares * (count - 1)) / count);
}
