import { beforeAll, describe, expect, test } from '@jest/globals';
import { logitGradients, openBackend, Trainer } from '@memgeo/network';
import { randomStream } from '@memgeo/numerics';
import { allLayers, labelCotangent, softmaxCotangent, splitGradients, type GradientMeasurement } from '../../src/index.js';
import { classes, gaussianClasses, indicesOf, toyNetwork } from '../gaussian-classes.js';

beforeAll(() => openBackend('wasm'));

const drawn = (count: number, name: string) => gaussianClasses(count, { centers: randomStream(1, 'centers'), random: randomStream(1, name) });
const shuffled = (labels: Int32Array, name: string) => Int32Array.from(randomStream(1, 'shuffle', name).shuffle([...labels]));
const one = (rows: readonly GradientMeasurement[], measure: string, { layer = allLayers, set = 'test' } = {}) => rows.find((row) => row.layer === layer && row.set === set && row.measure === measure)!;
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const deviation = (values: number[]) => Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1));
const layers = ['dense1', 'dense2', 'output', allLayers];

describe('closed forms', () => {
  test('the parts sum to the gradient of the cross-entropy: to a step of training', async () => {
    const count = 60;
    const { examples, labels } = drawn(count, 'sum');
    const network = toyNetwork();
    for (const center of [0, 1 / classes]) {
      const [dependent, independent] = await logitGradients(network, examples, indicesOf(count), (logits) => [labelCotangent(labels, { classes, center }), softmaxCotangent(logits, { classes, center })]);
      const stepped = toyNetwork();
      await new Trainer(stepped, { learningRate: 1, momentum: 0, weightDecay: 0 }).trainEpoch(examples, labels, indicesOf(count), { batchSize: count });
      const flat = async (own: typeof network) => (await own.parameters()).flatMap(({ data }) => [...data]);
      const [before, after] = [await flat(network), await flat(stepped)];
      const size = Math.hypot(...before.map((value, i) => value - after[i]!));
      before.forEach((value, i) => expect(Math.abs(value - after[i]! - (dependent![i]! + independent![i]!) / count)).toBeLessThan(1e-5 * size));
    }
  });

  test('of the last layer, the label-dependent part is the covariance of labels and features', async () => {
    const count = 200;
    const { examples, labels } = drawn(count, 'covariance');
    const network = toyNetwork();
    const features = new Float32Array(count * 20);
    await network.forEachBatch(examples, indicesOf(count), { taps: ['dense2.relu'] }, (start, tapped) => features.set(tapped['dense2.relu']!, start * 20));
    const averages = Float64Array.from({ length: 20 }, (_, j) => mean(Array.from(labels, (_, i) => features[i * 20 + j]!)));
    let square = 0;
    for (let j = 0; j < 20; j++) {
      for (let k = 0; k < classes; k++) {
        square += mean(Array.from(labels, (label, i) => (features[i * 20 + j]! - averages[j]!) * ((label === k ? 1 : 0) - 1 / classes))) ** 2;
      }
    }
    const { value, parameters } = one(await splitGradients(network, examples, [{ set: 'test', indices: indicesOf(count), labels }]), 'labelDependentNorm', { layer: 'output' });
    expect(parameters).toBe(20 * classes + classes);
    expect(Math.abs(value! / Math.sqrt(square / parameters) - 1)).toBeLessThan(1e-4);
  });

  test('without biases, raw projections are the same in every layer: minus the mean logit of the label, and the mean of p z', async () => {
    const count = 100;
    const { examples, labels } = drawn(count, 'raw');
    const network = toyNetwork();
    const logits = await network.predict(examples, indicesOf(count));
    const p = softmaxCotangent(logits, { classes, center: 0 });
    const ofLabels = mean(Array.from(labels, (label, i) => logits[i * classes + label]!));
    const ofSoftmax = p.reduce((sum, share, at) => sum + share * logits[at]!, 0) / count;
    const rows = await splitGradients(network, examples, [{ set: 'test', indices: indicesOf(count), labels }], { isCentered: false });
    for (const layer of ['dense1', 'dense2', 'output']) {
      expect(Math.abs(one(rows, 'labelDependentProjection', { layer }).value! + ofLabels)).toBeLessThan(1e-5);
      expect(Math.abs(one(rows, 'labelIndependentProjection', { layer }).value! - ofSoftmax)).toBeLessThan(1e-5);
    }
    expect(rows.some(({ measure }) => measure === 'alignment' || measure === 'labelDependentNormUnbiased')).toBe(false);
  });
});

