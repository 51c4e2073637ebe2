import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { crossProducts, gramOfRows, notSolved, randomStream, solveNonnegative, Threads } from '@memgeo/numerics';
import { ballCapacity, manifoldGeometry, pointCapacity } from '../../src/index.js';
import { solveOnPoints } from '../../src/mftma/solve-on-points.js';
import { AnchorSolver } from './anchor-solver.js';
import { estimateSeconds, measureRates } from '../../src/mftma/cost-model.js';
import { chooseGaussianVectors } from '../../src/mftma/gaussian-vectors.js';
import { manifoldStatistics } from '../../src/mftma/manifold-statistics.js';
import { clouds } from '../clouds.js';

const options = { gaussianVectors: 60, lowRank: 'none', random: randomStream(1) } as const;

describe('manifoldGeometry()', () => {
  const points = clouds({ manifolds: 24, points: 9, features: 40, seed: 2 });

  test('gives the same numbers on any number of threads, and from float32 or shared memory', () => {
    const data = Float32Array.from(points.data);
    const measure = (threads: number | Threads, values: Float32Array = data) => manifoldGeometry({ ...points, data: values }, { gaussianVectors: 20, restarts: 3, random: randomStream(4), threads });
    const alone = measure(1);
    const pool = new Threads(3);
    try {
      // Again and again, so that the other threads have started and taken part.
      for (let i = 0; i < 3; i++) expect(measure(pool)).toEqual(alone);
    } finally {
      pool.close();
    }
    const shared = new Float32Array(new SharedArrayBuffer(data.byteLength));
    shared.set(data);
    expect(measure(2, shared)).toEqual(alone);
  });

  test('draws Gaussian vectors until the sampling error of the capacity is under the bound', () => {
    for (const relativeError of [0.02, 0.005]) {
      const { capacity, diagnostics } = manifoldGeometry(points, { gaussianVectors: 'auto', relativeError, lowRank: 'none', random: randomStream(1) });
      expect(capacity.samplingError / capacity.value).toBeLessThanOrEqual(relativeError);
      expect(diagnostics.gaussianVectors).toBeGreaterThanOrEqual(100);
    }
  });

  test('states a sampling error that is the spread over draws of Gaussian vectors', () => {
    const draws = Array.from({ length: 40 }, (_, seed) => manifoldGeometry(points, { ...options, random: randomStream(seed) }));
    for (const measure of ['capacity', 'radius', 'dimension', 'gaussianRadius'] as const) {
      const values = draws.map((draw) => draw[measure].value);
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
      const stated = draws.reduce((sum, draw) => sum + draw[measure].samplingError, 0) / draws.length;
      // A spread of 40 draws is known to 1 / sqrt(78) = 11 %; three times that.
      expect(Math.abs(stated / spread - 1)).toBeLessThan(0.34);
    }
  });

  test('states an error over manifolds that covers other manifolds of the same kind', () => {
    const others = Array.from({ length: 20 }, (_, seed) => manifoldGeometry(clouds({ manifolds: 24, points: 9, features: 40, seed: 100 + seed }), options).radius);
    const values = others.map(({ value }) => value);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
    const stated = others.reduce((sum, { standardError }) => sum + standardError, 0) / others.length;
    // Known to 1 / sqrt(38) = 16 %; three times that.
    expect(Math.abs(stated / spread - 1)).toBeLessThan(0.5);
    for (const { value, interval } of others) expect(interval[0] < value && value < interval[1]).toBe(true);
  });

  test.each([0, 0.5, 1.5])('agrees with the theory for points at margin %d', (margin) => {
    const { capacity } = manifoldGeometry(clouds({ manifolds: 40, points: 4, features: 200, spread: 1e-5, seed: 6 }), { ...options, gaussianVectors: 100, margin });
    expect(Math.abs(capacity.value - pointCapacity(margin))).toBeLessThan(4 * capacity.samplingError);
  });

  test.each([[2, 0.5, 0], [2, 0.5, 1], [1, 1, 0.5]])('agrees with the theory for spheres of dimension %d, radius %d, margin %d, and with its own ballCapacity', (dimension, radius, margin) => {
    const measured = manifoldGeometry(clouds({ manifolds: 30, points: 60, features: 150, sphere: { dimension, radius }, seed: 3 }), { ...options, gaussianVectors: 100, margin });
    const theory = ballCapacity(dimension, radius, margin);
    // 60 points leave gaps of 5 degrees on a circle: 1 % of the support function.
    expect(Math.abs(measured.capacity.value / theory - 1)).toBeLessThan(0.02 + (4 * measured.capacity.samplingError) / theory);
    expect(Math.abs(measured.ballCapacity.value / measured.capacity.value - 1)).toBeLessThan(0.1);
    // The centers of sampled spheres lie off their middle by radius / sqrt(60) or less.
    expect(Math.abs(measured.gaussianRadius.value / radius - 1)).toBeLessThan(0.05);
    expect(Math.abs(measured.gaussianDimension.value - dimension)).toBeLessThan(4 * measured.gaussianDimension.samplingError + 0.05 * dimension);
  });

  test('removes as many shared directions as were planted, and counts a feature for each in the correlated capacity', () => {
    for (const planted of [0, 2, 5]) {
      const plain = clouds({ manifolds: 40, points: 6, features: 300, spread: 0.3, seed: 20 + planted });
      const random = randomStream(planted, 'planted');
      const directions = Array.from({ length: planted }, () => random.fillNormal(new Float64Array(300)));
      for (let p = 0; p < 40; p++) {
        for (const direction of directions) {
          const weight = random.nextNormal() / 8;
          for (let row = 6 * p; row < 6 * p + 6; row++) for (let j = 0; j < 300; j++) plain.data[300 * row + j]! += weight * direction[j]!;
        }
      }
      const geometry = manifoldGeometry(plain, { gaussianVectors: 20, random: randomStream(1) });
      expect(geometry.centerRank).toBe(planted);
      const { capacity, correlatedCapacity } = geometry;
      expect(40 / correlatedCapacity.value).toBeCloseTo(40 / capacity.value + planted, 9);
      expect(correlatedCapacity.interval[0]).toBeLessThan(correlatedCapacity.value);
      expect(correlatedCapacity.standardError / capacity.standardError).toBeCloseTo((correlatedCapacity.value / capacity.value) ** 2, 12);
    }
  });

  test('keeps one of equal points, and says which manifolds have dependent ones', () => {
    const repeated = { ...points, data: Float64Array.from(points.data) };
    for (let row = 0; row < 9; row++) repeated.data.copyWithin(row * 40, 0, 40);
    const { perManifold, diagnostics } = manifoldGeometry(repeated, { ...options, lowRank: 'none' });
    expect(perManifold.radius[0]).toBe(0);
    expect(perManifold.capacity[0]).toBeGreaterThan(0);
    const near = { ...points, data: Float64Array.from(points.data) };
    for (let j = 0; j < 40; j++) near.data[40 + j] = near.data[j]! + 1e-9 * Math.sin(j);
    const warned = manifoldGeometry(near, { ...options, lowRank: 'none' });
    expect(warned.diagnostics.warnings.join(' ')).toContain('The points of 1 of 24 manifolds (0) are dependent');
    expect(diagnostics.warnings.join(' ')).not.toContain('dependent');
  });

  test('two identical manifolds give a flagged result and no silent number', () => {
    const twins = clouds({ manifolds: 2, points: 5, features: 20, seed: 1 });
    twins.data.copyWithin(5 * 20, 0, 5 * 20);
    expect(() => manifoldGeometry(twins, options)).toThrow(/all centers lie at the mean of all points/);
  });
});

