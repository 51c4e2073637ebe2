import { expect, test } from '@jest/globals';
import { decodingTargets, randomStream, reconstructLayer, type DecodedSet } from '../../src/index.js';

const normal = (seed: string, size: number) => randomStream(1, seed).fillNormal(new Float32Array(size));
const random = () => randomStream(1, 'projection');
const directions = { directions: 1000, random: randomStream(1, 'directions') };

/** A set whose rows are those of `features` from `start` on, one per example. */
function makeSet(set: string, features: Float32Array, width: number, { start = 0, end = features.length / width }: { start?: number; end?: number } = {}): DecodedSet {
  const count = end - start;
  return {
    set, exampleIds: Int32Array.from({ length: count }, (_, i) => start + i),
    points: { data: features.subarray(start * width, end * width), shape: [count, width], manifoldOf: new Int32Array(count) },
  };
}

/** Half of the examples train, half are a test set. */
function halves(features: Float32Array, width: number): DecodedSet[] {
  const count = features.length / width;
  return [makeSet('unpermuted', features, width, { end: count / 2 }), makeSet('test', features, width, { start: count / 2 })];
}

/** Rows times a matrix of shape (into, width), plus noise. */
function mapRows(rows: Float32Array, width: number, into: number, { noise = 0 }: { noise?: number } = {}): Float32Array {
  const [matrix, disturbance] = [normal('matrix', into * width), normal('noise', (rows.length / width) * into)];
  return Float32Array.from({ length: (rows.length / width) * into }, (_, at) => {
    const [row, j] = [Math.floor(at / into), at % into];
    let sum = noise * disturbance[at]!;
    for (let k = 0; k < width; k++) sum += rows[row * width + k]! * matrix[j * width + k]!;
    return sum;
  });
}

test('the input itself, and any invertible linear map of it, give R squared 1', () => {
  const width = 12;
  const images = normal('images', 200 * width).map((x, i) => x * (1 + (i % width)));
  const targets = decodingTargets({ data: images, shape: [200, width] }, directions);
  for (const features of [images, mapRows(images, width, width), mapRows(images, width, 30).map((x) => x + 5)]) {
    for (const { r2, samplingError, note } of reconstructLayer(halves(features, features.length / 200), targets, { random: random() }).values()) {
      expect(r2.value).toBeGreaterThan(1 - 1e-6);
      expect(r2.value).toBeLessThanOrEqual(1);
      expect([samplingError, note]).toEqual([undefined, '']);
    }
  }
});

test('a layer that keeps some of the independent values of the input gives their share of the variance', () => {
  const [count, width, kept] = [4000, 8, 3];
  const images = normal('shares', count * width).map((x, i) => x * Math.sqrt(1 + (i % width)));
  const features = Float32Array.from({ length: count * kept }, (_, i) => images[Math.floor(i / kept) * width + (i % kept) * 2]!);
  const share = (1 + 3 + 5) / (1 + 2 + 3 + 4 + 5 + 6 + 7 + 8);
  for (const { r2 } of reconstructLayer(halves(features, kept), decodingTargets({ data: images, shape: [count, width] }, directions), { random: random() }).values()) {
    expect(r2.standardError).toBeLessThan(0.01);
    expect(Math.abs(r2.value - share)).toBeLessThan(4 * r2.standardError);
  }
});

test('noise of as much variance as the signal leaves half of R squared, however many values there are', () => {
  const [count, width] = [4000, 6];
  const images = normal('signal', count * width);
  const noise = normal('disturbance', count * width);
  const features = images.map((x, i) => x + noise[i]!);
  for (const { r2 } of reconstructLayer(halves(features, width), decodingTargets({ data: images, shape: [count, width] }, directions), { random: random() }).values()) {
    expect(Math.abs(r2.value - 0.5)).toBeLessThan(4 * r2.standardError + width / (count / 2));
  }
});

