import { expect, test } from '@jest/globals';
import { crossProducts, gramOfRows, randomStream, symmetricEigen } from '../../src/index.js';

test('symmetricEigen() gives eigenvalues, largest first, with orthonormal vectors that rebuild the matrix', () => {
  const size = 12;
  const matrix = gramOfRows(randomStream(1, 'test').fillNormal(new Float64Array(size * 5)), size, 5);
  const { values, vectors } = symmetricEigen(matrix, size);
  expect([...values]).toEqual([...values].sort((a, b) => b - a));
  const gram = gramOfRows(vectors, size, size);
  const scaled = vectors.map((x, i) => x * values[Math.floor(i / size)]!);
  const columns = (rows: Float64Array) => Float64Array.from(rows, (_, i) => rows[(i % size) * size + Math.floor(i / size)]!);
  const rebuilt = crossProducts(columns(scaled), size, columns(vectors), size, size);
  for (let i = 0; i < size * size; i++) {
    expect(gram[i]).toBeCloseTo(i % (size + 1) === 0 ? 1 : 0, 12);
    expect(rebuilt[i]).toBeCloseTo(matrix[i]!, 11);
  }
});
