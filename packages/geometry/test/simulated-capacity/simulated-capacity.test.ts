import { describe, expect, test } from '@jest/globals';
import { ballCapacity, chanceCapacity, glueGeometry, manifoldGeometry, randomStream, simulatedCapacity } from '../../src/index.js';
import { clouds } from '../clouds.js';
import { structured } from '../structured.js';

const simulate = (points: Parameters<typeof simulatedCapacity>[0], repetitions = 40) => simulatedCapacity(points, { repetitions, random: randomStream(1, 'simulation') });

describe('simulatedCapacity()', () => {
  test('of points is 2, less one dimension for the bias [cover1965geometrical]', () => {
    const { capacity } = simulate(clouds({ manifolds: 40, points: 1, features: 35, seed: 1 }));
    // P points have half of their dichotomies separable in P/2 - 1 dimensions; balance changes that by less than one.
    expect(Math.abs(capacity.value - 40 / 19)).toBeLessThan(3 * capacity.standardError + 40 / 19 - 40 / 20);
  });

  test('of points without structure is that of chance', () => {
    const { capacity, diagnostics } = simulate(clouds({ manifolds: 20, points: 4, features: 60, spread: 1e6, seed: 2 }), 24);
    // As above, the bias and balance are worth about one dimension in 40.
    expect(Math.abs(capacity.value / chanceCapacity(4) - 1)).toBeLessThan((3 * capacity.standardError) / chanceCapacity(4) + 0.025);
    expect(diagnostics.uncertified).toBe(0);
  });

  test('of spheres is that of theory, a little above it for points do not fill a sphere', () => {
    const { capacity } = simulate(clouds({ manifolds: 20, points: 12, features: 200, sphere: { dimension: 2, radius: 0.5 }, seed: 3 }));
    expect(capacity.value).toBeGreaterThan(ballCapacity(2, 0.5) - 3 * capacity.standardError);
    // 12 points leave 1 - cos(pi / 12) = 3 % of a circle's radius free; 20 manifolds are some percent from many.
    expect(capacity.value).toBeLessThan(1.15 * ballCapacity(2, 0.5) + 3 * capacity.standardError);
  });

  test('of clouds around centers of their own is what mean-field theory predicts, and of classes in an untrained network what GLUE does', () => {
    const agree = (points: Parameters<typeof simulatedCapacity>[0], predict: typeof manifoldGeometry | typeof glueGeometry) => {
      const [simulation, prediction] = [simulate(points, 10).capacity, predict(points, { random: randomStream(1) }).capacity];
      // The published agreement is 7 %.
      expect(Math.abs(simulation.value - prediction.value)).toBeLessThan(Math.max(0.1 * prediction.value, 3 * Math.hypot(simulation.standardError, prediction.standardError)));
      expect(simulation.value).toBeGreaterThan(chanceCapacity(points.shape[0] / 24));
    };
    agree(clouds({ manifolds: 24, points: 6, features: 100, seed: 4 }), manifoldGeometry);
    agree(structured({ classes: 24, points: 5, features: 100, layers: 3, seed: 4 }), glueGeometry);
  });

  test('is unchanged by rotation, scale, offset and the order of points', () => {
    const points = clouds({ manifolds: 8, points: 3, features: 40, seed: 5 });
    const expected = simulate(points, 10).visited;
    const reversed = { ...points, data: points.data.map((x, i) => -17 * x + (i % 40)) };
    const swapped = { ...points, data: points.data.map((_, i) => points.data[i - (i % 40) + 39 - (i % 40)]!) };
    for (const other of [reversed, swapped]) expect(simulate(other, 10).visited).toEqual(expected);
  });

  test('is NaN with a reason where features are too few', () => {
    const { capacity, criticalDimension, reason } = simulate(clouds({ manifolds: 12, points: 6, features: 10, seed: 6 }), 10);
    expect([capacity.value, capacity.standardError, criticalDimension.value]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(reason).toMatch(/With all 10 features 0 of 10 random dichotomies are separable.*below 1\.20/);
    const constant = { data: new Float64Array(24).fill(3), shape: [6, 4] as const, manifoldOf: [0, 0, 1, 1, 2, 2] };
    expect(simulate(constant, 4).reason).toMatch(/0 of 4/);
  });

  test.each([
    [{ repetitions: 1 }, /repetitions must be a whole number of at least 2; got 1/],
    [{ tolerance: 0.5 }, /tolerance must be at least 0 and below 0.5; got 0.5/],
  ])('refuses %o', (options, message) => {
    expect(() => simulatedCapacity(clouds({ manifolds: 3, points: 2, features: 4, seed: 1 }), { ...options, random: randomStream(1) })).toThrow(message);
  });
});
