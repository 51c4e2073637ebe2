import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { gramOfRows, kernels } from '@memgeo/numerics';
import { manifoldGeometry, randomStream, type ManifoldGeometry } from '../../src/index.js';
import { AnchorSolver } from './anchor-solver.js';
import { minimizeOverSubspaces } from '../../src/mftma/grassmann.js';
import { ResidualCost } from '../../src/mftma/residual-cost.js';
import { clouds } from '../clouds.js';
import { excess } from '../matchers/all-close.js';

const measure = (points: ReturnType<typeof clouds>, lowRank: 'optimal' | 'none' = 'none') => manifoldGeometry(points, { gaussianVectors: 50, lowRank, random: randomStream(7) });
const numbers = (g: ManifoldGeometry) => [g.capacity.value, g.radius.value, g.dimension.value, g.dimensionPrx.value, g.centerCorrelation.value];

describe('manifoldGeometry()', () => {
  const points = clouds({ manifolds: 12, points: 8, features: 30, seed: 2 });
  const expected = numbers(measure(points));

  test('is unchanged by a rotation of feature space', () => {
    // A product of random plane rotations.
    const random = randomStream(3, 'rotation');
    const data = Float64Array.from(points.data);
    for (let step = 0; step < 200; step++) {
      const [i, j, angle] = [random.nextInteger(30), random.nextInteger(30), 6 * random.nextUniform()];
      if (i === j) continue;
      for (let row = 0; row < 96; row++) {
        const [x, y] = [data[row * 30 + i]!, data[row * 30 + j]!];
        data[row * 30 + i] = Math.cos(angle) * x - Math.sin(angle) * y;
        data[row * 30 + j] = Math.sin(angle) * x + Math.cos(angle) * y;
      }
    }
    expect(excess(numbers(measure({ ...points, data })), expected, { rtol: 1e-9 })).toBeLessThanOrEqual(0);
  });

  test('is unchanged by a global scale and offset', () => {
    const data = points.data.map((x, i) => 17 * x + (i % 30) - 4);
    expect(excess(numbers(measure({ ...points, data })), expected, { rtol: 1e-9 })).toBeLessThanOrEqual(0);
  });

  test('is unchanged by the order of classes in the data', () => {
    const order = randomStream(5, 'order').shuffle(Array.from({ length: 12 }, (_, p) => p)).flatMap((p) => Array.from({ length: 8 }, (_, i) => p * 8 + i));
    const data = Float64Array.from(order.flatMap((row) => [...points.data.subarray(row * 30, row * 30 + 30)]));
    const manifoldOf = Int32Array.from(order, (row) => points.manifoldOf[row]!);
    expect(excess(numbers(measure({ ...points, data, manifoldOf })), expected, { rtol: 1e-9 })).toBeLessThanOrEqual(0);
  });

  test('is unchanged by the order of points in a class, within the error of its Gaussian vectors', () => {
    const order = Array.from({ length: 96 }, (_, row) => Math.floor(row / 8) * 8 + ((3 * row + 5) % 8));
    const data = Float64Array.from(order.flatMap((row) => [...points.data.subarray(row * 30, row * 30 + 30)]));
    const many = { gaussianVectors: 1500, lowRank: 'none', random: randomStream(7) } as const;
    const [before, after] = [manifoldGeometry(points, many), manifoldGeometry({ ...points, data }, many)];
    expect(after.centerCorrelation.value).toBeCloseTo(before.centerCorrelation.value, 12);
    for (const measure of ['capacity', 'radius', 'dimension', 'dimensionPrx'] as const) {
      // The coordinates of a class follow its points, so the vectors are other draws: four standard errors of a difference.
      expect(Math.abs(after[measure].value - before[measure].value)).toBeLessThan(4 * Math.SQRT2 * before[measure].samplingError);
    }
  });

  test('finds planted shared directions, and none where there are none', () => {
    const plain = clouds({ manifolds: 40, points: 10, features: 300, spread: 0.5, seed: 11 });
    expect(measure(plain, 'optimal').centerRank).toBeLessThanOrEqual(1);
    const random = randomStream(12, 'shared');
    const shared = Array.from({ length: 3 }, () => random.fillNormal(new Float64Array(300)));
    const data = Float64Array.from(plain.data);
    for (let p = 0; p < 40; p++) {
      for (const direction of shared) {
        const weight = random.nextNormal() / 4;
        for (let i = 0; i < 10; i++) for (let j = 0; j < 300; j++) data[(p * 10 + i) * 300 + j]! += weight * direction[j]!;
      }
    }
    expect(measure({ ...plain, data }, 'optimal').centerRank).toBe(3);
  });

  test('works with two manifolds, with single points, and with fewer features than manifolds', () => {
    for (const shape of [{ manifolds: 2, points: 5, features: 20 }, { manifolds: 12, points: 1, features: 20 }, { manifolds: 12, points: 6, features: 4 }]) {
      const geometry = measure(clouds({ ...shape, seed: 1 }), 'optimal');
      expect(numbers(geometry).every(Number.isFinite)).toBe(true);
    }
  });

  test('leaves out a manifold whose center has collapsed, and says so', () => {
    const data = Float64Array.from(points.data);
    const manifoldOf = Int32Array.from([...points.manifoldOf, 12, 12]);
    const extended = new Float64Array(data.length + 60);
    extended.set(data);
    const mean = new Float64Array(30);
    for (let row = 0; row < 96; row++) for (let j = 0; j < 30; j++) mean[j]! += data[row * 30 + j]! / 96;
    for (let j = 0; j < 30; j++) {
      extended[data.length + j] = mean[j]! + Math.sin(j);
      extended[data.length + 30 + j] = mean[j]! - Math.sin(j);
    }
    const geometry = manifoldGeometry({ data: extended, shape: [98, 30], manifoldOf, manifoldNames: { 12: 'truck' } }, { gaussianVectors: 20, lowRank: 'none', random: randomStream(1) });
    expect(geometry.diagnostics.warnings[0]).toMatch(/centers of 1 of 13 manifolds \(12 \("truck"\)\) lie at the mean of all points/);
    expect(geometry.perManifold.capacity[12]).toBeNaN();
    expect(geometry.capacity.value).toBeGreaterThan(0);
  });

  test.each([
    [{ ...points, data: points.data.map((x, i) => (i === 65 ? Number.NaN : x)) }, {}, /point 2, feature 5 is NaN/],
    [{ ...points, manifoldOf: new Int32Array(3) }, {}, /one entry for each of the 96 points; got 3/],
    [{ ...points, manifoldOf: new Int32Array(96) }, {}, /at least 2 manifolds; got 1/],
    [{ ...points, data: points.data.map(() => 1) }, {}, /Is the layer dead\?/],
    [points, { margin: -1 }, /margin must be finite and at least 0; got -1/],
    [points, { gaussianVectors: 0 }, /gaussianVectors must be "auto" or a whole number of at least 1; got 0/],
    [points, { lowRank: 11 }, /lowRank must be at most 10 for 12 manifolds/],
  ])('refuses what it can not measure: %#', (bad, options, message) => {
    expect(() => manifoldGeometry(bad, { random: randomStream(1), ...options })).toThrow(message);
  });
});

