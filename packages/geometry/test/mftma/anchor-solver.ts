import { dot } from '@memgeo/numerics';
import { solveOnPoints } from '../../src/mftma/solve-on-points.js';

// Legend: S = points as rows (M, width), each with a last coordinate of 1; t = Gaussian vector (width), margin added to its
// last coordinate; G = S S'; b = S t; a = multipliers. The problem is min_{a >= 0} 1/2 a'Ga - a'b, and y = Ga - b its gradient.

/** Sweeps of coordinate descent that guess the support. */
const guessSweeps = 3;
/** Block exchanges without progress before single exchanges begin, as in Kim and Park (2011). */
const patience = 3;
/** A Gram matrix squares the condition number; below this ratio of pivots the support is solved on the points themselves. */
const smallestPivotRatio = 1e-7;

/**
 * The twin of the kernel behind `solveNonnegative` of @memgeo/numerics, in the same steps and written to be read.
 *
 * Coordinate descent guesses the support, block principal pivoting [kim2011fast] finishes it with Cholesky on the Gram matrix; where
 * that is ill-conditioned, singular or does not end, the active set on the points takes over.
 */
export class AnchorSolver {
  /** Multipliers of the last solve, shape (M). */
  readonly multipliers: Float64Array;
  readonly #points: Float64Array;
  readonly #count: number;
  readonly #width: number;
  readonly #gram: Float64Array;
  readonly #gradient: Float64Array;
  readonly #support: Int32Array;
  readonly #inSupport: Uint8Array;
  readonly #factor: Float64Array;
  readonly #solution: Float64Array;

  /**
   * @param points  S, shape (count, width).
   * @param gram  S S', shape (count, count).
   */
  constructor(points: Float64Array, gram: Float64Array, count: number, width: number) {
    this.#points = points;
    this.#gram = gram;
    this.#count = count;
    this.#width = width;
    this.multipliers = new Float64Array(count);
    this.#gradient = new Float64Array(count);
    this.#support = new Int32Array(count);
    this.#inSupport = new Uint8Array(count);
    this.#factor = new Float64Array(count * count);
    this.#solution = new Float64Array(count);
  }

  /**
   * Fills {@link multipliers} with the solution for t.
   *
   * @param b  S t, shape (M).
   * @returns whether any multiplier is positive; if not, t lies inside the polar cone.
   */
  solve(t: Float64Array, b: Float64Array): boolean {
    const { multipliers } = this;
    multipliers.fill(0);
    let largest = 0;
    for (let i = 0; i < this.#count; i++) largest = Math.max(largest, b[i]!);
    if (largest <= 0) return false;
    this.#guessSupport(b);
    if (!this.#pivot(b, 1e-13 * largest)) {
      multipliers.set(solveOnPoints(this.#points, t, { count: this.#count, width: this.#width }));
    }
    return true;
  }

  /** A few sweeps of projected coordinate descent from zero. */
  #guessSupport(b: Float64Array): void {
    const [count, gram, a, y] = [this.#count, this.#gram, this.multipliers, this.#gradient];
    for (let i = 0; i < count; i++) y[i] = -b[i]!;
    for (let sweep = 0; sweep < guessSweeps; sweep++) {
      for (let i = 0; i < count; i++) {
        const old = a[i]!;
        if (old === 0 && y[i]! >= 0) continue;
        const next = Math.max(0, old - y[i]! / gram[i * count + i]!);
        const step = next - old;
        if (step === 0) continue;
        a[i] = next;
        const row = i * count;
        for (let j = 0; j < count; j++) y[j]! += step * gram[row + j]!;
      }
    }
    for (let i = 0; i < count; i++) this.#inSupport[i] = a[i]! > 0 ? 1 : 0;
  }

  /** Block principal pivoting from the guessed support. @returns false if the Gram matrix is not to be trusted or it does not end. */
  #pivot(b: Float64Array, tolerance: number): boolean {
    const [count, gram, y, support, inSupport, solution] = [this.#count, this.#gram, this.#gradient, this.#support, this.#inSupport, this.#solution];
    let fewest = count + 1;
    let chances = patience;
    for (let iteration = 0; iteration < 5 * count + 20; iteration++) {
      let size = 0;
      for (let i = 0; i < count; i++) if (inSupport[i]) support[size++] = i;
      if (!this.#solveSupport(b, size)) return false;
      let wrong = 0;
      let lastWrong = -1;
      for (let k = 0; k < size; k++) if (solution[k]! < 0) { wrong++; lastWrong = support[k]!; }
      for (let j = 0; j < count; j++) {
        if (inSupport[j]) continue;
        let value = -b[j]!;
        for (let k = 0; k < size; k++) value += gram[j * count + support[k]!]! * solution[k]!;
        y[j] = value;
        if (value < -tolerance) { wrong++; lastWrong = Math.max(lastWrong, j); }
      }
      if (wrong === 0) {
        this.multipliers.fill(0);
        for (let k = 0; k < size; k++) this.multipliers[support[k]!] = solution[k]!;
        return true;
      }
      if (wrong < fewest) {
        fewest = wrong;
        chances = patience;
      } else if (chances > 0) {
        chances--;
      } else {
        inSupport[lastWrong]! ^= 1;
        continue;
      }
      for (let k = 0; k < size; k++) if (solution[k]! < 0) inSupport[support[k]!] = 2;
      for (let j = 0; j < count; j++) {
        if (inSupport[j] === 2) inSupport[j] = 0;
        else if (!inSupport[j] && y[j]! < -tolerance) inSupport[j] = 1;
      }
    }
    return false;
  }

  /** Solves G a = b on the support by Cholesky. @returns false if a pivot is too small. */
  #solveSupport(b: Float64Array, size: number): boolean {
    const [count, gram, support, L, x] = [this.#count, this.#gram, this.#support, this.#factor, this.#solution];
    let [smallest, largest] = [Infinity, 0];
    for (let i = 0; i < size; i++) {
      const row = support[i]! * count;
      for (let j = 0; j < i; j++) L[i * count + j] = (gram[row + support[j]!]! - dot(L, i * count, L, j * count, j)) * L[j * count + j]!;
      const pivot = gram[row + support[i]!]! - dot(L, i * count, L, i * count, i);
      smallest = Math.min(smallest, pivot);
      largest = Math.max(largest, pivot);
      if (!(smallest > smallestPivotRatio * largest)) return false;
      // The diagonal keeps its inverse: it is only ever divided by.
      L[i * count + i] = 1 / Math.sqrt(pivot);
    }
    for (let i = 0; i < size; i++) x[i] = (b[support[i]!]! - dot(L, i * count, x, 0, i)) * L[i * count + i]!;
    for (let i = size - 1; i >= 0; i--) {
      const value = x[i]! * L[i * count + i]!;
      x[i] = value;
      for (let j = 0; j < i; j++) x[j]! -= L[i * count + j]! * value;
    }
    return true;
  }
}
