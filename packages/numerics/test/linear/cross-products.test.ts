import { expect, test } from '@jest/globals';
import { crossProducts, gramOfRows, randomStream } from '../../src/index.js';

test('crossProducts() of a matrix with itself is its Gram matrix', () => {
  const a = randomStream(1, 'test').fillNormal(new Float64Array(7 * 300));
  expect(crossProducts(a, 7, a, 7, 300)).toEqual(gramOfRows(a, 7, 300));
});

test('crossProducts() takes row i of the first with row j of the second', () => {
  expect([...crossProducts(Float64Array.of(1, 0, 0, 2), 2, Float64Array.of(3, 4, 5, 6, 7, 8), 3, 2)]).toEqual([3, 5, 7, 8, 12, 16]);
});
