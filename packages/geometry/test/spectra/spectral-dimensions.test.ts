import { describe, expect, test } from '@jest/globals';
import { randomStream, symmetricEigenvalues, Threads } from '@memgeo/numerics';
import { spectralDimensions, unbiasedTraces } from '../../src/index.js';
import { cloudSpectrum } from '../../src/spectra/cloud-spectrum.js';
import { clouds } from '../clouds.js';
import { excess } from '../matchers/all-close.js';

type Points = { data: Float64Array | Float32Array; shape: [number, number]; manifoldOf: Int32Array };

/** One class per point in turn, so that groups can be left out. */
const labeled = (data: Float64Array, features: number, classes = 10): Points => {
  const count = data.length / features;
  return { data, shape: [count, features], manifoldOf: Int32Array.from({ length: count }, (_, i) => i % classes) };
};

/** Points whose scatter has exactly the given eigenvalues: cosines, which are orthonormal and centered. */
const planted = (eigenvalues: readonly number[], count: number): Points => {
  const features = eigenvalues.length;
  const data = new Float64Array(count * features);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < features; k++) data[i * features + k] = Math.sqrt((2 / count) * eigenvalues[k]!) * Math.cos((Math.PI * (i + 0.5) * (k + 1)) / count);
  }
  return labeled(data, features);
};

const gaussian = (count: number, features: number, seed: number): Points => labeled(randomStream(seed, 'gaussian').fillNormal(new Float64Array(count * features)), features);
const values = (points: Points) => Object.values(spectralDimensions(points, { errorGroups: 0 })).map(({ value }) => value);
const meanAndError = (samples: readonly number[]): [number, number] => {
  const mean = samples.reduce((sum, x) => sum + x, 0) / samples.length;
  return [mean, Math.sqrt(samples.reduce((sum, x) => sum + (x - mean) ** 2, 0) / samples.length / (samples.length - 1))];
};

describe('on a planted spectrum', () => {
  test.each([[200], [41]])('i^-1.3 of 40 features and %i points, the measures are those of the spectrum', (count) => {
    const e = Array.from({ length: 40 }, (_, i) => (i + 1) ** -1.3);
    const measured = spectralDimensions(planted(e, count));
    const sum = e.reduce((a, b) => a + b, 0);
    const squares = e.reduce((a, b) => a + b * b, 0);
    const roots = e.reduce((a, b) => a + Math.sqrt(b), 0);
    expect(measured.participationRatio.value).toBeCloseTo(sum ** 2 / squares, 9);
    expect(measured.alphaReq.value).toBeCloseTo(1.3, 9);
    expect(measured.alphaReqFit.value).toBeCloseTo(1, 9);
    expect(measured.rankMe.value).toBeCloseTo(Math.exp(-e.reduce((a, b) => a + (Math.sqrt(b) / roots) * Math.log(Math.sqrt(b) / roots), 0)), 9);
    expect(measured.stableRank.value).toBeCloseTo(sum, 9);
    let k = 0;
    for (let share = 0; share < 0.9; k++) share += e[k]! / sum;
    expect(measured.explainedVarianceDimension.value).toBe(k);
  });

  test('ten equal directions count as ten, and a share that k of them reach exactly takes k', () => {
    const points = planted(Array<number>(10).fill(1), 50);
    const measured = spectralDimensions(points, { varianceShare: 0.9 });
    expect(measured.participationRatio.value).toBeCloseTo(10, 10);
    expect(measured.rankMe.value).toBeCloseTo(10, 10);
    expect(measured.stableRank.value).toBeCloseTo(10, 10);
    expect(measured.explainedVarianceDimension.value).toBe(9);
    expect(spectralDimensions(points, { varianceShare: 0.901 }).explainedVarianceDimension.value).toBe(10);
  });
});

