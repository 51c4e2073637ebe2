import { describe, expect, test } from '@jest/globals';
import { randomStream } from '@memgeo/numerics';
import { intrinsicDimensions } from '../../src/index.js';
import { distinctRows } from '../../src/spectra/distinct-rows.js';
import { neighborDistances } from '../../src/spectra/neighbor-distances.js';
import { excess } from '../matchers/all-close.js';

const features = 24;

/** Points of a low-dimensional surface, put by random orthonormal axes into many features. */
function embedded(count: number, width: number, { seed, point }: { seed: number; point: (random: ReturnType<typeof randomStream>) => number[] }) {
  const random = randomStream(seed, 'embedded');
  const axes: Float64Array[] = [];
  while (axes.length < width) {
    const axis = random.fillNormal(new Float64Array(features));
    for (const other of axes) {
      const along = axis.reduce((s, x, j) => s + x * other[j]!, 0);
      axis.forEach((_, j) => { axis[j]! -= along * other[j]!; });
    }
    const norm = Math.hypot(...axis);
    axes.push(axis.map((x) => x / norm));
  }
  const data = new Float64Array(count * features);
  for (let i = 0; i < count; i++) point(random).forEach((x, k) => axes[k]!.forEach((a, j) => { data[i * features + j]! += x * a; }));
  return { data, shape: [count, features] as [number, number], manifoldOf: Int32Array.from({ length: count }, (_, i) => i % 10) };
}

const cube = (dimension: number, count: number, seed: number) => embedded(count, dimension, { seed, point: (random) => Array.from({ length: dimension }, () => random.nextUniform()) });
const sphere = (dimension: number, count: number, seed: number) => embedded(count, dimension + 1, {
  seed,
  point: (random) => {
    const x = [...random.fillNormal(new Float64Array(dimension + 1))];
    return x.map((value) => value / Math.hypot(...x));
  },
});

