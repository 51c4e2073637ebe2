import { describe, expect, test } from '@jest/globals';
import { gatherRows, randomStream } from '@memgeo/numerics';
import { compareRepresentations, prepareRepresentation, type RepresentationOptions } from '../../src/index.js';

type Matrix = { data: Float64Array; shape: [number, number] };

const matrix = (rows: readonly (readonly number[])[]): Matrix => ({ data: Float64Array.from(rows.flat()), shape: [rows.length, rows[0]!.length] });
const gaussian = (count: number, features: number, seed: number): Matrix => ({ data: randomStream(seed, 'gaussian').fillNormal(new Float64Array(count * features)), shape: [count, features] });
/** Orthonormal, centered columns: cosines of these frequencies. */
const cosines = (count: number, frequencies: readonly number[]): Matrix => matrix(Array.from({ length: count }, (_, i) => frequencies.map((k) => Math.sqrt(2 / count) * Math.cos((Math.PI * (i + 0.5) * k) / count))));
const all = ({ shape: [count] }: Matrix): Int32Array => Int32Array.from({ length: count }, (_, i) => i);
const compare = (a: Matrix, b: Matrix, options: RepresentationOptions = {}) => {
  const { cka, ckaUnbiased, rsa, procrustesSimilarity, procrustesDistance } = compareRepresentations(prepareRepresentation(a, all(a), options), prepareRepresentation(b, all(b), options));
  return { cka: cka!, ckaUnbiased: ckaUnbiased!, rsa: rsa!, procrustesSimilarity: procrustesSimilarity!, procrustesDistance: procrustesDistance! };
};
const values = (similarities: ReturnType<typeof compare>) => Object.values(similarities).map(({ value }) => value);
/** Reflects the features so that the direction of all ones goes to itself: what 1 - Pearson does not see, as the other measures see no rotation. */
const turned = ({ data, shape: [count, features] }: Matrix, seed: number): Matrix => {
  const v = randomStream(seed, 'turn').fillNormal(new Float64Array(features));
  const mean = v.reduce((s, x) => s + x, 0) / features;
  const u = v.map((x) => x - mean);
  const square = u.reduce((s, x) => s + x * x, 0);
  const out = data.slice();
  for (let i = 0; i < count; i++) {
    let along = 0;
    for (let j = 0; j < features; j++) along += data[i * features + j]! * u[j]!;
    for (let j = 0; j < features; j++) out[i * features + j]! -= (2 * along * u[j]!) / square;
  }
  return { data: out, shape: [count, features] };
};
const meanAndError = (samples: readonly number[]): [number, number] => {
  const mean = samples.reduce((sum, x) => sum + x, 0) / samples.length;
  return [mean, Math.sqrt(samples.reduce((sum, x) => sum + (x - mean) ** 2, 0) / samples.length / (samples.length - 1))];
};