test('many more points than coordinates are solved in the coordinates, with the numbers of the exact solver', () => {
  const [count, dimension, vectors] = [1200, 4, 12];
  const random = randomStream(3, 'wide');
  const width = dimension + 1;
  const points = random.fillNormal(new Float64Array(count * width));
  for (let i = 0; i < count; i++) {
    const row = points.subarray(i * width, i * width + dimension);
    const norm = Math.hypot(...row);
    row.forEach((x, j) => { row[j] = (0.7 * x) / norm; });
    points[i * width + dimension] = 1;
  }
  const gaussian = random.fillNormal(new Float64Array(vectors * width));
  const { inverseCapacity, violation, fallbacks } = manifoldStatistics({ points, count, dimension, rank: dimension }, { margin: 0, gaussian });
  expect(violation).toBeLessThanOrEqual(1e-12);
  expect(fallbacks).toBe(0);
  let sum = 0;
  for (let v = 0; v < vectors; v++) {
    const t = gaussian.subarray(v * width, (v + 1) * width);
    const exact = solveOnPoints(points, t, { count, width });
    for (let i = 0; i < count; i++) if (exact[i]! > 0) for (let j = 0; j < width; j++) sum += exact[i]! * points[i * width + j]! * t[j]!;
  }
  expect(Math.abs((inverseCapacity.value * vectors) / sum - 1)).toBeLessThan(1e-10);
});

