import { gramOfRows } from './cross-products.js';
import { dot } from './vector.js';

/**
 * Inverts a symmetric positive definite matrix by its Cholesky factor.
 *
 * Loses as many digits as the matrix's condition number has; add a ridge where that is too many.
 *
 * @param matrix  Shape (size, size), row-major; only the lower triangle is read.
 * @returns shape (size, size), exactly symmetric; undefined if the matrix is not positive definite to rounding.
 */
export function invertPositive(matrix: Float64Array, size: number): Float64Array | undefined {
  const factor = choleskyFactor(matrix, size);
  if (factor === undefined) return undefined;
  // Row j holds column j of the factor's inverse, so that every sum runs along rows.
  const columns = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    columns[j * size + j] = 1 / factor[j * size + j]!;
    for (let i = j + 1; i < size; i++) columns[j * size + i] = -dot(factor, i * size + j, columns, j * size + j, i - j) / factor[i * size + i]!;
  }
  return gramOfRows(columns, size, size);
}

function choleskyFactor(matrix: Float64Array, size: number): Float64Array | undefined {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) factor[i * size + j] = (matrix[i * size + j]! - dot(factor, i * size, factor, j * size, j)) / factor[j * size + j]!;
    const square = matrix[i * size + i]! - dot(factor, i * size, factor, i * size, i);
    if (!(square > 1e-15 * matrix[i * size + i]!)) return undefined;
    factor[i * size + i] = Math.sqrt(square);
  }
  return factor;
}
