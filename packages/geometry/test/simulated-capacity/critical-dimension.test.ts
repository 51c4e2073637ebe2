import { expect, test } from '@jest/globals';
import { randomStream } from '@memgeo/numerics';
import { findCriticalDimension } from '../../src/simulated-capacity/critical-dimension.js';

/** Repetitions that become separable at thresholds of their own, and how often they were asked. */
function search(thresholds: readonly number[], { largest = 1000, tolerance = 0, start = 4 } = {}) {
  let tests = 0;
  const result = findCriticalDimension({
    repetitions: thresholds.length, start, largest, tolerance,
    isSeparable: (repetition, n) => { tests++; return n >= thresholds[repetition]!; },
  });
  return { ...result, tests };
}

const normalThresholds = (count: number, mean: number, deviation: number, seed: number) => {
  const random = randomStream(seed, 'thresholds');
  return Array.from({ length: count }, () => Math.max(1, Math.round(mean + deviation * random.nextNormal())));
};

test('the critical dimension is where the line between p below and above one half crosses it', () => {
  // p(9) = 1/4, p(10) = 3/4: half way.
  expect(search([5, 10, 10, 30]).value).toBe(9.5);
  // p(9) = 1/4, p(10) = 1/2.
  expect(search([5, 10, 11, 30]).value).toBe(10);
  // Nothing is separable without dimensions.
  expect(search([1, 1, 1, 1]).value).toBe(0.5);
});

test('the result does not depend on where the search begins, and few repetitions are tested far from their thresholds', () => {
  const thresholds = normalThresholds(40, 130, 12, 1);
  const results = [1, 20, 130, 700].map((start) => search(thresholds, { start }));
  expect(new Set(results.map(({ value }) => value)).size).toBe(1);
  // Up to 8 numbers of dimensions until the bracket, then 7 halvings: tested each time it would be 600.
  expect(results[0]!.tests).toBeLessThan(500);
});

test('its standard error is the spread of results over repeated experiments', () => {
  const results = Array.from({ length: 80 }, (_, seed) => search(normalThresholds(40, 130, 12, seed)));
  const mean = results.reduce((sum, { value }) => sum + value, 0) / 80;
  const spread = Math.sqrt(results.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / 79);
  const stated = results.reduce((sum, { standardError }) => sum + standardError, 0) / 80;
  // A spread over 80 is known to 8 %.
  expect(Math.abs(stated / spread - 1)).toBeLessThan(0.25);
  // The median of thresholds rounded up to whole dimensions lies half a dimension higher, from which interpolation takes half.
  expect(Math.abs(mean - 130 + 0.5)).toBeLessThan(4 * spread / Math.sqrt(80) + 0.1);
});

test('where fewer than half are separable in all dimensions there is none', () => {
  const { value, standardError, visited } = search([5, 20, 30, 40], { largest: 18 });
  expect([value, standardError]).toEqual([Number.NaN, Number.NaN]);
  expect(visited.at(-1)).toEqual({ dimensions: 18, separable: 1 });
});

test('a tolerance ends the search early', () => {
  const thresholds = normalThresholds(40, 130, 12, 2);
  const [exact, early] = [search(thresholds), search(thresholds, { tolerance: 0.1 })];
  expect(early.tests).toBeLessThan(exact.tests);
  expect(Math.abs(early.value - exact.value)).toBeLessThan(12);
});
