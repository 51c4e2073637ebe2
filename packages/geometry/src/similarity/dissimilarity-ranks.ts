/**
 * Ranks the dissimilarities of all pairs of examples, 1 - Pearson correlation over features [kriegeskorte2008representational].
 *
 * @param inner  Inner products of the examples with their own mean over features taken off, shape (count, count).
 * @returns ranks from 1, ties at their mean, symmetric with a diagonal of 0, shape (count, count); undefined if an example has the
 *   same value in all features, to which nothing correlates.
 */
export function dissimilarityRanks(inner: Float64Array, count: number, { smallestNorm }: { smallestNorm: number }): Float32Array | undefined {
  const norms = Float64Array.from({ length: count }, (_, i) => Math.sqrt(Math.max(0, inner[i * count + i]!)));
  if (norms.some((norm) => !(norm > smallestNorm))) return undefined;
  const dissimilarity = (i: number, j: number): number => 1 - inner[i * count + j]! / (norms[i]! * norms[j]!);
  const sorted = new Float64Array((count * (count - 1)) / 2);
  for (let i = 0, at = 0; i < count; i++) for (let j = 0; j < i; j++) sorted[at++] = dissimilarity(i, j);
  sorted.sort();
  const ranks = new Float32Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const value = dissimilarity(i, j);
      // With places below .. above - 1 taken by equal values, their ranks average to this.
      const rank = (firstNotBelow(sorted, value) + 1 + firstAbove(sorted, value)) / 2;
      ranks[i * count + j] = rank;
      ranks[j * count + i] = rank;
    }
  }
  return ranks;
}

function firstNotBelow(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstAbove(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
