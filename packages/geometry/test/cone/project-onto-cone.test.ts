import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { crossProducts, gramOfRows, randomStream, solveNonnegative } from '@memgeo/numerics';
import { pointsByGram, pointsByRows } from '../../src/cone/cone-points.js';
import { drawDichotomy } from '../../src/cone/dichotomies.js';
import { projectOntoCone } from '../../src/cone/project-onto-cone.js';

function problem(seed: number, count: number, width: number, hasDuplicates = false) {
  const random = randomStream(seed, 'problem');
  const rows = random.fillNormal(new Float64Array(count * width));
  if (hasDuplicates) rows.copyWithin(0, width * (count >> 1), width * count);
  const t = random.fillNormal(new Float64Array(width));
  const signs = Float64Array.from({ length: count }, () => (random.nextInteger(2) === 0 ? 1 : -1));
  if (hasDuplicates) signs.copyWithin(0, count >> 1, count);
  return { rows, signs, targetResponses: crossProducts(rows, count, t, 1, width), t };
}

test('projectOntoCone() satisfies the optimality conditions to 1e-11, by Gram matrix and by rows, with duplicates and more points than dimensions', () => {
  fc.assert(fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 30 }), fc.boolean(), (seed, count, width, hasDuplicates) => {
    const { rows, signs, targetResponses } = problem(seed, count, width, hasDuplicates);
    const distances = [pointsByGram(gramOfRows(rows, count, width), count), pointsByRows(rows, count, width)].map((points) => {
      const { weights, responses, squaredDistance, isSolved, violation } = projectOntoCone(points, { signs, targetResponses });
      expect(isSolved).toBe(true);
      expect(violation).toBeLessThanOrEqual(1e-11);
      // Each condition anew: v = t + sum c_i x_i is on the right side, and touches the points with weight.
      const h = targetResponses.map((response, i) => response + points.productsWith(weights)[i]!);
      weights.forEach((weight, i) => {
        expect(signs[i]! * weight).toBeGreaterThanOrEqual(0);
        expect(signs[i]! * h[i]!).toBeGreaterThan(-1e-8);
        if (weight !== 0) expect(Math.abs(h[i]!)).toBeLessThan(1e-8);
        expect(Math.abs(h[i]! - responses[i]!)).toBeLessThan(1e-8);
      });
      return squaredDistance;
    });
    expect(Math.abs(distances[0]! - distances[1]!)).toBeLessThan(1e-8 * (1 + distances[0]!));
  }), { numRuns: 60, seed: 3 });
});

test('it agrees with block principal pivoting on the whole Gram matrix', () => {
  const [count, width] = [40, 60];
  for (let seed = 0; seed < 20; seed++) {
    const { rows, signs, targetResponses } = problem(seed, count, width);
    const signed = gramOfRows(rows, count, width).map((value, i) => value * signs[Math.floor(i / count)]! * signs[i % count]!);
    const exact = solveNonnegative(signed, targetResponses.map((response, i) => -response * signs[i]!), { count, vectors: 1 });
    const { weights } = projectOntoCone(pointsByRows(rows, count, width), { signs, targetResponses });
    weights.forEach((weight, i) => { expect(Math.abs(weight * signs[i]! - exact.multipliers[i]!)).toBeLessThan(1e-9); });
  }
});

test('of orthonormal points, just those on the wrong side pull, each by its own response', () => {
  const width = 50;
  const rows = new Float64Array(width * width);
  for (let i = 0; i < width; i++) rows[i * width + i] = 1;
  const { signs, t } = problem(5, width, width);
  const { weights } = projectOntoCone(pointsByRows(rows, width, width), { signs, targetResponses: t });
  weights.forEach((weight, i) => { expect(weight).toBeCloseTo(signs[i]! * t[i]! < 0 ? -t[i]! : 0, 12); });
});

test('in dimensions too few for a cone, the projection is 0', () => {
  const { rows, signs, targetResponses, t } = problem(1, 80, 5);
  const { squaredDistance } = projectOntoCone(pointsByRows(rows, 80, 5), { signs, targetResponses });
  expect(squaredDistance).toBeCloseTo(t.reduce((sum, x) => sum + x * x, 0), 8);
});

test('drawDichotomy() is balanced, to one for an odd number, and gives the surplus to both sides', () => {
  const random = randomStream(1, 'sides');
  for (let i = 0; i < 10; i++) expect(drawDichotomy(10, random).reduce((sum, side) => sum + side, 0)).toBe(0);
  const surplus = Array.from({ length: 100 }, () => drawDichotomy(9, random).reduce((sum, side) => sum + side, 0));
  expect(new Set(surplus)).toEqual(new Set([-1, 1]));
  expect(drawDichotomy(9, random, 'oneVersusRest').reduce((sum, side) => sum + side, 0)).toBe(-7);
});
