import { kernels } from '../kernels/kernels.js';

/**
 * Orthonormalizes vectors in their order, by Gram-Schmidt with a second pass that makes them orthogonal to rounding.
 *
 * @param vectors  Shape (count, length), one vector per row; not modified.
 * @param options.tolerance  A vector is dependent if what is left of it is at most this fraction of its norm. Default 1e-12.
 * @returns basis: the `rank` orthonormal vectors, shape (rank, length); coordinates: of each vector in the basis,
 *   shape (count, count), lower triangular in order of acceptance, zero beyond column `rank`.
 */
export function orthonormalize(
  vectors: Float64Array, count: number, length: number, options: { tolerance?: number } = {},
): { basis: Float64Array; coordinates: Float64Array; rank: number } {
  const { tolerance = 1e-12 } = options;
  return kernels().borrow((allocate) => {
    const [basis, coordinates, scratch] = [allocate(count * length), allocate(count * count), allocate(count)];
    basis.set(vectors);
    const rank = kernels().functions.orthonormalize(basis.byteOffset, count, length, coordinates.byteOffset, scratch.byteOffset, tolerance);
    return { basis: basis.slice(0, rank * length), coordinates: coordinates.slice(), rank };
  });
}