describe('compareRepresentations()', () => {
  test('of three points by hand: CKA 9/12 and an angle of 30 degrees for (-1, 0, 1) and (-2, 1, 1)', () => {
    const { cka, procrustesSimilarity, procrustesDistance, ckaUnbiased } = compare(matrix([[4], [5], [6]]), matrix([[-2], [1], [1]]));
    expect(cka.value).toBeCloseTo(9 / 12, 12);
    expect(procrustesSimilarity.value).toBeCloseTo(3 / Math.sqrt(12), 12);
    expect(procrustesDistance.value).toBeCloseTo(Math.PI / 6, 12);
    expect(ckaUnbiased.note).toMatch(/at least 4 examples; one has 3/);
  });

  test('RSA of three points is the rank correlation of three dissimilarities: 1/2 if two neighbors in rank change places', () => {
    // Profiles on a circle of directions without mean: 1 - Pearson is 1 - cos of the angle between.
    const at = (...degrees: number[]): Matrix => matrix(degrees.map((d) => {
      const [c, s] = [Math.cos((d * Math.PI) / 180), Math.sin((d * Math.PI) / 180)];
      return [c / Math.SQRT2 + s / Math.sqrt(6), -c / Math.SQRT2 + s / Math.sqrt(6), (-2 * s) / Math.sqrt(6)].map((x) => 3 * x + 7);
    }));
    // Angles 01, 12, 02: 20, 50, 70 against 50, 20, 70 and 70, 50, 20.
    expect(compare(at(0, 20, 70), at(0, 50, 70)).rsa.value).toBeCloseTo(0.5, 6);
    expect(compare(at(0, 20, 70), at(0, 70, 20)).rsa.value).toBeCloseTo(-1, 6);
  });

  test.each([
    { shared: 'no direction', frequencies: [4, 5, 6], cosine: 0 },
    { shared: 'one of three directions', frequencies: [3, 4, 5], cosine: 1 / 3 },
    { shared: 'all three directions', frequencies: [3, 2, 1], cosine: 1 },
  ])('of subspaces that share $shared, CKA and the Procrustes cosine are $cosine', ({ frequencies, cosine }) => {
    const { cka, procrustesSimilarity, procrustesDistance } = compare(cosines(40, [1, 2, 3]), cosines(40, frequencies));
    expect(cka.value).toBeCloseTo(cosine, 10);
    expect(procrustesSimilarity.value).toBeCloseTo(cosine, 7);
    // The arc cosine takes the root of a rounding error at 1.
    expect(procrustesDistance.value).toBeCloseTo(Math.acos(cosine), 5);
  });

  test.each([[60, 20], [40, 90]])('of a turned, scaled and shifted copy of %i examples with %i features is 1, and 0 as a distance', (count, features) => {
    const a = gaussian(count, features, 1);
    const b = turned(a, 2);
    // A shift of all features by the same amount is one that 1 - Pearson does not see.
    const { procrustesDistance, ...similar } = compare(a, { ...b, data: b.data.map((x) => 5 * x + 3) });
    for (const { value, standardError } of Object.values(similar)) {
      expect(value).toBeCloseTo(1, 9);
      expect(standardError).toBeLessThan(1e-7);
    }
    // The arc cosine takes the root of a rounding error at 1.
    expect(procrustesDistance.value).toBeLessThan(1e-5);
  });

  test('of a representation with itself is 1 to the last bit, and 0 as a distance, without error', () => {
    const a = prepareRepresentation(gaussian(30, 12, 3), all(gaussian(30, 12, 3)));
    for (const [measure, { value, standardError }] of Object.entries(compareRepresentations(a, a))) expect([measure, value, standardError]).toEqual([measure, measure === 'procrustesDistance' ? 0 : 1, 0]);
  });

  test('does not depend on the order of the two, nor of the examples if all are in one batch', () => {
    const [a, b] = [gaussian(50, 20, 4), gaussian(50, 70, 5)];
    const expected = values(compare(a, b));
    values(compare(b, a)).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 11));
    const order = randomStream(6, 'order').shuffle([...all(a)]);
    values(compare({ ...a, data: gatherRows(a.data, 20, order) }, { ...b, data: gatherRows(b.data, 70, order) })).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 11));
  });

  test('of unrelated Gaussian points: CKA is above 0 by the known amount, unbiased CKA is not, in one batch or in several', () => {
    const [count, p, q] = [40, 15, 30];
    const runs = Array.from({ length: 60 }, (_, seed) => [256, 14].map((batchSize) => compare(gaussian(count, p, 2 * seed + 100), gaussian(count, q, 2 * seed + 101), { methods: ['cka', 'ckaUnbiased'], batchSize, errorGroups: 0 })));
    const [biased, biasedError] = meanAndError(runs.map(([whole]) => whole!.cka.value));
    // With v = n - 1 degrees of freedom, E<K, L> = p q v and E|K|^2 = p v (v + p + 1).
    const expected = Math.sqrt((p * q) / ((count + p) * (count + q)));
    expect(Math.abs(biased - expected)).toBeLessThan(4 * biasedError + 0.01 * expected);
    for (const batching of [0, 1]) {
      const [mean, error] = meanAndError(runs.map((run) => run[batching]!.ckaUnbiased.value));
      expect(Math.abs(mean)).toBeLessThan(4 * error);
      expect(error).toBeLessThan(0.1 * expected);
    }
  });

  test('unbiased CKA in batches is the ratio of sums of unbiased HSIC over batches, from its definition', () => {
    const [a, b] = [gaussian(11, 3, 7), gaussian(11, 4, 8)];
    const hsic = (x: Matrix, y: Matrix, start: number, end: number): number => {
      const m = end - start;
      const kernel = ({ data, shape: [, features] }: Matrix) => Array.from({ length: m }, (_, i) => Array.from({ length: m }, (_, j) => {
        let s = 0;
        for (let k = 0; k < features; k++) s += data[(start + i) * features + k]! * data[(start + j) * features + k]!;
        return i === j ? 0 : s;
      }));
      const [K, L] = [kernel(x), kernel(y)];
      let [trace, sumK, sumL, both] = [0, 0, 0, 0];
      for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) {
        trace += K[i]![j]! * L[i]![j]!;
        sumK += K[i]![j]!;
        sumL += L[i]![j]!;
        for (let k = 0; k < m; k++) both += K[i]![j]! * L[j]![k]!;
      }
      return (trace + (sumK * sumL) / ((m - 1) * (m - 2)) - (2 * both) / (m - 2)) / (m * (m - 3));
    };
    const total = (x: Matrix, y: Matrix) => hsic(x, y, 0, 5) + hsic(x, y, 5, 11);
    expect(compare(a, b, { batchSize: 6 }).ckaUnbiased.value).toBeCloseTo(total(a, b) / Math.sqrt(total(a, a) * total(b, b)), 12);
  });

  test('leaves out groups for the standard error as if they had never been there', () => {
    const [a, b] = [gaussian(24, 6, 9), gaussian(24, 30, 10)];
    const errorGroups = 4;
    const whole = compare(a, b, { errorGroups });
    const without = Array.from({ length: errorGroups }, (_, group) => {
      const rows = all(a).filter((i) => i % errorGroups !== group);
      return compareRepresentations(prepareRepresentation(a, rows), prepareRepresentation(b, rows));
    });
    for (const measure of ['cka', 'ckaUnbiased', 'procrustesSimilarity', 'procrustesDistance'] as const) {
      const [mean, error] = meanAndError(without.map((values) => values[measure]!.value));
      expect(mean).toBeGreaterThan(-1);
      expect(whole[measure].standardError).toBeCloseTo(error * (errorGroups - 1), 9);
    }
  });

  test('errs by what its standard error says', () => {
    // The second sees the first through noise.
    const runs = Array.from({ length: 24 }, (_, seed) => {
      const [a, noise] = [gaussian(60, 8, 200 + seed), gaussian(60, 8, 300 + seed)];
      return compare({ ...a, data: a.data.map((x, i) => x / (1 + (i % 8))) }, { ...a, data: a.data.map((x, i) => x / (1 + (i % 8)) + noise.data[i]! / 3) });
    });
    for (const measure of ['cka', 'ckaUnbiased', 'rsa', 'procrustesDistance'] as const) {
      const [, error] = meanAndError(runs.map((run) => run[measure].value));
      const stated = Math.sqrt(runs.reduce((s, run) => s + run[measure].standardError ** 2, 0) / runs.length);
      // The spread of 24 runs is known to 15 %, and the jackknife of ten groups leans to the safe side.
      expect(stated / (error * Math.sqrt(24))).toBeGreaterThan(0.6);
      expect(stated / (error * Math.sqrt(24))).toBeLessThan(1.7);
    }
  });

  test('a constant side, an example without contrast and too few examples give no number but the reason', () => {
    const a = gaussian(12, 5, 11);
    const flat = { ...a, data: a.data.map(() => 0.1) };
    for (const { value, note } of Object.values(compare(a, flat))) expect([value, note]).toEqual([NaN, 'All examples have the same activations on one side.']);
    const itself = prepareRepresentation(flat, all(flat));
    expect(compareRepresentations(itself, itself).cka!.value).toBeNaN();
    const dead = { ...a, data: a.data.map((x, i) => (i < 5 ? 0.3 : x)) };
    expect(compare(a, dead).rsa).toMatchObject({ value: NaN, note: expect.stringMatching(/same value in all features/) });
    expect(compare(a, dead).cka.value).toBeGreaterThan(0);
    const two = matrix([[1, 2, 4], [2, 1, 1]]);
    expect(compare(two, two).rsa.note).toMatch(/at least 3 examples; there are 2/);
    const three = matrix([[1, 0, 0], [0, 1, 0], [0, 0, 1]]);
    expect(compare(three, gaussian(3, 3, 1)).rsa.note).toMatch(/equally dissimilar/);
  });

  test('Procrustes takes the first examples only, and says how many', () => {
    const [a, b] = [gaussian(40, 6, 12), gaussian(40, 6, 13)];
    const first = all(a).subarray(0, 20);
    const part = compareRepresentations(prepareRepresentation(a, first), prepareRepresentation(b, first));
    const { procrustesDistance, cka } = compare(a, b, { procrustesExamples: 20 });
    expect(procrustesDistance.value).toBeCloseTo(part.procrustesDistance!.value, 12);
    expect([procrustesDistance.exampleCount, cka.exampleCount]).toEqual([20, 40]);
  });

  test('only what both are prepared for is compared', () => {
    const a = gaussian(10, 4, 14);
    expect(Object.keys(compareRepresentations(prepareRepresentation(a, all(a), { methods: ['cka', 'rsa'] }), prepareRepresentation(a, all(a))))).toEqual(['cka', 'rsa']);
  });

  test('refuses different numbers of examples, values that are not finite, and options out of range', () => {
    const a = gaussian(10, 4, 15);
    const prepared = prepareRepresentation(a, all(a));
    expect(() => compareRepresentations(prepared, prepareRepresentation(a, [0, 1, 2]))).toThrow('both must have the same examples; got 10 and 3.');
    expect(() => prepareRepresentation({ ...a, data: a.data.map((x, i) => (i === 9 ? Number.NaN : x)) }, all(a))).toThrow(/point 2, feature 1 is NaN/);
    expect(() => prepareRepresentation(a, [0])).toThrow(/at least 2 examples; got 1/);
    expect(() => prepareRepresentation(a, all(a), { batchSize: 3 })).toThrow(/batchSize must be a whole number of at least 4; got 3/);
    expect(() => prepareRepresentation(a, all(a), { errorGroups: -1 })).toThrow(/errorGroups must be a whole number of at least 0; got -1/);
    expect(() => prepareRepresentation(a, all(a), { procrustesExamples: 1 })).toThrow(/procrustesExamples must be a whole number of at least 2; got 1/);
  });
});
