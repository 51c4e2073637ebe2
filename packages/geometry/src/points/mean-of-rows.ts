/**
 * Averages rows of a row-major matrix, in float64.
 *
 * @param rows  Indices of rows, at least 1.
 * @returns shape (features).
 */
export function meanOfRows(data: Float32Array | Float64Array, features: number, rows: ArrayLike<number>): Float64Array {
  const mean = new Float64Array(features);
  for (let i = 0; i < rows.length; i++) for (let j = 0, k = rows[i]! * features; j < features; j++, k++) mean[j]! += data[k]!;
  return mean.map((x) => x / rows.length);
}