describe('on isotropic Gaussian points', () => {
  // A Wishart matrix of v = n - 1 degrees of freedom has E (tr S)^2 = v^2 N^2 + 2 v N and E tr S^2 = v N (v + N + 1); their ratio
  // is 2499.5 for 5000 points in 5000 dimensions, where the reference program's README prints 2499.
  test.each([[60, 100], [100, 60]])('%i points in %i dimensions have the participation ratio nN/(n + N) of Marchenko and Pastur', (count, features) => {
    const samples = Array.from({ length: 6 }, (_, seed) => spectralDimensions(gaussian(count, features, seed), { errorGroups: 0 }).participationRatio.value);
    const [mean, error] = meanAndError(samples);
    const expected = ((count - 1) * features + 2) / (count + features);
    // Four standard errors, and 1e-3 for the ratio of means standing for the mean of ratios.
    expect(Math.abs(mean - expected)).toBeLessThan(4 * error + 1e-3 * expected);
    expect(Math.abs(expected / ((count * features) / (count + features)) - 1)).toBeLessThan(0.02);
  });

  test('90 % of the variance of as many points as dimensions takes 51 % of them, 2548 of 5000 in the reference README', () => {
    const size = 200;
    // For eigenvalues 4 cos^2 a with density (4/pi) sin^2 a: the mass below the angle at which the variance reaches 90 %.
    let angle = 0;
    while ((4 / Math.PI) * (angle / 2 - Math.sin(4 * angle) / 8) < 0.9) angle += 1e-5;
    const share = (4 / Math.PI) * (angle / 2 - Math.sin(2 * angle) / 4);
    expect(share).toBeCloseTo(2548 / 5000, 3);
    const { value } = spectralDimensions(gaussian(size, size, 1), { errorGroups: 0 }).explainedVarianceDimension;
    // The edge of the spectrum is known to a few eigenvalues of 200.
    expect(Math.abs(value - share * size)).toBeLessThan(3);
  });

  test('the corrected participation ratio is that of the population, though points are few', () => {
    const samples = Array.from({ length: 20 }, (_, seed) => spectralDimensions(gaussian(40, 100, seed), { errorGroups: 0 }).participationRatioCorrected.value);
    const [mean, error] = meanAndError(samples);
    // Four standard errors, and the variance of the denominator, which biases the ratio by its relative square.
    const bias = 100 * (error * Math.sqrt(20) / 100) ** 2;
    expect(Math.abs(mean - 100)).toBeLessThan(4 * error + bias);
    expect(error).toBeLessThan(5);
  });
});

describe('unbiasedTraces()', () => {
  /** t, f and q of some points, from their definitions. */
  const sums = (data: Float64Array, count: number, features: number) => {
    const mean = Float64Array.from({ length: features }, (_, j) => { let s = 0; for (let i = 0; i < count; i++) s += data[i * features + j]! / count; return s; });
    const inner = (a: number, b: number) => { let s = 0; for (let j = 0; j < features; j++) s += (data[a * features + j]! - mean[j]!) * (data[b * features + j]! - mean[j]!); return s; };
    let [trace, traceOfSquare, fourthPowers] = [0, 0, 0];
    for (let a = 0; a < count; a++) {
      trace += inner(a, a);
      fourthPowers += inner(a, a) ** 2;
      for (let b = 0; b < count; b++) traceOfSquare += inner(a, b) ** 2;
    }
    return { trace, traceOfSquare, fourthPowers, pointCount: count };
  };

  test('is the mean over all choices of four points', () => {
    const [count, features] = [7, 3];
    const data = randomStream(2, 'four').fillNormal(new Float64Array(count * features)).map((x) => x * x);
    const difference = (a: number, b: number) => Array.from({ length: features }, (_, j) => data[a * features + j]! - data[b * features + j]!);
    const dot = (x: number[], y: number[]) => x.reduce((s, v, j) => s + v * y[j]!, 0);
    let [square, ofSquare, choices] = [0, 0, 0];
    for (let a = 0; a < count; a++) for (let b = 0; b < count; b++) for (let c = 0; c < count; c++) for (let d = 0; d < count; d++) {
      if (new Set([a, b, c, d]).size < 4) continue;
      const [x, y] = [difference(a, b), difference(c, d)];
      square += (dot(x, x) * dot(y, y)) / 4;
      ofSquare += dot(x, y) ** 2 / 4;
      choices++;
    }
    const estimated = unbiasedTraces(sums(data, count, features));
    expect(estimated.squareOfTrace).toBeCloseTo(square / choices, 10);
    expect(estimated.traceOfSquare).toBeCloseTo(ofSquare / choices, 10);
  });

  test.each(['normal', 'exponential'])('has the right expectation for %s data with 6 points in 20 dimensions', (kind) => {
    const [count, features, repeats] = [6, 20, 3000];
    const deviation = Float64Array.from({ length: features }, (_, j) => (j + 1) ** -0.5);
    const random = randomStream(8, kind);
    const draws = Array.from({ length: repeats }, () => {
      const data = Float64Array.from({ length: count * features }, (_, i) => 3 + deviation[i % features]! * (kind === 'normal' ? random.nextNormal() : -Math.log(1 - random.nextUniform())));
      return unbiasedTraces(sums(data, count, features));
    });
    const trace = deviation.reduce((s, x) => s + x ** 2, 0);
    for (const [samples, expected] of [[draws.map((d) => d.squareOfTrace), trace ** 2], [draws.map((d) => d.traceOfSquare), deviation.reduce((s, x) => s + x ** 4, 0)]] as const) {
      const [mean, error] = meanAndError(samples);
      expect(Math.abs(mean - expected)).toBeLessThan(4 * error);
      expect(error).toBeLessThan(0.05 * expected);
    }
  });
});

