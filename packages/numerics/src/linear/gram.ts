import { dot } from './vector.js';

/** Columns handled at once: small enough that the block of every row stays in the cache. */
const columnBlock = 256;

/**
 * Computes the Gram matrix of the rows of a matrix: G = A A'.
 *
 * @param rows  A, shape (count, length), row-major.
 * @returns G, shape (count, count), row-major, exactly symmetric.
 */
export function gramOfRows(rows: Float64Array, count: number, length: number): Float64Array {
  const gram = new Float64Array(count * count);
  for (let start = 0; start < length; start += columnBlock) {
    const size = Math.min(columnBlock, length - start);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j <= i; j++) gram[i * count + j]! += dot(rows, i * length + start, rows, j * length + start, size);
    }
  }
  for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) gram[j * count + i] = gram[i * count + j]!;
  return gram;
}
