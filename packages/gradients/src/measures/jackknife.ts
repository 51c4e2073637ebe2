const sqrt = Math.sqrt;

/** A measurement and its standard error, null where unknown. */
export type Estimate = { readonly value: number; readonly standardError: number | null };

/**
 * A statistic of independent batches with the standard error that leaving out one batch at a time gives [efron1993bootstrap].
 *
 * Where a squared norm has nothing but noise to measure, the error is up to sqrt(2) too large.
 *
 * @param statistic  Of all batches, or of all but one.
 * @param batches  Number of batches; with less than 2 the error is null.
 */
export function jackknife(statistic: (left?: number) => number, batches: number): Estimate {
  return { value: statistic(), standardError: errorOf(statistic, batches) };
}

/** The same for a quotient of statistics of two independent divisions into batches. */
export function jackknifeQuotient(
  above: { readonly statistic: (left?: number) => number; readonly batches: number }, below: { readonly statistic: (left?: number) => number; readonly batches: number },
): Estimate {
  const [numerator, denominator] = [above.statistic(), below.statistic()];
  const errors = [
    errorOf((left) => above.statistic(left) / denominator, above.batches),
    errorOf((left) => numerator / below.statistic(left), below.batches),
  ] as const;
  return { value: numerator / denominator, standardError: errors[0] === null || errors[1] === null ? null : Math.hypot(errors[0], errors[1]) };
}

function errorOf(statistic: (left?: number) => number, batches: number): number | null {
  if (batches < 2) return null;
  const values = Array.from({ length: batches }, (_, left) => statistic(left));
  const mean = values.reduce((sum, value) => sum + value, 0) / batches;
  return sqrt(((batches - 1) / batches) * values.reduce((sum, value) => sum + (value - mean) ** 2, 0));
}
