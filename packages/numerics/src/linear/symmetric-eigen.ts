import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/**
 * Decomposes a symmetric matrix into eigenvalues, largest first, and orthonormal eigenvectors.
 *
 * Householder tridiagonalization and QL. Takes some 20 ms at size 100 and 10 s at size 1000: keep it to small matrices.
 *
 * @param matrix  Shape (size, size), row-major; symmetric to the last bit.
 * @returns values: shape (size); vectors: shape (size, size), row i belongs to value i.
 */
export function symmetricEigen(matrix: Float64Array, size: number): { values: Float64Array; vectors: Float64Array } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(Matrix.from1DArray(size, size, matrix), { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const vectors = new Float64Array(size * size);
  order.forEach((column, i) => { for (let j = 0; j < size; j++) vectors[i * size + j] = eigenvectorMatrix.get(j, column); });
  return { values: Float64Array.from(order, (i) => realEigenvalues[i]!), vectors };
}