describe('cloudSpectrum()', () => {
  test.each([[8, 15], [15, 8], [9, 9]])('of %i points in %i dimensions agrees with decompositions of the covariance and of the second moments', (count, features) => {
    const points = gaussian(count, features, 4);
    const data = points.data.map((x, i) => x + 2 * Math.cos(i % features)) as Float64Array;
    const spectrum = cloudSpectrum({ data, shape: [count, features] }, Array.from({ length: count }, (_, i) => i));
    const mean = Array.from({ length: features }, (_, j) => { let s = 0; for (let i = 0; i < count; i++) s += data[i * features + j]! / count; return s; });
    const moments = (center: readonly number[]) => Float64Array.from({ length: features * features }, (_, ab) => {
      const [a, b] = [Math.floor(ab / features), ab % features];
      let s = 0;
      for (let i = 0; i < count; i++) s += (data[i * features + a]! - center[a]!) * (data[i * features + b]! - center[b]!);
      return s;
    });
    const most = Math.min(count, features);
    expect(excess(spectrum.centered, symmetricEigenvalues(moments(mean), features).slice(0, most), { rtol: 1e-12, atol: 1e-12 })).toBeLessThanOrEqual(0);
    expect(excess(spectrum.uncentered, symmetricEigenvalues(moments(mean.map(() => 0)), features).slice(0, most), { rtol: 1e-12, atol: 1e-12 })).toBeLessThanOrEqual(0);
  });
});

