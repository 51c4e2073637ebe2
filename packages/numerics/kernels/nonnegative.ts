// Nonnegative least squares on a Gram matrix: min_{a >= 0} 1/2 a'Ga - a'b, for many b.
// The same steps as in packages/geometry/test/mftma/anchor-solver.ts, which is written to be read.
// Legend: a = multipliers, y = Ga - b = gradient, L = Cholesky factor with inverse diagonal, x = solution on the support.

import { addScaled } from './combinations';
import { innerProduct } from './products';

/** Sweeps of coordinate descent that guess the support. */
const guessSweeps: i32 = 3;
/** Block exchanges without progress before single exchanges begin [kim2011fast]. */
const patience: i32 = 3;
/** Below this ratio of pivots the Gram matrix has lost too many digits. */
const smallestPivotRatio: f64 = 1e-7;

// @ts-ignore: decorator
@inline
function at(vector: usize, i: i32): usize {
  return vector + (<usize>i << 3);
}

/** A few sweeps of projected coordinate descent from zero; marks the support. */
function guessSupport(gram: usize, count: i32, b: usize, a: usize, y: usize, inSupport: usize): void {
  const rowBytes = <usize>count << 3;
  for (let i = 0; i < count; i++) {
    store<f64>(at(a, i), 0);
    store<f64>(at(y, i), -load<f64>(at(b, i)));
  }
  for (let sweep = 0; sweep < guessSweeps; sweep++) {
    for (let i = 0; i < count; i++) {
      const old = load<f64>(at(a, i));
      const slope = load<f64>(at(y, i));
      if (old == 0 && slope >= 0) continue;
      const row = gram + <usize>i * rowBytes;
      const next = max<f64>(0, old - slope / load<f64>(at(row, i)));
      const step = next - old;
      if (step == 0) continue;
      store<f64>(at(a, i), next);
      addScaled(y, step, row, count);
    }
  }
  for (let i = 0; i < count; i++) store<u8>(inSupport + i, load<f64>(at(a, i)) > 0 ? 1 : 0);
}

/** Solves G x = b on the support by Cholesky. @returns false if a pivot is too small. */
function solveSupport(gram: usize, count: i32, b: usize, support: usize, size: i32, L: usize, x: usize): bool {
  const rowBytes = <usize>count << 3;
  let smallest: f64 = Infinity, largest: f64 = 0;
  for (let i = 0; i < size; i++) {
    const si = load<i32>(support + (<usize>i << 2));
    const row = gram + <usize>si * rowBytes;
    const Li = L + <usize>i * rowBytes;
    for (let j = 0; j < i; j++) {
      const Lj = L + <usize>j * rowBytes;
      const g = load<f64>(at(row, load<i32>(support + (<usize>j << 2))));
      store<f64>(at(Li, j), (g - innerProduct(Li, Lj, j)) * load<f64>(at(Lj, j)));
    }
    const pivot = load<f64>(at(row, si)) - innerProduct(Li, Li, i);
    smallest = min(smallest, pivot);
    largest = max(largest, pivot);
    if (!(smallest > smallestPivotRatio * largest)) return false;
    const inverse = 1 / Math.sqrt(pivot);
    store<f64>(at(Li, i), inverse);
    store<f64>(at(x, i), (load<f64>(at(b, si)) - innerProduct(Li, x, i)) * inverse);
  }
  for (let i = size - 1; i >= 0; i--) {
    const Li = L + <usize>i * rowBytes;
    const value = load<f64>(at(x, i)) * load<f64>(at(Li, i));
    store<f64>(at(x, i), value);
    addScaled(x, -value, Li, i);
  }
  return true;
}

/** Fills y outside the support. @returns how many entries of x and y have the wrong sign; the index of the last is stored. */
// @ts-ignore: decorator
@inline
function countWrong(
  gram: usize, count: i32, b: usize, support: usize, size: i32, x: usize, y: usize, inSupport: usize, tolerance: f64, lastWrong: usize,
): i32 {
  const rowBytes = <usize>count << 3;
  for (let j = 0; j < count; j++) store<f64>(at(y, j), -load<f64>(at(b, j)));
  let wrong = 0, last = -1;
  for (let k = 0; k < size; k++) {
    const s = load<i32>(support + (<usize>k << 2));
    addScaled(y, load<f64>(at(x, k)), gram + <usize>s * rowBytes, count);
    if (load<f64>(at(x, k)) < 0) { wrong++; last = s; }
  }
  for (let j = 0; j < count; j++) {
    if (load<u8>(inSupport + j) == 0 && load<f64>(at(y, j)) < -tolerance) { wrong++; last = max(last, j); }
  }
  store<i32>(lastWrong, last);
  return wrong;
}

