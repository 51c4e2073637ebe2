import { expect, test } from '@jest/globals';
import { gramOfRows, randomStream, symmetricEigenvalues, tridiagonalEigenvalues, tridiagonalize } from '../../src/index.js';

const symmetric = (size: number, seed: number): Float64Array => {
  const random = randomStream(seed, 'symmetric');
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) matrix[i * size + j] = matrix[j * size + i] = random.nextNormal();
  return matrix;
};

const worst = (actual: ArrayLike<number>, expected: ArrayLike<number>): number => Math.max(...Array.from(expected, (x, i) => Math.abs(x - actual[i]!)));

test('tridiagonalEigenvalues() of the second difference are 2 - 2 cos(k pi / (n + 1)), largest first', () => {
  const size = 50;
  const values = tridiagonalEigenvalues({ diagonal: new Float64Array(size).fill(2), offDiagonal: new Float64Array(size - 1).fill(-1) });
  expect(worst(values, Array.from({ length: size }, (_, i) => 2 - 2 * Math.cos(((size - i) * Math.PI) / (size + 1))))).toBeLessThan(1e-13);
});

test('tridiagonalize() keeps the eigenvalues, for even and odd sizes and any first direction', () => {
  for (const size of [1, 2, 3, 10, 25]) {
    const matrix = symmetric(size, size);
    const expected = symmetricEigenvalues(matrix, size);
    expect(worst(tridiagonalEigenvalues(tridiagonalize(Float64Array.from(matrix), size)), expected)).toBeLessThan(1e-12);
    const first = randomStream(size, 'first').fillNormal(new Float64Array(size));
    expect(worst(tridiagonalEigenvalues(tridiagonalize(Float64Array.from(matrix), size, { first })), expected)).toBeLessThan(1e-12);
  }
});

test('after tridiagonalize(), a change along the first direction changes the first element alone', () => {
  const size = 12;
  const [matrix, first] = [symmetric(size, 3), randomStream(4, 'first').fillNormal(new Float64Array(size))];
  const { diagonal, offDiagonal } = tridiagonalize(Float64Array.from(matrix), size, { first });
  diagonal[0]! += 2.5 * first.reduce((sum, x) => sum + x * x, 0);
  const changed = matrix.map((x, i) => x + 2.5 * first[Math.floor(i / size)]! * first[i % size]!);
  expect(worst(tridiagonalEigenvalues({ diagonal, offDiagonal }), symmetricEigenvalues(changed, size))).toBeLessThan(1e-12);
});

test('a matrix of low rank, of zeros, or diagonal has its eigenvalues too', () => {
  const rows = randomStream(5, 'rows').fillNormal(new Float64Array(20 * 3));
  const gram = gramOfRows(rows, 20, 3);
  const values = tridiagonalEigenvalues(tridiagonalize(Float64Array.from(gram), 20));
  expect(worst(values, symmetricEigenvalues(gram, 20))).toBeLessThan(1e-12);
  expect(values.filter((x) => Math.abs(x) > 1e-10)).toHaveLength(3);
  expect([...tridiagonalEigenvalues(tridiagonalize(new Float64Array(16), 4, { first: new Float64Array(4) }))]).toEqual([0, 0, 0, 0]);
  expect([...tridiagonalEigenvalues(tridiagonalize(Float64Array.of(1, 0, 0, 0, 3, 0, 0, 0, 2), 3))]).toEqual([3, 2, 1]);
});