describe('spectralDimensions()', () => {
  const points = clouds({ manifolds: 10, points: 9, features: 30, seed: 3 });

  test('is unchanged by the scale, by the order of points and classes, and by a rotation of feature space', () => {
    const expected = values(points);
    expect(excess(values({ ...points, data: points.data.map((x) => 7 * x) }), expected, { rtol: 1e-9 })).toBeLessThanOrEqual(0);
    const order = randomStream(1, 'order').shuffle(Array.from({ length: 90 }, (_, i) => i));
    const shuffled = Float64Array.from(order.flatMap((row) => [...points.data.subarray(row * 30, row * 30 + 30)]));
    expect(excess(values({ ...points, data: shuffled, manifoldOf: Int32Array.from(order, (row) => 9 - points.manifoldOf[row]!) }), expected, { rtol: 1e-9 })).toBeLessThanOrEqual(0);
    // The reflection that takes the first axis to a random direction.
    const v = randomStream(2, 'reflection').fillNormal(new Float64Array(30));
    const square = v.reduce((s, x) => s + x * x, 0);
    const data = points.data.slice();
    for (let row = 0; row < 90; row++) {
      let along = 0;
      for (let j = 0; j < 30; j++) along += points.data[row * 30 + j]! * v[j]!;
      for (let j = 0; j < 30; j++) data[row * 30 + j]! -= (2 * along * v[j]!) / square;
    }
    expect(excess(values({ ...points, data }), expected, { rtol: 1e-9 })).toBeLessThanOrEqual(0);
  });

  test('an offset changes RankMe and the stable rank, which are not centered, and nothing else', () => {
    const [before, after] = [spectralDimensions(points), spectralDimensions({ ...points, data: points.data.map((x, i) => x + 1000 * Math.sin(i % 30)) })];
    for (const measure of ['participationRatio', 'participationRatioCorrected', 'explainedVarianceDimension', 'alphaReq', 'alphaReqFit'] as const) {
      expect(Math.abs(after[measure].value / before[measure].value - 1)).toBeLessThan(1e-7);
    }
    expect(after.stableRank.value).toBeLessThan(1.001);
    expect(after.rankMe.value).toBeLessThan(before.rankMe.value / 2);
  });

  test('errs by what its standard error says', () => {
    // Independent points with a spectrum that decays, so that leaving out groups is leaving out groups of independent draws.
    const runs = Array.from({ length: 24 }, (_, seed) => {
      const points = gaussian(60, 20, seed + 50);
      return spectralDimensions({ ...points, data: points.data.map((x, i) => x / Math.sqrt(1 + (i % 20))) });
    });
    for (const measure of ['participationRatio', 'participationRatioCorrected', 'stableRank'] as const) {
      const [, error] = meanAndError(runs.map((run) => run[measure].value));
      const spread = error * Math.sqrt(runs.length);
      const stated = Math.sqrt(runs.reduce((s, run) => s + run[measure].standardError ** 2, 0) / runs.length);
      // The spread of 24 runs is known to 15 %; eight groups know the error to 27 %, less over 24 runs.
      expect(stated / spread).toBeGreaterThan(0.6);
      expect(stated / spread).toBeLessThan(1.8);
    }
  });

  test('gives the same on two threads, and no errors with fewer than two groups or classes', () => {
    const threads = new Threads(2);
    try {
      expect(spectralDimensions(points, { threads })).toEqual(spectralDimensions(points));
    } finally {
      threads.close();
    }
    for (const alone of [spectralDimensions(points, { errorGroups: 1 }), spectralDimensions({ ...points, manifoldOf: new Int32Array(90) })]) {
      expect(alone.participationRatio.value).toBeGreaterThan(1);
      expect(alone.participationRatio.standardError).toBeNaN();
    }
  });

  test.each([
    { kind: 'identical points', count: 5, value: () => 0.1, measures: ['participationRatio', 'participationRatioCorrected', 'explainedVarianceDimension'], note: /All points are identical/ },
    { kind: 'points at zero', count: 5, value: () => 0, measures: ['rankMe', 'stableRank'], note: /Every feature is zero/ },
    { kind: 'three points', count: 3, value: Math.sin, measures: ['participationRatioCorrected'], note: /at least 4 points; there are 3/ },
    { kind: 'five points', count: 5, value: Math.sin, measures: ['alphaReq', 'alphaReqFit'], note: /rank of at least 20; it is/ },
  ] as const)('of $kind gives no number for $measures but the reason', ({ count, value, measures, note }) => {
    const data = Float32Array.from({ length: count * 8 }, (_, i) => value(i * i));
    const measured = spectralDimensions({ data, shape: [count, 8], manifoldOf: Int32Array.from({ length: count }, (_, i) => i) });
    for (const measure of measures) {
      expect(measured[measure].value).toBeNaN();
      expect(measured[measure].note).toMatch(note);
    }
  });

  test('float32 rounding does not count as dimensions', () => {
    const plane = Float32Array.from({ length: 60 * 40 }, (_, i) => 5 + Math.sin(Math.floor(i / 40)) * Math.cos(i % 40) + Math.cos(Math.floor(i / 40)) * Math.sin(3 * (i % 40)));
    const { alphaReq } = spectralDimensions({ data: plane, shape: [60, 40], manifoldOf: new Int32Array(60) });
    expect(alphaReq.note).toMatch(/rank of at least 20; it is 2\./);
  });

  test.each([
    [{ ...points, data: points.data.map((x, i) => (i === 65 ? Number.NaN : x)) }, {}, /point 2, feature 5 is NaN/],
    [points, { varianceShare: 0 }, /varianceShare must be above 0 and at most 1; got 0/],
    [points, { varianceShare: 1.5 }, /varianceShare must be above 0 and at most 1; got 1.5/],
    [points, { errorGroups: -1 }, /errorGroups must be a whole number of at least 0; got -1/],
  ])('refuses what it can not measure: %#', (bad, options, message) => {
    expect(() => spectralDimensions(bad, options)).toThrow(message);
  });
});