test('features that have nothing to do with the input give R squared 0, though they outnumber the examples', () => {
  const targets = decodingTargets({ data: normal('a', 200 * 5), shape: [200, 5] }, directions);
  for (const { r2 } of reconstructLayer(halves(normal('b', 200 * 150), 150), targets, { random: random() }).values()) {
    expect(r2.value).toBeLessThan(3 * r2.standardError);
    expect(r2.value).toBeGreaterThan(-0.15);
  }
});

test('R squared does not rise with a random projection to fewer features', () => {
  const [count, width] = [800, 20];
  const images = normal('images', count * width);
  const features = mapRows(images, width, 40, { noise: 1 });
  const targets = decodingTargets({ data: images, shape: [count, width] }, directions);
  const values = [40, 30, 20, 10, 5].map((limit) => reconstructLayer(halves(features, 40), targets, { limit, random: random() }).get('test')!);
  values.slice(1).forEach(({ r2, features, note }, i) => {
    expect(r2.value).toBeLessThan(values[i]!.r2.value);
    expect(note).toBe(`Decoded from a random projection to ${features} features.`);
  });
  // A projection to p of 20 directions keeps p/20 of the variance at most.
  for (const { r2, features } of values.slice(3)) expect(r2.value).toBeLessThan(features / width + 3 * r2.standardError);
  expect([values[0]!.features, values[0]!.note]).toEqual([40, '']);
});

test('an example is decoded without itself: as if it were the test set of all others', () => {
  const [count, width] = [14, 3];
  // The third value of three is small and not in the features, so that the penalty is small too and leaving one out is all that matters.
  const images = normal('few', count * width).map((x, i) => (i % width === 2 ? 0.05 * x : x));
  const features = mapRows(images.map((x, i) => (i % width === 2 ? 0 : x)), width, 4);
  const targets = decodingTargets({ data: images, shape: [count, width] }, directions);
  const whole = reconstructLayer([makeSet('unpermuted', features, 4)], targets, { random: random() }).get('unpermuted')!.r2.value;
  const sums = Array.from({ length: count }, (_, left) => {
    const others = [...Array(count).keys()].filter((i) => i !== left);
    const rows = Float32Array.from(others.flatMap((i) => [...features.subarray(i * 4, (i + 1) * 4)]));
    const training: DecodedSet = { set: 'unpermuted', exampleIds: others, points: { data: rows, shape: [count - 1, 4], manifoldOf: new Int32Array(count - 1) } };
    const { value } = reconstructLayer([training, makeSet('test', features, 4, { start: left, end: left + 1 })], targets, { random: random() }).get('test')!.r2;
    const deviation = [...Array(width).keys()].reduce((sum, j) => sum + (images[left * width + j]! - others.reduce((total, i) => total + images[i * width + j]!, 0) / (count - 1)) ** 2, 0);
    return { error: (1 - value) * deviation, deviation };
  });
  const sum = (key: 'error' | 'deviation') => sums.reduce((total, own) => total + own[key], 0);
  // Penalties are in units of an eigenvalue that each example adds to: that makes 0.1 %, holding no example out would make 50 %.
  expect(((1 - whole) * sum('deviation')) / sum('error')).toBeCloseTo(1, 3);
});

test('the standard error is the spread over test sets', () => {
  const [width, trained, size, repeats] = [10, 300, 60, 150];
  const count = trained + size * repeats;
  const images = normal('spread', count * width).map((x, i) => x * (1 + (i % width)));
  const features = mapRows(images, width, 6, { noise: 3 });
  const tests = Array.from({ length: repeats }, (_, i) => makeSet(`test ${i}`, features, 6, { start: trained + i * size, end: trained + (i + 1) * size }));
  const found = reconstructLayer([makeSet('unpermuted', features, 6, { end: trained }), ...tests], decodingTargets({ data: images, shape: [count, width] }, directions), { random: random() });
  const estimates = tests.map(({ set }) => found.get(set)!.r2);
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const center = mean(estimates.map(({ value }) => value));
  const spread = Math.sqrt(mean(estimates.map(({ value }) => (value - center) ** 2)));
  // The spread of 150 values is known to 6 %.
  expect(mean(estimates.map(({ standardError }) => standardError)) / spread).toBeGreaterThan(0.82);
  expect(mean(estimates.map(({ standardError }) => standardError)) / spread).toBeLessThan(1.18);
});

