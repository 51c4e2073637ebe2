/** Largest excess of |actual - expected| over atol + rtol |expected|, numpy's rule; at most 0 if all are close. */
export function excess(actual: ArrayLike<number>, expected: ArrayLike<number>, { rtol, atol = 0 }: { rtol: number; atol?: number }): number {
  if (actual.length !== expected.length) return Infinity;
  let worst = -Infinity;
  for (let i = 0; i < expected.length; i++) {
    const over = Math.abs(actual[i]! - expected[i]!) - atol - rtol * Math.abs(expected[i]!);
    worst = Number.isNaN(over) ? Infinity : Math.max(worst, over);
  }
  return worst;
}
