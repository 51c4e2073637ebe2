import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { randomStream } from '@memgeo/numerics';
import { initialParameters, Network, networkSchema, openBackend, reestimateStatistics, type NetworkDescription, type NetworkSpec } from '../../src/index.js';

beforeAll(() => openBackend('wasm'));

const count = 30;
const size = 16;
const random = randomStream(5, 'images');
const examples = { data: Float32Array.from({ length: count * size }, () => random.nextNormal()), count };
const all = Int32Array.from({ length: count }, (_, i) => i);
const describeNetwork = (spec: NetworkSpec): NetworkDescription => ({ spec, inputShape: [4, 4, 1], classCount: 3, normalization: { mean: 0, standardDeviation: 1 } });
const oneLayer = describeNetwork(networkSchema.parse({ kind: 'mlp', hidden: [5], batchNorm: true }));
const deep = describeNetwork(networkSchema.parse({ kind: 'vgg', channels: [3], dense: [6] }));

/** Mean and unbiased variance of each unit's input to the normalization, in float64. */
function momentsOf(kernel: Float32Array, rows: readonly number[]): { mean: number[]; variance: number[] } {
  const units = kernel.length / size;
  const values = rows.map((row) => Array.from({ length: units }, (_, unit) => Array.from({ length: size }, (_, j) => examples.data[row * size + j]! * kernel[j * units + unit]!).reduce((sum, x) => sum + x, 0)));
  const mean = Array.from({ length: units }, (_, unit) => values.reduce((sum, value) => sum + value[unit]!, 0) / rows.length);
  const variance = mean.map((center, unit) => values.reduce((sum, value) => sum + (value[unit]! - center) ** 2, 0) / (rows.length - 1));
  return { mean, variance };
}
const statisticsOf = async (network: Network) => new Map((await network.parameters()).filter(({ name }) => /mean|variance/.test(name)).map(({ name, data }) => [name, data]));
const expectClose = (actual: Float32Array, expected: readonly number[]) => expected.forEach((value, i) => expect(Math.abs(actual[i]! - value)).toBeLessThan(1e-5 * (1 + Math.abs(value))));

describe('reestimateStatistics()', () => {
  test('in one batch gives the mean and unbiased variance of all examples', async () => {
    const network = Network.initialize(oneLayer, 1);
    await reestimateStatistics(network, examples, all);
    const statistics = await statisticsOf(network);
    const expected = momentsOf(initialParameters(oneLayer, 1)[0]!.data, [...all]);
    expectClose(statistics.get('dense1.norm.mean')!, expected.mean);
    expectClose(statistics.get('dense1.norm.variance')!, expected.variance);
  });

  test('in several batches gives the exact mean, and the mean of the variances of even batches', async () => {
    const network = Network.initialize(oneLayer, 1);
    await reestimateStatistics(network, examples, all, { batchSize: 14 });
    const statistics = await statisticsOf(network);
    const kernel = initialParameters(oneLayer, 1)[0]!.data;
    const batches = [0, 10, 20].map((start) => momentsOf(kernel, [...all.slice(start, start + 10)]));
    expectClose(statistics.get('dense1.norm.mean')!, momentsOf(kernel, [...all]).mean);
    expectClose(statistics.get('dense1.norm.variance')!, batches[0]!.variance.map((_, unit) => batches.reduce((sum, { variance }) => sum + variance[unit]! / 3, 0)));
  });

  test('makes evaluation agree with training mode on the same batch, in every layer', async () => {
    const network = Network.initialize(deep, 2);
    await reestimateStatistics(network, examples, all);
    const evaluated = await network.predict(examples, all);
    const { logits, moments } = network.forwardTraining(tf.tensor4d(examples.data, [count, 4, 4, 1]));
    const trained = await logits.data();
    tf.dispose(moments.flatMap(({ mean, variance }) => [mean, variance]));
    // The running variance is without bias, that of a batch with it: a factor of 29/30 in the dense layer.
    evaluated.forEach((value, i) => expect(Math.abs(value - trained[i]!)).toBeLessThan(0.03 * (1 + Math.abs(value))));
  });

  test('changes the statistics alone, is the same each time, and leaks no tensor', async () => {
    const network = Network.initialize(deep, 2);
    const before = await network.parameters();
    const held = tf.memory().numTensors;
    await reestimateStatistics(network, examples, all, { batchSize: 8 });
    const once = await network.parameters();
    await reestimateStatistics(network, examples, all, { batchSize: 8 });
    expect(tf.memory().numTensors).toBe(held);
    expect(await network.parameters()).toEqual(once);
    for (const [i, { name, data }] of once.entries()) expect([name, data.every((value, j) => value === before[i]!.data[j])]).toEqual([name, !/mean|variance/.test(name)]);
  });

  test('does nothing without batch normalization, and refuses to estimate from nothing', async () => {
    const plain = Network.initialize(describeNetwork(networkSchema.parse({ kind: 'mlp', hidden: [5] })), 1);
    const before = await plain.parameters();
    await reestimateStatistics(plain, examples, []);
    expect(await plain.parameters()).toEqual(before);
    await expect(reestimateStatistics(Network.initialize(oneLayer, 1), examples, [])).rejects.toThrow(/at least 1 example/);
  });
});