test('along random directions R squared is that over all values, as closely as the sampling error says', () => {
  const [count, width] = [400, 256];
  const factors = normal('factors', count * 20);
  const images = mapRows(factors, 20, width, { noise: 2 });
  const features = Float32Array.from({ length: count * 8 }, (_, i) => factors[Math.floor(i / 8) * 20 + (i % 8)]!);
  const exact = reconstructLayer(halves(features, 8), decodingTargets({ data: images, shape: [count, width] }, directions), { random: random() });
  let misses = 0;
  for (let draw = 0; draw < 20; draw++) {
    const targets = decodingTargets({ data: images, shape: [count, width] }, { directions: 64, random: randomStream(draw, 'draw') });
    for (const [set, { r2, samplingError }] of reconstructLayer(halves(features, 8), targets, { random: random() })) {
      expect(samplingError).toBeLessThan(0.03);
      misses += Number(Math.abs(r2.value - exact.get(set)!.r2.value) > 2 * samplingError!);
    }
  }
  // 5 % of 40, and the two sets of a draw share its directions.
  expect(misses).toBeLessThan(7);
});

test('restored holds the images of permuted and is not decoded again; sets of other names train themselves', () => {
  const images = normal('sets', 90 * 5);
  const targets = decodingTargets({ data: images, shape: [90, 5] }, directions);
  const [unpermuted, permuted, tested] = [makeSet('unpermuted', images, 5, { end: 30 }), makeSet('permuted', images, 5, { start: 30, end: 60 }), makeSet('test', images, 5, { start: 60 })];
  const found = reconstructLayer([unpermuted, permuted, { ...permuted, set: 'restored' }, tested], targets, { random: random() });
  expect([...found.keys()]).toEqual(['unpermuted', 'permuted', 'test']);
  expect(found).toEqual(reconstructLayer([unpermuted, permuted, tested], targets, { random: random() }));
  const own = reconstructLayer([{ ...unpermuted, set: 'mine' }, { ...tested, set: 'yours' }], targets, { random: random() });
  expect(own.get('mine')).toEqual(reconstructLayer([{ ...unpermuted, set: 'mine' }], targets, { random: random() }).get('mine'));
});

test('what can not be measured says why', () => {
  const images = normal('images', 40 * 5);
  const targets = decodingTargets({ data: images, shape: [40, 5] }, directions);
  const dead = reconstructLayer(halves(new Float32Array(40 * 3).fill(2), 3), targets, { random: random() }).get('test')!;
  expect([dead.r2.value, dead.note]).toEqual([Number.NaN, 'All training examples have the same features.']);
  const blank = reconstructLayer(halves(images, 5), decodingTargets({ data: new Uint8Array(40 * 5).fill(7), shape: [40, 5] }, directions), { random: random() }).get('test')!;
  expect([blank.r2.value, blank.note]).toEqual([Number.NaN, 'All inputs are the same.']);
  expect(() => reconstructLayer(halves(images, 5), decodingTargets({ data: images.subarray(0, 150), shape: [30, 5] }, directions), { random: random() }))
    .toThrow('decodingTargets: an exampleId must be a row of the inputs, 0 to 29; got 30. Give the data that the activations come from.');
  expect(() => decodingTargets({ data: images, shape: [41, 5] }, directions)).toThrow('decodingTargets: data must have examples x values = 41 x 5 elements; got 200.');
});
