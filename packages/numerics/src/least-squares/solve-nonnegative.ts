import { kernels } from '../kernels/kernels.js';

/** What {@link solveNonnegative} found for each right-hand side. */
export type NonnegativeSolutions = {
  /** a, shape (vectors, count). */
  readonly multipliers: Float64Array;
  /**
   * Shape (vectors): the largest violation of the optimality conditions, relative to the largest b; {@link allZero} if all of b <= 0, so that
   * a = 0; {@link notSolved} if the Gram matrix has lost too many digits on the support, or the exchanges did not end.
   */
  readonly outcomes: Float64Array;
};

export const [allZero, notSolved] = [-1, -2] as const;

/**
 * Solves min_{a >= 0} 1/2 a'Ga - a'b for many b: nonnegative least squares on a Gram matrix.
 *
 * Coordinate descent guesses the support, block principal pivoting [kim2011fast] finishes it, with a Cholesky factor of the support at
 * each step. Exact where it answers; where a pivot falls below 1e-7 of the largest it does not, for a Gram matrix squares the
 * condition number.
 *
 * @param gram  G, shape (count, count), row-major, positive semidefinite with a positive diagonal.
 * @param b  Shape (vectors, count).
 */
export function solveNonnegative(gram: Float64Array, b: Float64Array, { count, vectors }: { count: number; vectors: number }): NonnegativeSolutions {
  return kernels().borrow((allocate) => {
    const [g, right, multipliers, outcomes] = [allocate(count * count), allocate(vectors * count), allocate(vectors * count), allocate(vectors)];
    g.set(gram);
    right.set(b);
    const scratch = allocate((count + 2) * (count + 4));
    kernels().functions.solveNonnegative(g.byteOffset, count, right.byteOffset, vectors, multipliers.byteOffset, outcomes.byteOffset, scratch.byteOffset);
    return { multipliers: multipliers.slice(), outcomes: outcomes.slice() };
  });
}
