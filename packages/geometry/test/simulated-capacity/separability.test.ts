import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { randomStream, separability } from '../../src/index.js';

/** Whether a line parts points in the plane strictly: tries a direction between each two that are at right angles to a connecting line. */
function isSeparableInPlane(points: readonly (readonly [number, number])[], labels: readonly number[]): boolean {
  const [plus, minus] = [1, -1].map((label) => points.filter((_, i) => labels[i] === label));
  if (plus!.length === 0 || minus!.length === 0) return true;
  const connections = plus!.flatMap(([x, y]) => minus!.map(([u, v]) => [x - u, y - v] as const));
  if (connections.some(([x, y]) => x === 0 && y === 0)) return false;
  const angles = [...new Set(connections.flatMap(([x, y]) => [Math.atan2(y, x) + Math.PI / 2, Math.atan2(y, x) - Math.PI / 2].map((angle) => (angle + 4 * Math.PI) % (2 * Math.PI))))].sort((a, b) => a - b);
  return angles.some((angle, i) => {
    const middle = (angle + (angles[i + 1] ?? angles[0]! + 2 * Math.PI)) / 2;
    return connections.every(([x, y]) => x * Math.cos(middle) + y * Math.sin(middle) > 1e-9);
  });
}

const binomial = (n: number, k: number): number => (k === 0 ? 1 : (binomial(n - 1, k - 1) * n) / k);

describe('separability()', () => {
  test('agrees with brute force on points of a grid in the plane, touching and repeated ones included', () => {
    const point = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }));
    fc.assert(fc.property(fc.array(fc.tuple(point, fc.constantFrom(1, -1)), { minLength: 1, maxLength: 9 }), (labeled) => {
      const points = labeled.map(([xy]) => xy);
      const labels = labeled.map(([, label]) => label);
      const result = separability({ data: Float64Array.from(points.flat()), shape: [points.length, 2] }, labels);
      expect(result.isSeparable).toBe(isSeparableInPlane(points, labels));
    }), { numRuns: 500, seed: 11 });
  });

  test('certifies: a hyperplane with every point on its side, or convex weights under which the signed points cancel', () => {
    const random = randomStream(4, 'points');
    const seen = { true: 0, false: 0 };
    for (let trial = 0; trial < 60; trial++) {
      const [count, features] = [24, 11];
      const data = random.fillNormal(new Float64Array(count * features)).map((x) => 1e3 + 1e-2 * x);
      const labels = Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 1 : -1));
      const { isSeparable, hyperplane, combination } = separability({ data, shape: [count, features] }, labels);
      seen[`${isSeparable!}`]++;
      if (isSeparable) {
        labels.forEach((label, i) => {
          const response = data.subarray(i * features, (i + 1) * features).reduce((sum, x, j) => sum + x * hyperplane!.normal[j]!, hyperplane!.bias);
          expect(label * response).toBeGreaterThan(0);
        });
      } else {
        expect(combination!.every((weight) => weight >= 0)).toBe(true);
        expect(combination!.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
        // In units of the spread of the points, 1e-2; the bias cancels to the same accuracy.
        for (let j = 0; j < features; j++) {
          expect(Math.abs(labels.reduce((sum, label, i) => sum + label * combination![i]! * (data[i * features + j]! - 1e3), 0))).toBeLessThan(1e-5 * 1e-2);
        }
        expect(Math.abs(labels.reduce((sum, label, i) => sum + label * combination![i]!, 0))).toBeLessThan(1e-5);
      }
    }
    // 24 points in 11 dimensions stand where half of the dichotomies are separable: both kinds occur.
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(10);
  });

  test.each([[1, 8], [2, 8], [3, 8], [3, 9]])('in %d dimensions, of all dichotomies of %d points, as many are separable as Cover counted [cover1965geometrical]', (features, count) => {
    const data = randomStream(7, 'points').fillNormal(new Float64Array(count * features));
    let separable = 0;
    for (let code = 0; code < 2 ** count; code++) {
      if (separability({ data, shape: [count, features] }, Array.from({ length: count }, (_, i) => ((code >> i) & 1 ? 1 : -1))).isSeparable) separable++;
    }
    let expected = 0;
    for (let k = 0; k <= features; k++) expected += 2 * binomial(count - 1, k);
    expect(separable).toBe(expected);
  });

  test('finds a margin of 1e-4 of the points\' spread, on either side of it', () => {
    const labels = [1, 1, -1, -1];
    const at = (gap: number) => separability({ data: Float64Array.of(0, gap, 3, gap, 1, 0, 2, 0), shape: [4, 2] }, labels).isSeparable;
    expect([at(1e-4), at(0), at(-1e-4)]).toEqual([true, false, true]);
    expect(separability({ data: Float64Array.of(0, 1e-4, 2, -1e-4, 1, 1, 1, -1), shape: [4, 2] }, labels).isSeparable).toBe(false);
  });

  test.each([
    [{ data: Float64Array.of(1, 2, 3), shape: [2, 2] as const }, [1, -1], /points x features = 2 x 2 elements; got 3/],
    [{ data: Float64Array.of(1, 2), shape: [2, 1] as const }, [1], /one entry for each of the 2 points; got 1/],
    [{ data: Float64Array.of(1, 2), shape: [2, 1] as const }, [1, 0], /labels must be 1 or -1; label 1 is 0/],
    [{ data: Float64Array.of(1, Number.NaN), shape: [2, 1] as const }, [1, -1], /point 1, feature 0 is NaN/],
  ])('refuses what it can not decide: %#', (points, labels, message) => {
    expect(() => separability(points, labels)).toThrow(message);
  });
});
