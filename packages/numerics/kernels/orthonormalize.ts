// Gram-Schmidt with a second pass. Addresses and strides are in bytes; the caller owns the memory.

import { addCombinations } from './combinations';
import { crossProducts, innerProduct } from './products';

/**
 * Replaces vectors by an orthonormal basis of their span, in their order.
 *
 * @param vectors  Rows of one length, back to back. Of the result the first `rank` rows count.
 * @param coordinates  Receives each vector's coordinates, shape (count, count), zeros before; 0 to do without.
 * @param scratch  count 8 bytes.
 * @param tolerance  A vector is dependent if what is left of it is at most this fraction of its norm.
 * @returns the rank.
 */
export function orthonormalize(vectors: usize, count: i32, length: i32, coordinates: usize, scratch: usize, tolerance: f64): i32 {
  const bytes = <usize>length << 3;
  let rank = 0;
  for (let i = 0; i < count; i++) {
    const target = vectors + <usize>rank * bytes;
    if (rank < i) memory.copy(target, vectors + <usize>i * bytes, bytes);
    const norm = Math.sqrt(innerProduct(target, target, length));
    for (let pass = 0; pass < 2; pass++) {
      // All components at once, against the basis so far: as good as one after the other, since there are two passes.
      memory.fill(scratch, 0, <usize>rank << 3);
      crossProducts(target, bytes, 1, vectors, bytes, rank, length, scratch, 0, 0);
      for (let k = 0; k < rank; k++) {
        const c = scratch + (<usize>k << 3);
        const component = load<f64>(c);
        store<f64>(c, -component);
        if (coordinates) {
          const o = coordinates + (<usize>(i * count + k) << 3);
          store<f64>(o, load<f64>(o) + component);
        }
      }
      addCombinations(target, bytes, 1, scratch, 0, vectors, bytes, rank, length);
    }
    const left = Math.sqrt(innerProduct(target, target, length));
    if (rank == min(count, length) || !(left > tolerance * norm)) continue;
    for (let o: usize = 0; o < bytes; o += 8) store<f64>(target + o, load<f64>(target + o) / left);
    if (coordinates) store<f64>(coordinates + (<usize>(i * count + rank) << 3), left);
    rank++;
  }
  return rank;
}
