import { dot } from './vector.js';

/** Columns handled at once: small enough that the block of every row stays in the cache. */
const columnBlock = 256;

/**
 * Computes the inner products of the rows of two matrices: A B'.
 *
 * @param a  A, shape (aCount, length), row-major.
 * @param b  B, shape (bCount, length), row-major.
 * @returns shape (aCount, bCount), row-major.
 */
export function crossProducts(a: Float64Array, aCount: number, b: Float64Array, bCount: number, length: number): Float64Array {
  const products = new Float64Array(aCount * bCount);
  for (let start = 0; start < length; start += columnBlock) {
    const size = Math.min(columnBlock, length - start);
    for (let i = 0; i < aCount; i++) for (let j = 0; j < bCount; j++) products[i * bCount + j]! += dot(a, i * length + start, b, j * length + start, size);
  }
  return products;
}