test('AnchorSolver satisfies the optimality conditions to 1e-12 on any points, duplicates included', () => {
  fc.assert(fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 20 }), fc.boolean(), (seed, count, dimension, hasDuplicates) => {
    const random = randomStream(seed, 'points');
    const width = dimension + 1;
    const points = random.fillNormal(new Float64Array(count * width));
    for (let i = 0; i < count; i++) points[i * width + dimension] = 1;
    if (hasDuplicates && count > 1) points.copyWithin(0, width, 2 * width);
    const gram = gramOfRows(points, count, width);
    const solver = new AnchorSolver(points, gram, count, width);
    for (let trial = 0; trial < 5; trial++) {
      const t = random.fillNormal(new Float64Array(width));
      const b = Float64Array.from({ length: count }, (_, i) => points.subarray(i * width, (i + 1) * width).reduce((sum, x, j) => sum + x * t[j]!, 0));
      solver.solve(t, b);
      const a = solver.multipliers;
      const scale = Math.max(...b.map(Math.abs));
      for (let i = 0; i < count; i++) {
        let y = -b[i]!;
        for (let j = 0; j < count; j++) y += gram[i * count + j]! * a[j]!;
        expect(a[i]).toBeGreaterThanOrEqual(0);
        expect(y).toBeGreaterThan(-1e-12 * scale - 1e-13);
        if (a[i]! > 0) expect(Math.abs(y)).toBeLessThan(1e-11 * scale);
      }
    }
  }), { numRuns: 300, seed: 20 });
});

test('the gradient of the residual cost agrees with finite differences, and descends', () => {
  const [P, n, K] = [9, 7, 3];
  const random = randomStream(4, 'cost');
  const coordinates = random.fillNormal(new Float64Array(P * n));
  kernels().borrow((allocate) => {
    const cost = new ResidualCost({ coordinates, gram: gramOfRows(coordinates, P, n), count: P, dimension: n }, K, allocate);
    const [V, gradient, moved] = [allocate(K * n), allocate(K * n), allocate(K * n)];
    random.fillNormal(V).forEach((x, i) => { V[i] = x / 10; });
    cost.evaluate(V, gradient);
    const differences = V.map((_, i) => {
      const h = 1e-6;
      const at = (step: number) => { moved.set(V); moved[i]! += step; return cost.evaluate(moved); };
      return (at(h) - at(-h)) / (2 * h);
    });
    expect(excess(gradient, differences, { rtol: 1e-6, atol: 1e-7 })).toBeLessThanOrEqual(0);
    V.forEach((_, i) => { V[i] = i % n === Math.floor(i / n) ? 1 : 0; });
    const atStart = cost.evaluate(V);
    const result = minimizeOverSubspaces((at, slope) => cost.evaluate(at, slope), V, { rank: K, dimension: n });
    expect(result.cost).toBeLessThan(atStart);
    expect(result.cost).toBe(cost.evaluate(V));
    expect(result.hasConverged).toBe(true);
  });
});
