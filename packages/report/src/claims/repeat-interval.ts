/** Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom [student1908probable]. */
const quantiles = [
  12.7062, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.306, 2.26216, 2.22814, 2.20099, 2.17881, 2.16037, 2.14479, 2.13145,
  2.11991, 2.10982, 2.10092, 2.09302, 2.08596, 2.07961, 2.07387, 2.06866, 2.0639, 2.05954, 2.05553, 2.05183, 2.04841, 2.04523, 2.04227,
];

/**
 * The mean of repeats and its 95 % interval, by Student's t [student1908probable].
 *
 * The interval answers for other repeats of the same kind, if they scatter as a normal distribution. Above 31 repeats, the
 * quantile for 31 is used, which is wider by at most 4 %.
 *
 * @param values  One value per repeat, finite, at least one. Equal values give exactly that value.
 * @returns `lower` and `upper` null for a single repeat.
 */
export function repeatInterval(values: readonly number[]): { readonly value: number; readonly lower: number | null; readonly upper: number | null } {
  const [first, count] = [values[0]!, values.length];
  const value = first + values.reduce((sum, each) => sum + (each - first), 0) / count;
  if (count < 2) return { value, lower: null, upper: null };
  const deviation = Math.sqrt(values.reduce((sum, each) => sum + (each - value) ** 2, 0) / (count - 1));
  const half = (quantiles[Math.min(count - 1, quantiles.length) - 1]! * deviation) / Math.sqrt(count);
  return { value, lower: value - half, upper: value + half };
}