describe('labels without relation to the images, in an untrained network', () => {
  test('their part falls with the root of the number of examples, in every layer', async () => {
    const counts = [100, 400, 1600];
    const norms = await Promise.all(counts.map(async (count) => {
      const { examples, labels } = drawn(count, 'law');
      const draws: GradientMeasurement[][] = [];
      for (let draw = 0; draw < 8; draw++) draws.push(await splitGradients(toyNetwork(), examples, [{ set: 'test', indices: indicesOf(count), labels: shuffled(labels, `${count} ${draw}`) }], { batches: 4, probes: 0 }));
      return layers.map((layer) => Math.sqrt(mean(draws.map((rows) => one(rows, 'labelDependentNorm', { layer }).value! ** 2))));
    }));
    // The squared norm has some ten degrees of freedom, times 8 draws: its root is known to about 8 %, over a factor of 16 examples.
    layers.forEach((_, l) => expect(Math.abs(Math.log(norms[2]![l]! / norms[0]![l]!) / Math.log(16) + 0.5)).toBeLessThan(0.12));
  });

  test('have alignment 1 and an unbiased norm of 0 on average; true labels more', async () => {
    const count = 300;
    const { examples, labels } = drawn(count, 'alignment');
    const network = toyNetwork();
    const draws: GradientMeasurement[][] = [];
    for (let draw = 0; draw < 30; draw++) {
      draws.push(await splitGradients(network, examples, [
        { set: 'permuted', indices: indicesOf(count), labels: shuffled(labels, `alignment ${draw}`) }, { set: 'restored', indices: indicesOf(count), labels },
      ], { batches: 10, probes: 2, seed: draw }));
    }
    for (const layer of layers) {
      const alignments = draws.map((rows) => one(rows, 'alignment', { layer, set: 'permuted' }).value!);
      expect(Math.abs(mean(alignments) - 1)).toBeLessThan((3.5 * deviation(alignments)) / Math.sqrt(30));
      expect(deviation(alignments) / Math.sqrt(30)).toBeLessThan(0.15);
      const squares = draws.map((rows) => one(rows, 'labelDependentNormUnbiased', { layer, set: 'permuted' }).value!).map((value) => Math.sign(value) * value ** 2);
      expect(Math.abs(mean(squares))).toBeLessThan((3.5 * deviation(squares)) / Math.sqrt(30));
      const restored = one(draws[0]!, 'alignment', { layer, set: 'restored' });
      expect(restored.value! - 3 * restored.standardError!).toBeGreaterThan(2);
    }
  });
});

test('standard errors are the spread over other examples of the same classes', async () => {
  const network = toyNetwork();
  const measures = ['labelDependentNorm', 'labelDependentNormUnbiased', 'labelIndependentNorm', 'labelDependentProjection', 'labelIndependentProjection', 'alignment'];
  const draws: GradientMeasurement[][] = [];
  for (let draw = 0; draw < 30; draw++) {
    const { examples, labels } = drawn(400, `spread ${draw}`);
    const half = { set: 'unpermuted', indices: indicesOf(200), labels: labels.slice(0, 200) };
    // A third of the labels of the other half stay true, so that its gradient is not all noise.
    const partly = labels.slice(200).map((label, i) => (i % 3 === 0 ? label : (label + 1 + (i % 4)) % classes));
    draws.push(await splitGradients(network, examples, [half, { set: 'permuted', indices: indicesOf(200).map((i) => i + 200), labels: partly }], { batches: 20, seed: draw }));
  }
  for (const [set, names] of [['unpermuted', measures], ['permuted', ['labelDependentRatio', 'labelIndependentRatio']]] as const) {
    for (const measure of names) {
      const own = draws.map((rows) => one(rows, measure, { set }));
      // The spread of 30 draws is known to 13 %; an error from 20 batches to 16 %, averaged.
      const quotient = mean(own.map(({ standardError }) => standardError!)) / deviation(own.map(({ value }) => value!));
      expect({ measure, isNear: quotient > 0.65 && quotient < 1.5, quotient }).toMatchObject({ isNear: true });
    }
  }
});

