import { dot, gatherRows, orthonormalize } from '@memgeo/numerics';

/**
 * Solves min |sum_k x_k s_k - t|^2 over the chosen rows s_k of a matrix, by orthogonalization.
 *
 * @param rows  Shape (any, width).
 * @param chosen  Indices of the rows to combine.
 * @returns x, one per chosen row; undefined if the rows are dependent.
 */
export function leastSquares(rows: Float64Array, chosen: readonly number[], width: number, t: Float64Array): Float64Array | undefined {
  const count = chosen.length;
  const { basis, coordinates, rank } = orthonormalize(gatherRows(rows, width, chosen), count, width, { tolerance: 1e-14 });
  if (rank < count) return undefined;
  // Project t with a corrected residual, then solve the triangular system.
  const projections = new Float64Array(count);
  const residual = Float64Array.from(t);
  for (let pass = 0; pass < 2; pass++) {
    for (let k = 0; k < count; k++) {
      const component = dot(basis, k * width, residual, 0, width);
      projections[k]! += component;
      for (let j = 0; j < width; j++) residual[j]! -= component * basis[k * width + j]!;
    }
  }
  const x = new Float64Array(count);
  for (let k = count - 1; k >= 0; k--) {
    let value = projections[k]!;
    for (let i = k + 1; i < count; i++) value -= coordinates[i * count + k]! * x[i]!;
    x[k] = value / coordinates[k * count + k]!;
  }
  return x;
}
