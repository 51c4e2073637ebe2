import { describe, expect, test } from '@jest/globals';
import { gramOfRows } from '@memgeo/numerics';
import { ballCapacity, glueGeometry, manifoldGeometry, randomStream, type Estimate, type GlueGeometry } from '../../src/index.js';
import { pointsByGram } from '../../src/cone/cone-points.js';
import { sampleAnchors } from '../../src/glue/sample-anchors.js';
import { clouds } from '../clouds.js';
import { excess } from '../matchers/all-close.js';

type Points = ReturnType<typeof clouds>;
const measure = (points: Points, samples = 40, origin: 'asGiven' | 'mean' = 'asGiven') => glueGeometry(points, { samples, origin, random: randomStream(1, 'glue') });
const names = ['capacity', 'dimension', 'radius', 'centerAlignment', 'axisAlignment', 'centerAxisAlignment', 'utility'] as const;
const numbers = (geometry: GlueGeometry) => names.map((name) => geometry[name].value);
const isNear = (estimate: Estimate, expected: number, slack = 0) => expect(Math.abs(estimate.value - expected)).toBeLessThan(4 * estimate.standardError + slack);

function orthonormal(manifolds: number, features: number): Points {
  const data = new Float64Array(manifolds * features);
  for (let p = 0; p < manifolds; p++) data[p * features + p] = 1;
  return { data, shape: [manifolds, features], manifoldOf: Int32Array.from({ length: manifolds }, (_, p) => p) };
}

