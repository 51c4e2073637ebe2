import { expect, test } from '@jest/globals';
import { predictionDepths, probeLayer, randomStream, type ProbeSet } from '../../src/index.js';
import { subtractTrainingMean } from '../../src/separation/compact-rows.js';
import { nearestNeighbors, voteOfNeighbors } from '../../src/separation/nearest-neighbors.js';
import { ridgeProbe } from '../../src/separation/ridge-probe.js';
import { ridgeSystem } from '../../src/separation/ridge-system.js';

const random = randomStream(1, 'probes');
const normal = (seed: number, size: number) => randomStream(seed, 'test').fillNormal(new Float64Array(size));
const centered = (rows: Float64Array, trained: number, width: number) => {
  subtractTrainingMean(rows, { trained, width });
  return rows;
};

/** Solves A x = b by Gaussian elimination with pivoting: slow and independent of the code under test. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const size = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let k = 0; k < size; k++) {
    const pivot = rows.slice(k).reduce((best, row, i) => (Math.abs(row[k]!) > Math.abs(rows[best]![k]!) ? i + k : best), k);
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    for (let i = k + 1; i < size; i++) {
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j <= size; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  const x = Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) x[i] = (rows[i]![size]! - x.reduce((sum, value, j) => sum + (j > i ? rows[i]![j]! * value : 0), 0)) / rows[i]![i]!;
  return x;
}

/** Intercept and slopes that minimize sum (y - a - x.b)^2 + penalty |b|^2, by the normal equations. */
function directRidge(rows: readonly (readonly number[])[], y: readonly number[], penalty: number): number[] {
  const width = rows[0]!.length + 1;
  const full = rows.map((row) => [1, ...row]);
  const matrix = Array.from({ length: width }, (_, i) => Array.from({ length: width }, (__, j) => full.reduce((sum, row) => sum + row[i]! * row[j]!, i === j && i > 0 ? penalty : 0)));
  return solve(matrix, Array.from({ length: width }, (_, i) => full.reduce((sum, row, k) => sum + row[i]! * y[k]!, 0)));
}

test.each([[12, 5], [9, 14]])('ridge regression of %i samples on %i features is the direct solution, and its closed form leaves one out exactly', (samples, features) => {
  const data = centered(normal(1, samples * features), samples, features);
  const rows = Array.from({ length: samples }, (_, i) => [...data.subarray(i * features, (i + 1) * features)]);
  const y = Array.from({ length: samples }, (_, i) => Number(i % 3 === 0));
  const share = y.reduce((sum, value) => sum + value) / samples;
  const penalty = 0.7;
  const { residuals, freedom, weights } = ridgeSystem(data, { samples, features }).at(penalty)!(Float64Array.from(y, (value) => value - share), 1).finish();
  const predict = ([intercept, ...slopes]: number[], row: number[]) => intercept! + slopes.reduce((sum, b, j) => sum + b * row[j]!, 0);
  const direct = directRidge(rows, y, penalty);
  rows.forEach((row, i) => {
    expect(y[i]! - residuals[i]!).toBeCloseTo(predict(direct, row), 10);
    const without = directRidge(rows.filter((_, j) => j !== i), y.filter((_, j) => j !== i), penalty);
    expect(y[i]! - residuals[i]! / freedom[i]!).toBeCloseTo(predict(without, row), 9);
  });
  direct.slice(1).forEach((slope, j) => expect(weights[j]).toBeCloseTo(slope, 10));
});

test.each([[40, 6], [20, 30]])('generalized cross-validation is n |residuals|^2 / Tr(I - H)^2 (%i samples, %i features)', (samples, features) => {
  const data = centered(normal(2, samples * features), samples, features);
  const y = Float64Array.from({ length: samples }, (_, i) => (i % 2 === 0 ? 0.5 : -0.5));
  const solution = ridgeSystem(data, { samples, features }).at(3)!(y, 1);
  const { residuals, freedom } = solution.finish();
  const trace = freedom.reduce((sum, x) => sum + x);
  expect(solution.crossValidation).toBeCloseTo((samples * residuals.reduce((sum, x) => sum + x * x, 0)) / trace ** 2, 10);
});

