import { expect, test } from '@jest/globals';
import { crossProducts, gramOfRows, invertPositive, randomStream } from '../../src/index.js';

test('invertPositive() times the matrix is the identity', () => {
  const size = 130;
  const matrix = gramOfRows(randomStream(1, 'test').fillNormal(new Float64Array(size * 400)), size, 400);
  const product = crossProducts(invertPositive(matrix, size)!, size, matrix, size, size);
  for (let i = 0; i < size; i++) product[i * size + i]! -= 1;
  // The condition number is about 15.
  expect(Math.max(...product.map(Math.abs))).toBeLessThan(1e-13);
});

test('invertPositive() refuses a matrix that is singular, indefinite or not a number', () => {
  expect(invertPositive(Float64Array.of(1, 1, 1, 1), 2)).toBeUndefined();
  expect(invertPositive(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined();
  expect(invertPositive(Float64Array.of(NaN), 1)).toBeUndefined();
});
