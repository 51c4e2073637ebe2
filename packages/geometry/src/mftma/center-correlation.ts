/**
 * Computes the mean absolute cosine between different vectors, and its jackknife standard error over the vectors.
 *
 * With the globally centered class centers this is the center correlation of [stephenson2021geometry].
 *
 * @param gram  Inner products of the vectors, shape (count, count); count >= 2. Vectors of norm 0 count as uncorrelated.
 * @returns value in [0, 1]; standardError is NaN for count < 3.
 */
export function meanAbsoluteCosine(gram: Float64Array, count: number): { value: number; standardError: number } {
  const rowSums = new Float64Array(count);
  for (let p = 0; p < count; p++) {
    for (let q = 0; q < count; q++) {
      if (q === p) continue;
      const norms = Math.sqrt(gram[p * count + p]! * gram[q * count + q]!);
      if (norms > 0) rowSums[p]! += Math.abs(gram[p * count + q]!) / norms;
    }
  }
  const total = rowSums.reduce((sum, value) => sum + value, 0);
  const value = total / (count * (count - 1));
  if (count < 3) return { value, standardError: Number.NaN };
  // Without vector p, its row and its column are gone.
  let squares = 0;
  for (const row of rowSums) squares += ((total - 2 * row) / ((count - 1) * (count - 2)) - value) ** 2;
  return { value, standardError: Math.sqrt(((count - 1) / count) * squares) };
}
