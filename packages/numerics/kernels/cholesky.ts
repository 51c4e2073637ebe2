// Cholesky factor of a Gram matrix. Addresses and strides are in bytes; the caller owns the memory.

import { innerProduct } from './products';

/**
 * Factors G = L L' row by row.
 *
 * @param L  Receives the lower triangle; what lies above it is left alone.
 * @returns the number of rows done: less than `count` if a pivot is not above `tolerance` times the largest before it.
 */
export function factorGram(gram: usize, L: usize, count: i32, stride: usize, tolerance: f64): i32 {
  let largest: f64 = 0;
  for (let i = 0; i < count; i++) {
    const row = gram + <usize>i * stride, Li = L + <usize>i * stride;
    for (let j = 0; j < i; j++) {
      const o = <usize>j << 3, Lj = L + <usize>j * stride;
      store<f64>(Li + o, (load<f64>(row + o) - innerProduct(Li, Lj, j)) / load<f64>(Lj + o));
    }
    const o = <usize>i << 3;
    const pivot = load<f64>(row + o) - innerProduct(Li, Li, i);
    largest = max(largest, pivot);
    if (!(pivot > tolerance * largest)) return i;
    store<f64>(Li + o, Math.sqrt(pivot));
  }
  return count;
}
