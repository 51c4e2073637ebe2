/** Density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * Probability of a standard normal number above x.
 *
 * By its power series about 0 [marsaglia2004evaluating], beyond 2.5 by a continued fraction; right to 1e-13, relative, in the upper tail too.
 */
export function normalTail(x: number): number {
  if (x < -2.5) return 1 - normalTail(-x);
  if (x <= 2.5) {
    let [sum, term] = [x, x];
    for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
      term *= (x * x) / k;
      sum += term;
    }
    return 0.5 - sum * normalDensity(x);
  }
  let fraction = x;
  for (let k = 120; k >= 1; k--) fraction = x + k / fraction;
  return normalDensity(x) / fraction;
}