describe('glueGeometry()', () => {
  test('of orthonormal points has a capacity of 2, and no dimension or radius', () => {
    // The projection on an orthant takes half of t's squared length off.
    const geometry = measure(orthonormal(30, 40), 100);
    isNear(geometry.capacity, 2);
    expect([geometry.dimension.value, geometry.radius.value, geometry.utility.value, geometry.centerAlignment.value]).toEqual([0, 0, 0, 0]);
    expect(geometry.diagnostics.inactiveFraction).toBeCloseTo(0.5, 1);
    expect(geometry.diagnostics.warnings[0]).toMatch(/same in all samples/);
  });

  test('each sample of orthonormal points is the sum of squares on the wrong side', () => {
    const { data: rows, shape: [count, features] } = orthonormal(12, 12);
    const samples = sampleAnchors(pointsByGram(gramOfRows(rows, count, features), count), {
      rows, features, starts: Int32Array.from({ length: 13 }, (_, p) => p), samples: 20, dichotomies: 'oneVersusRest', random: randomStream(2), onProgress: undefined,
    });
    for (const { targetResponses: t, squaredDistance } of samples) {
      const distances = Array.from(t, (_, one) => t.reduce((sum, x, p) => sum + Math.min(0, p === one ? x : -x) ** 2, 0));
      // Whichever manifold was the one.
      expect(Math.min(...distances.map((distance) => Math.abs(distance - squaredDistance)))).toBeLessThan(1e-10);
    }
  });

  test.each([[1, 0.5], [2, 0.5], [2, 1]])('of spheres of dimension %d and radius %d has their capacity, dimension and radius', (dimension, radius) => {
    const geometry = measure(clouds({ manifolds: 12, points: 30, features: 600, sphere: { dimension, radius }, seed: 2 }));
    // 30 points leave 1 - cos(pi / 30) of a circle free, and directions in 600 features are not quite at right angles.
    isNear(geometry.capacity, ballCapacity(dimension, radius), 0.02);
    isNear(geometry.dimension, dimension, 0.04 * dimension);
    isNear(geometry.radius, radius, 0.04 * radius);
  });

  test('of uncorrelated clouds in many features has the capacity of mean-field theory, and random alignments', () => {
    const points = clouds({ manifolds: 20, points: 8, features: 500, seed: 3 });
    const geometry = measure(points);
    isNear(geometry.capacity, manifoldGeometry(points, { lowRank: 'none', random: randomStream(1) }).capacity.value, 0.005);
    // Mean |cosine| of random directions in N features: sqrt(2 / (pi N)).
    for (const name of ['centerAlignment', 'axisAlignment', 'centerAxisAlignment'] as const) isNear(geometry[name], Math.sqrt(2 / (Math.PI * 500)), 0.002);
  });

  test('capacity is utility times what radius and dimension give', () => {
    const { capacity, utility, radius, dimension, geometricCapacity } = measure(clouds({ manifolds: 10, points: 6, features: 60, seed: 4 }), 20);
    const geometric = (1 + radius.value ** -2) / dimension.value;
    expect(geometricCapacity.value / geometric).toBeCloseTo(1, 10);
    expect((utility.value * geometric) / capacity.value).toBeCloseTo(1, 10);
  });

  describe('on clouds', () => {
    const points = clouds({ manifolds: 10, points: 6, features: 60, seed: 5 });
    const expected = measure(points, 20);

    test('is unchanged by scale and the order of points', () => {
      const scaled = measure({ ...points, data: points.data.map((x) => 1e4 * x) }, 20);
      expect(excess(numbers(scaled), numbers(expected), { rtol: 1e-9 })).toBeLessThanOrEqual(0);
      const order = randomStream(1, 'order').shuffle(Array.from({ length: 60 }, (_, i) => i));
      const data = Float64Array.from(order.flatMap((row) => [...points.data.subarray(row * 60, row * 60 + 60)]));
      const shuffled = measure({ ...points, data, manifoldOf: Int32Array.from(order, (row) => points.manifoldOf[row]!) }, 20);
      expect(excess(numbers(shuffled), numbers(expected), { rtol: 1e-7 })).toBeLessThanOrEqual(0);
    });

    test('is unchanged when every point is there twice', () => {
      const twice = { data: Float64Array.of(...points.data, ...points.data), shape: [120, 60] as [number, number], manifoldOf: Int32Array.of(...points.manifoldOf, ...points.manifoldOf) };
      expect(excess(numbers(measure(twice, 20)), numbers(expected), { rtol: 1e-7 })).toBeLessThanOrEqual(0);
    });

    test('is unchanged by a rotation of feature space, up to the error of other Gaussian vectors', () => {
      // Reflection at a random hyperplane.
      const axis = randomStream(6, 'axis').fillNormal(new Float64Array(60));
      const square = axis.reduce((sum, x) => sum + x * x, 0);
      const data = points.data.map((x, i) => {
        const row = i - (i % 60);
        return x - (2 * axis[i % 60]! * axis.reduce((sum, value, j) => sum + value * points.data[row + j]!, 0)) / square;
      });
      const rotated = measure({ ...points, data }, 40);
      for (const name of names) isNear({ value: rotated[name].value, standardError: Math.hypot(rotated[name].standardError, expected[name].standardError) }, expected[name].value);
      // The capacity is that of other vectors indeed.
      expect(rotated.capacity.value).not.toBe(expected.capacity.value);
    });

    test('is unchanged by an offset if planes go through the mean of all points', () => {
      const [here, there] = [points.data, points.data.map((x, i) => x + (i % 60))].map((data) => numbers(measure({ ...points, data }, 20, 'mean')));
      expect(excess(there!, here!, { rtol: 1e-8 })).toBeLessThanOrEqual(0);
    });

    test('states standard errors that are the spread over seeds', () => {
      const small = clouds({ manifolds: 6, points: 4, features: 30, seed: 6 });
      const runs = Array.from({ length: 40 }, (_, seed) => glueGeometry(small, { samples: 20, random: randomStream(seed, 'spread') }));
      for (const name of ['capacity', 'dimension', 'radius'] as const) {
        const values = runs.map((run) => run[name].value);
        const mean = values.reduce((sum, x) => sum + x, 0) / 40;
        const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 39);
        const stated = runs.reduce((sum, run) => sum + run[name].standardError, 0) / 40;
        // A spread over 40 seeds is known to 11 %: within 3 of these.
        expect(Math.abs(Math.log(stated / spread))).toBeLessThan(0.33);
      }
    });
  });

  test('says where no plane through the origin parts the manifolds', () => {
    const { capacity, diagnostics } = measure(clouds({ manifolds: 12, points: 8, features: 8, seed: 7 }), 10);
    expect(diagnostics.collapsed).toBe(10);
    expect(diagnostics.warnings[0]).toMatch(/In 10 of 10 samples no plane.*manifolds per feature, 1\.50/);
    // All of t is taken off.
    isNear(capacity, 1.5);
  });

  test.each([
    [orthonormal(3, 4), { samples: 1 }, /samples must be a whole number of at least 2; got 1/],
    [{ ...orthonormal(3, 4), data: new Float64Array(12) }, {}, /all are 0. Is the layer dead\?/],
    [{ ...orthonormal(3, 4), data: new Float64Array(12).fill(Infinity) }, {}, /point 0, feature 0 is Infinity/],
  ])('refuses what it can not measure: %#', (points, options, message) => {
    expect(() => glueGeometry(points, { ...options, random: randomStream(1) })).toThrow(message);
  });
});
