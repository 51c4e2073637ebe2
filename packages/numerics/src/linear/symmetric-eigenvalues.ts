import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/**
 * Computes the eigenvalues of a symmetric matrix, largest first.
 *
 * @param matrix  Shape (size, size), row-major; symmetric to the last bit.
 */
export function symmetricEigenvalues(matrix: Float64Array, size: number): number[] {
  const { realEigenvalues } = new EigenvalueDecomposition(Matrix.from1DArray(size, size, matrix), { assumeSymmetric: true });
  return realEigenvalues.sort((x, y) => y - x);
}