/** Block principal pivoting from the guessed support. @returns the size of the support, or -1 if the Gram matrix is not to be trusted or it does not end. */
function pivot(gram: usize, count: i32, b: usize, a: usize, y: usize, L: usize, x: usize, support: usize, inSupport: usize, tolerance: f64): i32 {
  let fewest = count + 1, chances = patience;
  const lastWrong = support + (<usize>count << 2);
  for (let iteration = 0; iteration < 5 * count + 20; iteration++) {
    let size = 0;
    for (let i = 0; i < count; i++) if (load<u8>(inSupport + i)) store<i32>(support + (<usize>(size++) << 2), i);
    if (!solveSupport(gram, count, b, support, size, L, x)) return -1;
    const wrong = countWrong(gram, count, b, support, size, x, y, inSupport, tolerance, lastWrong);
    if (wrong == 0) {
      for (let i = 0; i < count; i++) store<f64>(at(a, i), 0);
      for (let k = 0; k < size; k++) store<f64>(at(a, load<i32>(support + (<usize>k << 2))), load<f64>(at(x, k)));
      return size;
    }
    if (wrong < fewest) {
      fewest = wrong;
      chances = patience;
    } else if (chances > 0) {
      chances--;
    } else {
      const flag = inSupport + load<i32>(lastWrong);
      store<u8>(flag, load<u8>(flag) ^ 1);
      continue;
    }
    for (let k = 0; k < size; k++) if (load<f64>(at(x, k)) < 0) store<u8>(inSupport + load<i32>(support + (<usize>k << 2)), 2);
    for (let j = 0; j < count; j++) {
      const flag = load<u8>(inSupport + j);
      if (flag == 2) store<u8>(inSupport + j, 0);
      else if (flag == 0 && load<f64>(at(y, j)) < -tolerance) store<u8>(inSupport + j, 1);
    }
  }
  return -1;
}

/**
 * Solves for `vectors` right-hand sides.
 *
 * @param gram  G, shape (count, count).
 * @param b  Shape (vectors, count).
 * @param a  Receives the multipliers, shape (vectors, count).
 * @param outcome  Receives per vector: the largest KKT violation relative to the largest b; -1 if all of b <= 0, so that a = 0; -2 if not solved.
 * @param scratch  (count + 2) (count + 4) 8 bytes.
 */
export function solveNonnegative(gram: usize, count: i32, b: usize, vectors: i32, a: usize, outcome: usize, scratch: usize): void {
  const vectorBytes = <usize>count << 3;
  const y = scratch, x = y + vectorBytes + 16, L = x + vectorBytes + 16;
  const support = L + <usize>count * vectorBytes, inSupport = support + (<usize>(count + 2) << 2);
  for (let v = 0; v < vectors; v++) {
    const bv = b + <usize>v * vectorBytes, av = a + <usize>v * vectorBytes;
    let largest: f64 = 0;
    for (let i = 0; i < count; i++) largest = max(largest, load<f64>(at(bv, i)));
    if (largest <= 0) {
      for (let i = 0; i < count; i++) store<f64>(at(av, i), 0);
      store<f64>(at(outcome, v), -1);
      continue;
    }
    guessSupport(gram, count, bv, av, y, inSupport);
    const size = pivot(gram, count, bv, av, y, L, x, support, inSupport, 1e-13 * largest);
    if (size < 0) {
      store<f64>(at(outcome, v), -2);
      continue;
    }
    let violation: f64 = 0;
    for (let j = 0; j < count; j++) {
      const slope = load<f64>(at(y, j));
      violation = max(violation, load<u8>(inSupport + j) ? abs(slope) : -slope);
    }
    store<f64>(at(outcome, v), violation / largest);
  }
}