test('the parts cancel in a network that has memorized', async () => {
  const count = 60;
  const { examples, labels: trueLabels } = drawn(count, 'memorized');
  const labels = shuffled(trueLabels, 'memorized');
  const network = toyNetwork({ hidden: [64, 64] } as never);
  const trainer = new Trainer(network, { learningRate: 0.05, momentum: 0.9, weightDecay: 0 });
  const sets = [{ set: 'unpermuted', indices: indicesOf(30), labels: labels.slice(0, 30) }, { set: 'permuted', indices: indicesOf(30).map((i) => i + 30), labels: labels.slice(30) }];
  const before = await splitGradients(network, examples, sets);
  for (let epoch = 0; epoch < 150; epoch++) await trainer.trainEpoch(examples, labels, indicesOf(count), { batchSize: 20 });
  const after = await splitGradients(network, examples, sets);
  for (const layer of ['dense1', 'dense2', 'output', allLayers]) {
    const at = (rows: GradientMeasurement[], measure: string) => one(rows, measure, { layer, set: 'permuted' }).value!;
    expect(Math.abs(at(after, 'labelIndependentNorm') / at(after, 'labelDependentNorm') - 1)).toBeLessThan(0.03);
    expect(Math.abs(at(after, 'labelIndependentProjection') / at(after, 'labelDependentProjection') + 1)).toBeLessThan(0.03);
    expect(Math.abs(at(after, 'labelIndependentRatio') / at(after, 'labelDependentRatio') - 1)).toBeLessThan(0.03);
    expect(at(after, 'labelDependentNorm')).toBeGreaterThan(at(before, 'labelDependentNorm'));
  }
});

describe('bookkeeping', () => {
  const { examples, labels } = drawn(120, 'books');
  const sets = [
    { set: 'unpermuted', indices: indicesOf(60), labels: labels.slice(0, 60) },
    { set: 'permuted', indices: indicesOf(60).map((i) => i + 60), labels: shuffled(labels.slice(60), 'books') },
    { set: 'restored', indices: indicesOf(60).map((i) => i + 60), labels: labels.slice(60) },
  ];

  test('permuted and restored share what does not depend on labels; the order of batches changes nothing but errors and alignment', async () => {
    const network = toyNetwork({ batchNorm: true } as never);
    const rows = await splitGradients(network, examples, sets, { batches: 6 });
    for (const layer of layers) for (const measure of ['labelIndependentNorm', 'labelIndependentProjection']) {
      expect(one(rows, measure, { layer, set: 'restored' })).toEqual({ ...one(rows, measure, { layer, set: 'permuted' }), set: 'restored' });
    }
    expect(rows).toEqual(await splitGradients(network, examples, sets, { batches: 6 }));
    const others = await splitGradients(network, examples, sets, { batches: 3, seed: 2 });
    for (const row of rows.filter(({ measure }) => measure.endsWith('Norm') || measure.endsWith('Ratio'))) {
      expect(Math.abs(one(others, row.measure, row).value! / row.value! - 1)).toBeLessThan(1e-4);
    }
  });

  test('a cap on examples and on held gradients is kept, and probes can be left out', async () => {
    const network = toyNetwork();
    const rows = await splitGradients(network, examples, sets, { examplesPerSet: 40, probes: 0 });
    expect(new Set(rows.map((row) => row.examples))).toEqual(new Set([40]));
    expect(rows.some(({ measure }) => measure === 'alignment')).toBe(false);
    const few = await splitGradients(network, examples, sets, { heldValues: 1 });
    expect(one(few, 'labelDependentNormUnbiased', { set: 'permuted' }).standardError).toBeNull();
    expect(one(few, 'labelDependentNormUnbiased', { set: 'permuted' }).note).toMatch(/too few examples for a standard error|negative/);
  });

  test('unequal classes are noted', async () => {
    const skewed = [{ set: 'test', indices: indicesOf(60), labels: Int32Array.from({ length: 60 }, (_, i) => (i < 30 ? 0 : i % classes)) }];
    expect(one(await splitGradients(toyNetwork(), examples, skewed), 'labelDependentNorm').note).toMatch(/not equally frequent/);
  });

  test('a network that diverged is refused', async () => {
    const network = toyNetwork();
    await expect(splitGradients(network, { data: examples.data.map(() => Infinity), count: 120 }, sets)).rejects.toThrow(/must be finite; on unpermuted one is not.*before training diverged/);
  });
});
