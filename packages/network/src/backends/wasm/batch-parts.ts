/** Sums vectors over the threads that each hold a part of a batch, in place. */
type Partners = { sum(values: Float64Array): void };

let partners: Partners | undefined;

/** Does work in which the batches of this thread are parts of larger ones, over all of which batch normalization goes. */
export function dividingBatches<T>(by: Partners | undefined, work: () => T): T {
  partners = by;
  try {
    return work();
  } finally {
    partners = undefined;
  }
}

/**
 * Sums over all parts of a batch.
 *
 * @param vectors  Of this part; left as they are.
 * @param rows  Of this part.
 * @returns the sums of the vectors, and the rows of the whole batch.
 */
export function overAllParts(vectors: readonly Float64Array[], rows: number): { sums: readonly Float64Array[]; rows: number } {
  if (!partners) return { sums: vectors, rows };
  const length = vectors[0]!.length;
  const all = new Float64Array(vectors.length * length + 1);
  vectors.forEach((vector, i) => all.set(vector, i * length));
  all[all.length - 1] = rows;
  partners.sum(all);
  return { sums: vectors.map((_, i) => all.subarray(i * length, (i + 1) * length)), rows: all.at(-1)! };
}

/** Replaces means and biased variances of the columns of this part by those of the whole batch. */
export function joinMoments(means: Float32Array, variances: Float32Array, rows: number): void {
  if (!partners) return;
  const whole = overAllParts([Float64Array.from(means, (mean) => rows * mean), Float64Array.from(means, (mean, c) => rows * (variances[c]! + mean ** 2))], rows);
  for (let c = 0; c < means.length; c++) {
    const mean = whole.sums[0]![c]! / whole.rows;
    means[c] = mean;
    variances[c] = Math.max(0, whole.sums[1]![c]! / whole.rows - mean ** 2);
  }
}
