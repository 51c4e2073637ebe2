import { crossProducts } from '@memgeo/numerics';

const blockSize = 256;

/**
 * Computes the Gram matrix of vectors that are made on demand, a block of them at a time.
 *
 * @param vectors  Returns vectors start .. start + count, shape (count, length), float64.
 * @returns shape (count, count), row-major, exactly symmetric.
 */
export function blockwiseGram(vectors: (start: number, count: number) => Float64Array, count: number, length: number): Float64Array {
  const gram = new Float64Array(count * count);
  for (let i = 0; i < count; i += blockSize) {
    const iCount = Math.min(blockSize, count - i);
    const iVectors = vectors(i, iCount);
    for (let j = 0; j <= i; j += blockSize) {
      const jCount = Math.min(blockSize, count - j);
      const products = crossProducts(iVectors, iCount, j === i ? iVectors : vectors(j, jCount), jCount, length);
      for (let r = 0; r < iCount; r++) {
        for (let c = 0; c < (j === i ? r + 1 : jCount); c++) {
          const value = products[r * jCount + c]!;
          gram[(i + r) * count + j + c] = value;
          gram[(j + c) * count + i + r] = value;
        }
      }
    }
  }
  return gram;
}