test('manifoldGeometry() warns of manifolds that coincide and of names without points', () => {
  const points = clouds({ manifolds: 24, points: 9, features: 40, seed: 2 });
  points.data.copyWithin(9 * 40, 0, 9 * 40);
  const warnings = manifoldGeometry({ ...points, manifoldNames: { 0: 'cat', 77: 'unicorn' } }, options).diagnostics.warnings.join(' ');
  expect(warnings).toContain('The centers of 2 of 24 manifolds (0 ("cat"), 1) coincide with another');
  expect(warnings).toContain('1 named manifold has no points (77 ("unicorn")).');
});

test('the SIMD solver agrees with its TypeScript twin', () => {
  fc.assert(fc.property(fc.nat(), fc.integer({ min: 2, max: 30 }), fc.integer({ min: 3, max: 40 }), (seed, count, dimension) => {
    const [random, width, vectors] = [randomStream(seed, 'twin'), dimension + 1, 6];
    const points = random.fillNormal(new Float64Array(count * width));
    for (let i = 0; i < count; i++) points[i * width + dimension] = 1;
    const t = random.fillNormal(new Float64Array(vectors * width));
    const gram = gramOfRows(points, count, width);
    const b = crossProducts(t, vectors, points, count, width);
    const { multipliers, outcomes } = solveNonnegative(gram, b, { count, vectors });
    const twin = new AnchorSolver(points, gram, count, width);
    for (let v = 0; v < vectors; v++) {
      twin.solve(t.subarray(v * width, (v + 1) * width), b.subarray(v * count, (v + 1) * count));
      if (outcomes[v] === notSolved) continue;
      const scale = twin.multipliers.reduce((most, x) => Math.max(most, x), 1);
      const worst = twin.multipliers.reduce((most, x, i) => Math.max(most, Math.abs(x - multipliers[v * count + i]!)), 0);
      // Multipliers are as well determined as the support is conditioned: 1e-7 of pivots at worst.
      expect(worst / scale).toBeLessThan(1e-8);
    }
  }), { numRuns: 60, seed: 8 });
});

test('chooseGaussianVectors() asks for as many as the first error says, and stops at 20,000', () => {
  const asked: number[] = [];
  const measureWith = (spread: number) => (vectors: number) => {
    asked.push(vectors);
    const estimate = { value: 1, standardError: spread / Math.sqrt(vectors) };
    return [{ inverseCapacity: estimate, radius: estimate, dimension: estimate, dimensionPrx: estimate, gaussianRadius: estimate, gaussianDimension: estimate, fallbacks: 0, violation: 0, isDependent: false }];
  };
  expect(chooseGaussianVectors('auto', { relativeError: 0.01, measure: measureWith(0.3) }).vectors).toBe(990);
  expect(chooseGaussianVectors('auto', { relativeError: 0.001, measure: measureWith(5) }).vectors).toBe(20_000);
  expect(chooseGaussianVectors('auto', { relativeError: 0.1, measure: measureWith(0.3) }).vectors).toBe(100);
  expect(asked).toEqual([100, 990, 100, 20_000, 100]);
});

test('the estimate of the time grows with the work and shrinks with threads', () => {
  const rates = { products: 2e9, solves: 1e5 };
  const work = { manifolds: 100, pointsPerManifold: 50, features: 5000, gaussianVectors: 200, lowRank: 'optimal', restarts: 4 } as const;
  const base = estimateSeconds(work, rates, { threads: 1 });
  expect(base).toBeGreaterThan(1);
  expect(base).toBeLessThan(6);
  expect(estimateSeconds(work, rates, { threads: 2 })).toBeLessThan(0.65 * base);
  for (const more of [{ manifolds: 200 }, { features: 10_000 }, { gaussianVectors: 2000 }, { restarts: 8 }]) {
    expect(estimateSeconds({ ...work, ...more }, rates, { threads: 1 })).toBeGreaterThan(base);
  }
  const measured = measureRates();
  expect(measured.products).toBeGreaterThan(1e7);
  expect(measured.solves).toBeGreaterThan(1e2);
});
