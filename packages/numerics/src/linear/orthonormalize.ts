import { addScaled, dot } from './vector.js';

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
  const basis = new Float64Array(Math.min(count, length) * length);
  const coordinates = new Float64Array(count * count);
  const rest = new Float64Array(length);
  let rank = 0;
  for (let i = 0; i < count; i++) {
    rest.set(vectors.subarray(i * length, (i + 1) * length));
    const norm = Math.sqrt(dot(rest, 0, rest, 0, length));
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < rank; k++) {
        const component = dot(rest, 0, basis, k * length, length);
        coordinates[i * count + k]! += component;
        addScaled(rest, 0, -component, basis, k * length, length);
      }
    }
    const left = Math.sqrt(dot(rest, 0, rest, 0, length));
    if (rank === Math.min(count, length) || left <= tolerance * norm) continue;
    for (let j = 0; j < length; j++) basis[rank * length + j] = rest[j]! / left;
    coordinates[i * count + rank] = left;
    rank++;
  }
  return { basis: basis.subarray(0, rank * length), coordinates, rank };
}