test('ridgeProbe() of more features than samples predicts others as it does through fewer features with the same products', () => {
  const [trained, others, features] = [30, 10, 8];
  const narrow = centered(normal(3, (trained + others) * features), trained, features);
  // Zeros as further features leave all inner products as they are, and take the path through X X'.
  const wide = new Float64Array((trained + others) * 50);
  for (let i = 0; i < trained + others; i++) wide.set(narrow.subarray(i * features, (i + 1) * features), i * 50);
  const labels = Int32Array.from({ length: trained }, (_, i) => (narrow[i * features]! > 0 ? 1 : 0) + (narrow[i * features + 1]! > 0.5 ? 1 : 0));
  const probe = (rows: Float64Array, width: number, penalty: number) => ridgeProbe(rows, { examples: trained + others, features: width, trained, labelings: [labels], classCount: 3, penalty })![0]!;
  // Penalties are in units of the mean eigenvalue, over 8 of them in one case and 29 in the other.
  const [a, b] = [probe(narrow, features, 0.5), probe(wide, 50, (0.5 * 29) / 8)];
  expect(b.heldOut).toEqual(a.heldOut);
  expect(b.fitted).toEqual(a.fitted);
});

test('nearestNeighbors() and voteOfNeighbors() agree with sorting all distances, over several blocks', () => {
  const [trained, examples, features, neighbors] = [530, 560, 4, 7];
  const rows = normal(4, examples * features);
  const nearest = nearestNeighbors(rows, { examples, features, trained, neighbors });
  const labels = Int32Array.from({ length: trained }, (_, i) => i % 3);
  const votes = voteOfNeighbors(nearest, { neighbors, labels, classCount: 3 });
  for (let i = 0; i < examples; i += 7) {
    const distance = (j: number) => Array.from({ length: features }, (_, f) => (rows[i * features + f]! - rows[j * features + f]!) ** 2).reduce((a, b) => a + b);
    const sorted = Array.from({ length: trained }, (_, j) => j).filter((j) => j !== i).sort((a, b) => distance(a) - distance(b)).slice(0, neighbors);
    expect([...nearest.subarray(i * neighbors, (i + 1) * neighbors)]).toEqual(sorted);
    const counts = [0, 1, 2].map((k) => sorted.filter((j) => labels[j] === k).length);
    expect(counts[votes[i]!]).toBe(Math.max(...counts));
  }
});

test('of classes with equal votes, that of the nearest neighbor wins', () => {
  expect([...voteOfNeighbors(Int32Array.of(2, 0, 1, 3), { neighbors: 4, labels: Int32Array.of(0, 0, 1, 1), classCount: 2 })]).toEqual([1]);
});

/** Four sets as activations have them: permuted and restored share their images, whose assigned labels are another class. */
function fourSets(points: (image: number, trueLabel: number, isPermuted: boolean) => number[], { classes = 3, perClass = 40 }: { classes?: number; perClass?: number } = {}): ProbeSet[] {
  const images = Array.from({ length: 3 * classes * perClass }, (_, id) => ({ id, kind: Math.floor(id / (classes * perClass)), label: id % classes }));
  const make = (set: string, kind: number, shift: number): ProbeSet => {
    const chosen = images.filter((image) => image.kind === kind);
    const rows = chosen.map(({ id, label }) => points(id, label, kind === 1));
    return {
      set, exampleIds: chosen.map(({ id }) => id),
      points: { data: Float32Array.from(rows.flat()), shape: [rows.length, rows[0]!.length], manifoldOf: chosen.map(({ id, label }) => (label + (shift ? 1 + (Math.floor(id / classes) % (classes - 1)) : 0)) % classes) },
    };
  };
  return [make('unpermuted', 0, 0), make('permuted', 1, 1), make('restored', 1, 0), make('test', 2, 0)];
}