describe('intrinsicDimensions()', () => {
  // Both estimators take the density as constant among neighbors; edges of the cube and curvature of the sphere cost up to 4 % here.
  test.each([
    ['a line segment', 1, cube(1, 1000, 1)],
    ['a square', 2, cube(2, 1000, 2)],
    ['a circle', 1, sphere(1, 1000, 3)],
    ['a sphere in three dimensions', 2, sphere(2, 1000, 4)],
    ['a sphere in five dimensions', 4, sphere(4, 1000, 5)],
  ])('of %s is %i, whatever the features it is turned into', (_, dimension, points) => {
    for (const { value, standardError } of Object.values(intrinsicDimensions(points))) {
      expect(Math.abs(value - dimension)).toBeLessThan(4 * standardError + 0.04 * dimension);
      expect(standardError).toBeLessThan(0.1 * dimension);
    }
  });

  test('twoNnDimension is the slope through the origin of the nine lowest of ten ratios, and mleDimension the inverse mean logarithm', () => {
    const x = [0, 1, 2.5, 4.7, 7.6, 11, 15.3, 20, 25.9, 33];
    const { twoNnDimension, mleDimension } = intrinsicDimensions({ data: Float64Array.from(x), shape: [10, 1], manifoldOf: new Int32Array(10) }, { neighbors: 3 });
    const nearest = x.map((a) => x.map((b) => Math.abs(a - b)).sort((p, q) => p - q).slice(1, 4));
    const logs = nearest.map(([first, second]) => Math.log(second! / first!)).sort((p, q) => p - q).slice(0, 9);
    const slope = logs.reduce((s, log, i) => s - log * Math.log(1 - (i + 1) / 10), 0) / logs.reduce((s, log) => s + log * log, 0);
    expect(twoNnDimension.value).toBeCloseTo(slope, 12);
    expect(twoNnDimension.standardError).toBeCloseTo(slope / 3, 12);
    const inverse = nearest.reduce((s, [first, second, third]) => s + Math.log(third! / first!) / 2 + Math.log(third! / second!) / 2, 0) / 10;
    expect(mleDimension.value).toBeCloseTo(1 / inverse, 12);
  });

  test('is unchanged by scale, offset and the order of points', () => {
    const points = sphere(3, 200, 6);
    const numbers = (data: Float64Array) => Object.values(intrinsicDimensions({ ...points, data })).map(({ value }) => value);
    const expected = numbers(points.data);
    expect(excess(numbers(points.data.map((x) => 5 * x + 100)), expected, { rtol: 1e-7 })).toBeLessThanOrEqual(0);
    const order = randomStream(1, 'order').shuffle(Array.from({ length: 200 }, (_, i) => i));
    expect(excess(numbers(Float64Array.from(order.flatMap((row) => [...points.data.subarray(row * features, (row + 1) * features)]))), expected, { rtol: 1e-9 })).toBeLessThanOrEqual(0);
  });

  test('points that repeat another change nothing, and the note counts them', () => {
    const points = sphere(2, 100, 7);
    const data = new Float64Array(130 * features);
    data.set(points.data);
    data.copyWithin(100 * features, 20 * features, 50 * features);
    const repeated = intrinsicDimensions({ data, shape: [130, features], manifoldOf: Int32Array.from({ length: 130 }, (_, i) => i % 10) });
    const once = intrinsicDimensions(points);
    for (const measure of ['twoNnDimension', 'mleDimension'] as const) {
      // The mean that is taken off differs, so not to the last bit.
      expect(repeated[measure].value).toBeCloseTo(once[measure].value, 9);
      expect(repeated[measure].note).toBe('30 of 130 points repeat another and are left out.');
      expect(once[measure].note).toBeUndefined();
    }
  });

  test('too few points, copies of one, and a regular grid give no number but the reason', () => {
    const measure = (x: number[], neighbors = 10) => intrinsicDimensions({ data: Float64Array.from(x), shape: [x.length, 1], manifoldOf: new Int32Array(x.length) }, { neighbors });
    expect(measure([1, 1, 1, 1]).twoNnDimension).toEqual({ value: NaN, standardError: NaN, note: 'Neighbors need at least 3 different points; there are 1. 3 of 4 points repeat another and are left out.' });
    expect(measure([0, 1, 3, 7]).mleDimension.note).toMatch(/10 neighbors need more than 10 different points; there are 4/);
    expect(measure([0, 1, 3, 7]).twoNnDimension.value).toBeGreaterThan(0);
    const ring = Float64Array.from({ length: 4 * 4 }, (_, i) => Number(Math.floor(i / 4) === i % 4));
    const simplex = intrinsicDimensions({ data: ring, shape: [4, 4], manifoldOf: new Int32Array(4) }, { neighbors: 3 });
    expect(simplex.twoNnDimension.note).toMatch(/two nearest neighbors of every point are equally far/);
    expect(simplex.mleDimension.note).toMatch(/All neighbors are equally far/);
  });

  test('refuses neighbors below 2 and values that are not finite', () => {
    const points = sphere(1, 20, 8);
    expect(() => intrinsicDimensions(points, { neighbors: 1 })).toThrow('intrinsicDimensions: neighbors must be a whole number of at least 2; got 1.');
    expect(() => intrinsicDimensions({ ...points, data: points.data.map((x, i) => (i === 30 ? Infinity : x)) })).toThrow(/point 1, feature 6 is Infinity/);
  });
});

test('neighborDistances() of more than a block of points are those of a direct search, near pairs at a large offset included', () => {
  const [count, width] = [300, 3];
  const random = randomStream(9, 'near');
  const data = random.fillNormal(new Float64Array(count * width));
  // Pairs a millionth apart, and everything far from the origin.
  for (let i = 0; i < 100; i++) for (let j = 0; j < width; j++) data[(200 + i) * width + j] = data[i * width + j]! + 1e-6 * random.nextNormal();
  const shifted = data.map((x) => x + 1000);
  const distances = neighborDistances(shifted, width, { rows: Array.from({ length: count }, (_, i) => i), neighbors: 4 });
  const direct = Array.from({ length: count }, (_, i) => Array.from({ length: count }, (_, k) => Math.hypot(...Array.from({ length: width }, (_, j) => shifted[i * width + j]! - shifted[k * width + j]!)))
    .filter((_, k) => k !== i).sort((a, b) => a - b).slice(0, 4)).flat();
  expect(excess(distances, direct, { rtol: 1e-8 })).toBeLessThanOrEqual(0);
});

test('distinctRows() keeps the first of equal rows and takes 0 and -0 for equal', () => {
  expect([...distinctRows(Float32Array.of(1, 0, 2, 0, 1, -0, 2, 1, 2, 0), 5, 2)]).toEqual([0, 1, 3]);
});
