// Gram-Schmidt with a second pass. Addresses and strides are in bytes; the caller owns the memory.

import { addScaled } from './combinations';
import { innerProduct } from './products';

/**
 * Replaces vectors by an orthonormal basis of their span, in their order.
 *
 * @param vectors  Rows of one length, back to back. Of the result the first `rank` rows count.
 * @param coordinates  Receives each vector's coordinates, shape (count, count), zeros before; 0 to do without.
 * @param tolerance  A vector is dependent if what is left of it is at most this fraction of its norm.
 * @returns the rank.
 */
export function orthonormalize(vectors: usize, count: i32, length: i32, coordinates: usize, tolerance: f64): i32 {
  const bytes = <usize>length << 3;
  let rank = 0;
  for (let i = 0; i < count; i++) {
    const target = vectors + <usize>rank * bytes;
    if (rank < i) memory.copy(target, vectors + <usize>i * bytes, bytes);
    const norm = Math.sqrt(innerProduct(target, target, length));
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < rank; k++) {
        const axis = vectors + <usize>k * bytes;
        const component = innerProduct(target, axis, length);
        addScaled(target, -component, axis, length);
        if (coordinates) {
          const o = coordinates + (<usize>(i * count + k) << 3);
          store<f64>(o, load<f64>(o) + component);
        }
      }
    }
    const left = Math.sqrt(innerProduct(target, target, length));
    if (rank == min(count, length) || !(left > tolerance * norm)) continue;
    for (let o: usize = 0; o < bytes; o += 8) store<f64>(target + o, load<f64>(target + o) / left);
    if (coordinates) store<f64>(coordinates + (<usize>(i * count + rank) << 3), left);
    rank++;
  }
  return rank;
}
