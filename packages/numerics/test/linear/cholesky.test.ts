import { expect, test } from '@jest/globals';
import { factorSemidefinite, gramOfRows, inverseQuadraticForm, randomStream, solveFactored } from '../../src/index.js';

/** A Gram matrix of random rows, of which those listed repeat the first. */
function gram(count: number, length: number, repeats: readonly number[] = []): Float64Array {
  const rows = randomStream(count, 'rows').fillNormal(new Float64Array(count * length));
  for (const row of repeats) rows.copyWithin(row * length, 0, length);
  return gramOfRows(rows, count, length);
}

const times = (matrix: Float64Array, x: Float64Array) => x.map((_, i) => x.reduce((sum, value, j) => sum + matrix[i * x.length + j]! * value, 0));
const largestDifference = (a: Float64Array, b: Float64Array) => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));

test.each([1, 5, 47, 48, 49, 130])('factorSemidefinite() of %d rows gives L with L L\' = G', (count) => {
  const G = gram(count, count + 10);
  const { lower } = factorSemidefinite(G, count);
  const product = gramOfRows(lower, count, count);
  expect(largestDifference(product, G)).toBeLessThan(1e-12 * (count + 10) * 4);
});

test('solveFactored() solves G x = b, and gives the quadratic form b\'G^-1 b', () => {
  const G = gram(60, 100);
  const x = randomStream(1, 'x').fillNormal(new Float64Array(60));
  const b = times(G, x);
  const factor = factorSemidefinite(G, 60);
  expect(largestDifference(solveFactored(factor, b), x)).toBeLessThan(1e-10);
  expect(inverseQuadraticForm(factor, b) / b.reduce((sum, value, i) => sum + value * x[i]!, 0)).toBeCloseTo(1, 12);
});

test('rows that repeat others get no weight, and the solution is still exact', () => {
  const G = gram(60, 100, [7, 50]);
  const factor = factorSemidefinite(G, 60);
  expect([...factor.inverses].flatMap((inverse, i) => (inverse === 0 ? [i] : []))).toEqual([7, 50]);
  const b = times(G, randomStream(2, 'x').fillNormal(new Float64Array(60)));
  const x = solveFactored(factor, b);
  expect([x[7], x[50]]).toEqual([0, 0]);
  expect(largestDifference(times(G, x), b)).toBeLessThan(1e-9);
});

test('a matrix of rank 3 has 3 independent rows', () => {
  expect(factorSemidefinite(gram(20, 3), 20).inverses.filter((inverse) => inverse > 0)).toHaveLength(3);
});
