import { kernels } from '../kernels/kernels.js';
import { dot } from './vector.js';

/** Rows and columns handled at once. */
const block = 48;

/** A Cholesky factor of a positive semidefinite matrix. */
export type CholeskyFactor = {
  readonly count: number;
  /** L, lower triangular, shape (count, count); of its diagonal, see `inverses`. */
  readonly lower: Float64Array;
  /** Inverses of the diagonal of L, shape (count); 0 where the row depends on those before it. */
  readonly inverses: Float64Array;
};

/**
 * Factors a symmetric positive semidefinite matrix, G = L L', and marks the rows that depend on those before them.
 *
 * Left-looking in blocks. A Gram matrix squares the condition number: what depends to half of the digits counts as dependent.
 *
 * @param matrix  G, shape (count, count), row-major; its lower triangle is read.
 * @param options.tolerance  A row is dependent if its pivot is at most this fraction of its diagonal element. Default 1e-12.
 */
export function factorSemidefinite(matrix: Float64Array, count: number, { tolerance = 1e-12 }: { tolerance?: number } = {}): CholeskyFactor {
  const inverses = new Float64Array(count);
  const lower = kernels().borrow((allocate) => {
    const L = allocate(count * count);
    const product = allocate(block * block);
    for (let rowStart = 0; rowStart < count; rowStart += block) {
      const rows = Math.min(block, count - rowStart);
      for (let start = 0; start <= rowStart; start += block) {
        const columns = Math.min(block, count - start);
        product.fill(0, 0, rows * columns);
        const at = (row: number) => L.byteOffset + 8 * row * count;
        kernels().functions.crossProducts(at(rowStart), 8 * count, rows, at(start), 8 * count, columns, start, product.byteOffset, 8 * columns, Number(start === rowStart));
        for (let r = 0; r < rows; r++) {
          const row = rowStart + r;
          for (let c = 0; c < columns && start + c < row; c++) {
            const column = start + c;
            const left = matrix[row * count + column]! - product[r * columns + c]! - dot(L, row * count + start, L, column * count + start, c);
            L[row * count + column] = left * inverses[column]!;
          }
          if (start !== rowStart) continue;
          const whole = matrix[row * count + row]!;
          const pivot = whole - product[r * columns + r]! - dot(L, row * count + start, L, row * count + start, r);
          if (!(pivot > tolerance * whole)) continue;
          L[row * count + row] = Math.sqrt(pivot);
          inverses[row] = 1 / L[row * count + row]!;
        }
      }
    }
    return L.slice();
  });
  return { count, lower, inverses };
}

/**
 * Solves G x = b, with x = 0 where a row is dependent; exact if b lies in the range of G.
 *
 * @param b  Shape (count). Not modified.
 */
export function solveFactored({ count, lower, inverses }: CholeskyFactor, b: Float64Array): Float64Array {
  const x = forwardSubstitute({ count, lower, inverses }, b);
  for (let i = count - 1; i >= 0; i--) {
    const value = x[i]! * inverses[i]!;
    x[i] = value;
    if (value !== 0) for (let j = 0; j < i; j++) x[j]! -= lower[i * count + j]! * value;
  }
  return x;
}

/**
 * Computes b'G^+ b for b in the range of G.
 *
 * @param b  Shape (count). Not modified.
 */
export function inverseQuadraticForm(factor: CholeskyFactor, b: Float64Array): number {
  const x = forwardSubstitute(factor, b);
  return dot(x, 0, x, 0, factor.count);
}

function forwardSubstitute({ count, lower, inverses }: CholeskyFactor, b: Float64Array): Float64Array {
  const x = new Float64Array(count);
  for (let i = 0; i < count; i++) x[i] = (b[i]! - dot(lower, i * count, x, 0, i)) * inverses[i]!;
  return x;
}
