import type { RandomStream } from '@memgeo/numerics';

/** Runs up to which every permutation is tried: 9! = 362,880. */
const exactRuns = 9;
const drawnPermutations = 20_000;
const resampleCount = 2000;
/** Correlations closer than this are the same one, computed in another order. */
const tolerance = 1e-12;

export type RankCorrelation = {
  /** -1 to 1. */
  readonly value: number;
  /** 95 % interval: percentiles over samples of pairs drawn with replacement. */
  readonly interval: readonly [lower: number, upper: number];
  /** Chance of a correlation at least as large in size if y were in random order. */
  readonly pValue: number;
};

/**
 * Computes Spearman's rank correlation [spearman1904proof], its interval by the bootstrap [efron1993bootstrap], and its p-value by permutations.
 *
 * The p-value is exact up to 9 pairs, beyond that it is that of 20,000 random orders. Pairs count as independent; the interval is too narrow for a handful.
 *
 * @param x  At least 2 values.
 * @param y  As many.
 * @returns undefined if all of x or all of y are the same.
 */
export function rankCorrelation(x: readonly number[], y: readonly number[], { random }: { random: RandomStream }): RankCorrelation | undefined {
  const value = spearman(x, y);
  if (value === undefined) return undefined;
  return { value, interval: bootstrapInterval(x, y, random.fork('bootstrap')), pValue: permutationPValue(x, y, { random: random.fork('permutations') })! };
}

/**
 * Computes the chance of a rank correlation at least as large in size if y were in random order.
 *
 * @returns undefined if all of x or all of y are the same.
 */
export function permutationPValue(x: readonly number[], y: readonly number[], { random }: { random: RandomStream }): number | undefined {
  const [a, b] = [standardize(ranks(x)), standardize(ranks(y))];
  if (a === undefined || b === undefined) return undefined;
  const observed = Math.abs(productOf(a, b)!);
  const isAsLarge = (order: readonly number[]): boolean => Math.abs(productOf(a, order)!) >= observed - tolerance;
  let [atLeast, total] = [0, 0];
  if (b.length <= exactRuns) {
    forEachPermutation(b, (order) => {
      total++;
      if (isAsLarge(order)) atLeast++;
    });
    return atLeast / total;
  }
  for (; total < drawnPermutations; total++) if (isAsLarge(random.shuffle(b))) atLeast++;
  return (atLeast + 1) / (total + 1);
}

/** Correlation of the ranks of two lists; undefined if either is constant. */
export function spearman(x: readonly number[], y: readonly number[]): number | undefined {
  return productOf(standardize(ranks(x)), standardize(ranks(y)));
}

/** Ranks from 1; equal values share the mean of theirs. */
export function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const result = new Array<number>(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) result[order[i]!] = (start + end + 1) / 2;
    start = end;
  }
  return result;
}

/** Centered, of length 1; undefined if constant. */
function standardize(values: readonly number[]): number[] | undefined {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const norm = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  return norm > 0 ? values.map((value) => (value - mean) / norm) : undefined;
}

function productOf(a: readonly number[] | undefined, b: readonly number[] | undefined): number | undefined {
  if (a === undefined || b === undefined) return undefined;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return Math.min(1, Math.max(-1, sum));
}

/** Visits every order of the values once, by Heap's exchanges. The list is changed in place. */
function forEachPermutation(values: number[], visit: (order: readonly number[]) => void): void {
  const counters = new Array<number>(values.length).fill(0);
  visit(values);
  for (let i = 1; i < values.length;) {
    if (counters[i]! >= i) {
      counters[i++] = 0;
      continue;
    }
    const other = i % 2 === 0 ? 0 : counters[i]!;
    [values[i], values[other]] = [values[other]!, values[i]!];
    visit(values);
    counters[i]!++;
    i = 1;
  }
}

/** Samples in which all of x or all of y are the same have no correlation, and are passed over. */
function bootstrapInterval(x: readonly number[], y: readonly number[], random: RandomStream): [number, number] {
  const drawn: number[] = [];
  for (let r = 0; r < resampleCount; r++) {
    const sample = x.map(() => random.nextInteger(x.length));
    const value = spearman(sample.map((i) => x[i]!), sample.map((i) => y[i]!));
    if (value !== undefined) drawn.push(value);
  }
  drawn.sort((a, b) => a - b);
  return [drawn[Math.floor(0.025 * drawn.length)]!, drawn[Math.ceil(0.975 * drawn.length) - 1]!];
}