const probed = (sets: ProbeSet[], options: Partial<Parameters<typeof probeLayer>[1]> = {}) => {
  const result = probeLayer(sets, { random, neighbors: 9, ...options });
  if ('reason' in result) throw new Error(result.reason);
  return Object.fromEntries([...result.probes].map(([set, { measures }]) => [set, Object.fromEntries(Object.entries(measures).map(([name, { value }]) => [name, value]))]));
};

test('where features show the true class, both probes find it held out in every set, and assigned wrong labels never', () => {
  const stream = randomStream(5, 'features');
  const { unpermuted, permuted, restored, test: held } = probed(fourSets((_, label) => Array.from({ length: 6 }, (__, j) => 0.1 * stream.nextNormal() + Number(j === label)))
    .map((set, i, all) => (i === 2 ? { ...set, points: { ...set.points, data: all[1]!.points.data } } : set)));
  for (const set of [unpermuted!, restored!, held!]) for (const name of ['ridgeProbeTrue', 'knnProbeTrue', 'ridgeProbeAssigned']) expect(set[name]).toBe(1);
  for (const name of ['ridgeProbeTrue', 'knnProbeTrue', 'ridgeProbeAssigned']) expect(permuted![name]).toBe(0);
  expect(held).not.toHaveProperty('ridgeProbeTrueFit');
  expect(restored).toHaveProperty('ridgeProbeTrueFit', 1);
});

test('a linear probe with more features than examples fits random labels, and held out is at chance: no label of an example leaks', () => {
  const points = new Map<number, number[]>();
  const stream = randomStream(6, 'features');
  const sets = fourSets((id) => {
    if (!points.has(id)) points.set(id, [...stream.fillNormal(new Float64Array(400))]);
    return points.get(id)!;
  });
  const result = probed(sets, { penalty: 1e-3 });
  expect(result.permuted).toMatchObject({ ridgeProbeAssignedFit: 1, ridgeProbeTrueFit: 0 });
  for (const set of Object.values(result)) {
    for (const name of ['ridgeProbeAssigned', 'ridgeProbeTrue', 'knnProbeAssigned', 'knnProbeTrue']) {
      // Chance is 1/3 with a binomial error of 0.043 over 120 examples; four of it, and 1/80 of chance for the class left out.
      expect(Math.abs(set[name]! - 1 / 3)).toBeLessThan(4 * 0.043 + 0.005);
    }
  }
});

test('leaving one out does not push accuracies of random labels below chance, whatever the penalty', () => {
  const [examples, features] = [900, 20];
  const sets: ProbeSet[] = [{ set: 'all', points: { data: normal(8, examples * features), shape: [examples, features], manifoldOf: Int32Array.from({ length: examples }, (_, i) => i % 3) } }];
  for (const penalty of [1e-3, 10, 1e4]) {
    // Binomial error 0.0157; three of it. With the class shares in the prediction, the largest penalty would give 0.
    expect(Math.abs(probed(sets, { penalty }).all!.ridgeProbeTrue! - 1 / 3)).toBeLessThan(0.05);
  }
});

test('features that show the assigned label are found on assigned labels only', () => {
  const sets = fourSets((_, label) => Array.from({ length: 6 }, (__, j) => Number(j === label)));
  const noise = normal(9, 120 * 6);
  const shown = Float32Array.from({ length: 120 * 6 }, (_, i) => 0.1 * noise[i]! + Number(i % 6 === 3 + sets[1]!.points.manifoldOf[Math.floor(i / 6)]!));
  sets[1] = { ...sets[1]!, points: { ...sets[1]!.points, data: shown } };
  sets[2] = { ...sets[2]!, points: { ...sets[2]!.points, data: shown } };
  const { permuted, restored } = probed(sets);
  expect(permuted).toMatchObject({ ridgeProbeAssigned: 1, knnProbeAssigned: 1, ridgeProbeAssignedFit: 1 });
  expect(restored).toMatchObject({ ridgeProbeAssigned: 0, knnProbeAssigned: 0 });
  expect(permuted!.ridgeProbeTrue).toBeLessThan(0.6);
});

