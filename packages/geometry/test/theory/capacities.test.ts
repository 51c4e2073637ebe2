import { expect, test } from '@jest/globals';
import { ballCapacity, chanceCapacity, pointCapacity, manifoldGeometry, randomStream } from '../../src/index.js';
import { clouds } from '../clouds.js';

test('pointCapacity() is 2 without a margin and falls with it', () => {
  expect(pointCapacity()).toBeCloseTo(2, 8);
  // int_{-1}^inf Dt (t+1)^2 = 2 Phi(1) + phi(1)
  expect(1 / pointCapacity(1)).toBeCloseTo(2 * 0.8413447460685429 + 0.24197072451914337, 7);
});

test.each([[1, 0.5, 1.258], [2, 0.5, 0.95], [3, 1, 0.5], [5, 0.5, 0.5765], [10, 1, 0.1818], [20, 1, 0.0952]])(
  'ballCapacity(%d, %d) is the published %d', (dimension, radius, capacity) => {
    expect(Math.abs(ballCapacity(dimension, radius) - capacity)).toBeLessThan(6e-4);
  });

test('a measured capacity agrees with the theory for points: 2', () => {
  const points = clouds({ manifolds: 60, points: 10, features: 500, spread: 1e-4, seed: 1 });
  const { capacity, radius } = manifoldGeometry(points, { gaussianVectors: 200, lowRank: 'none', random: randomStream(1) });
  expect(Math.abs(capacity.value - 2)).toBeLessThan(4 * capacity.standardError);
  expect(radius.value).toBeLessThan(1e-2);
});

test.each([[1, 0.5], [2, 0.5], [3, 1]])('a measured capacity, radius and dimension agree with the theory for spheres of dimension %d, radius %d', (dimension, radius) => {
  const points = clouds({ manifolds: 30, points: 150, features: 200, sphere: { dimension, radius }, seed: 3 });
  const measured = manifoldGeometry(points, { gaussianVectors: 150, lowRank: 'none', random: randomStream(1) });
  // 150 points fill the sphere to about 3 %; the rest is the error of the mean.
  const theory = ballCapacity(dimension, radius);
  expect(Math.abs(measured.capacity.value - theory)).toBeLessThan(4 * measured.capacity.standardError + 0.05 * theory);
  expect(Math.abs(measured.dimensionPrx.value - dimension)).toBeLessThan(4 * measured.dimensionPrx.standardError + 0.05 * dimension);
});

test('points without structure have the capacity of chance', () => {
  const points = clouds({ manifolds: 40, points: 20, features: 900, spread: 1e6, seed: 5 });
  const { capacity } = manifoldGeometry(points, { gaussianVectors: 200, random: randomStream(1) });
  expect(Math.abs(capacity.value / chanceCapacity(20) - 1)).toBeLessThan(0.03);
});