test('accuracies are unchanged by rotation and scale of features and by the order of examples', () => {
  const [examples, features] = [90, 7];
  const data = normal(10, examples * features).map((x, i) => x + (i % features === Math.floor(i / features) % 3 ? 1 : 0));
  const labels = Array.from({ length: examples }, (_, i) => i % 3);
  const measure = (values: Float64Array, manifoldOf: number[]) => probed([{ set: 'all', points: { data: values, shape: [examples, features], manifoldOf } }]);
  const base = measure(data, labels);
  // A reflection on the plane orthogonal to v keeps lengths and angles, as a rotation does.
  const v = normal(11, features);
  const square = v.reduce((sum, x) => sum + x * x, 0);
  const turned = data.map((x, i) => {
    const row = data.subarray(i - (i % features), i - (i % features) + features);
    return 5 * (x - (2 * v[i % features]! * row.reduce((sum, value, j) => sum + value * v[j]!, 0)) / square);
  });
  expect(measure(turned, labels)).toEqual(base);
  const order = randomStream(12).shuffle(labels.map((_, i) => i));
  expect(measure(Float64Array.from(order.flatMap((i) => [...data.subarray(i * features, (i + 1) * features)])), order.map((i) => labels[i]!))).toEqual(base);
});

test('beyond the limit of features, probes use a projection that says so and finds the same classes', () => {
  const stream = randomStream(13, 'wide');
  const data = Float32Array.from({ length: 120 * 300 }, (_, i) => 0.5 * stream.nextNormal() + (Math.floor((i % 300) / 100) === Math.floor(i / 300) % 3 ? 1 : 0));
  const result = probeLayer([{ set: 'all', points: { data, shape: [120, 300], manifoldOf: Array.from({ length: 120 }, (_, i) => i % 3) } }], { random, limit: 60, neighbors: 9 });
  const { measures } = (result as { probes: ReadonlyMap<string, { measures: { [name: string]: { value: number; note?: string } } }> }).probes.get('all')!;
  expect(measures.knnProbeTrue).toMatchObject({ value: 1, note: expect.stringContaining('random projection to 60 features') });
  expect(measures.ridgeProbeTrue!.value).toBe(1);
});

test('contradictory or missing example ids, constant features and too few examples are told, not measured', () => {
  const sets = fourSets((id, label) => [id, label]);
  expect(probeLayer(sets.map(({ exampleIds: _, ...set }) => set), { random })).toEqual({ reason: expect.stringContaining('exampleId') });
  expect(() => probeLayer(sets.map((set) => (set.set === 'test' ? { ...set, exampleIds: sets[0]!.exampleIds } : set)), { random })).toThrow(/exampleId must stand for the same point.*between unpermuted and test/);
  expect(() => probeLayer(sets.map((set) => (set.set === 'unpermuted' ? { ...set, ...sets[1], set: 'unpermuted' } : set)), { random })).toThrow('must stand once among the training examples');
  const constant = probeLayer(fourSets(() => [1, 2]), { random });
  const few = probeLayer(fourSets((id) => [id]), { random, neighbors: 240 });
  const measureOf = (result: ReturnType<typeof probeLayer>, name: string) => (result as { probes: ReadonlyMap<string, { measures: { [name: string]: unknown } }> }).probes.get('test')!.measures[name];
  expect(measureOf(constant, 'ridgeProbeTrue')).toMatchObject({ value: NaN, note: expect.stringContaining('same features') });
  expect(measureOf(few, 'knnProbeAssigned')).toMatchObject({ value: NaN, note: expect.stringContaining('there are 240 and 240') });
});

test('predictionDepths() gives the depth from which on every vote equals the last', () => {
  const votes = [[1, 2, 0, 1], [1, 1, 0, 2], [1, 2, 2, 2], [1, 2, 1, 2]];
  expect([...predictionDepths(votes, [0, 1, 3, 4])]).toEqual([0, 3, 4, 1]);
  expect(() => predictionDepths(votes, [0])).toThrow('one entry for each of the 4 layers, at least 1; got 1');
  expect(() => predictionDepths([[1], [1, 2]], [0, 1])).toThrow('votes of the same examples; got 1, 2');
});
