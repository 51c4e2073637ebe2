import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { randomStream } from '@memgeo/numerics';
import { measureNormalization, Network, networkSchema, openBackend, scoreLogits, tapPoints, Trainer, type NetworkDescription, type NetworkSpec } from '../../src/index.js';

beforeAll(() => openBackend('wasm'));

const count = 60;
const random = randomStream(2, 'images');
const data = new Uint8Array(count * 64).map((_, i) => Math.min(255, Math.max(0, 128 + 40 * random.nextNormal() + (Math.floor(i / 64) % 3) * 30)));
const labels = Int32Array.from({ length: count }, (_, i) => i % 3);
const all = Int32Array.from({ length: count }, (_, i) => i);
const examples = { data, count };
const describeNetwork = (spec: NetworkSpec): NetworkDescription => ({ spec, inputShape: [8, 8, 1], classCount: 3, normalization: measureNormalization(examples, all) });
const vgg = describeNetwork(networkSchema.parse({ kind: 'vgg', channels: [4, 8], dense: [16] }));
const mlp = describeNetwork(networkSchema.parse({ kind: 'mlp', hidden: [24] }));
const options = { learningRate: 0.05, momentum: 0.9, weightDecay: 0 };

describe.each([['vgg with batch normalization', vgg], ['mlp', mlp]])('%s', (_, description) => {
  test('learns, gives the same bytes from the same seed, and leaks no tensor', async () => {
    const before = tf.memory().numTensors;
    const runs: Float32Array[][] = [];
    for (let run = 0; run < 2; run++) {
      const network = Network.initialize(description, 4);
      const trainer = new Trainer(network, options);
      const first = await trainer.trainEpoch(examples, labels, all, { batchSize: 16 });
      const held = tf.memory().numTensors;
      let last = first;
      for (let epoch = 0; epoch < 12; epoch++) last = await trainer.trainEpoch(examples, labels, all, { batchSize: 16 });
      expect(tf.memory().numTensors).toBe(held);
      expect(last.loss).toBeLessThan(0.5 * first.loss);
      expect(scoreLogits(await network.predict(examples, all), labels).accuracy).toBeGreaterThan(0.8);
      runs.push((await network.parameters()).map((parameter) => parameter.data));
      network.dispose();
      trainer.dispose();
    }
    expect(runs[0]).toEqual(runs[1]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('continues from its state as if it had never stopped', async () => {
    const straight = Network.initialize(description, 1);
    const trainer = new Trainer(straight, options);
    for (let epoch = 0; epoch < 2; epoch++) await trainer.trainEpoch(examples, labels, all, { batchSize: 20 });
    const first = Network.initialize(description, 1);
    const firstTrainer = new Trainer(first, options);
    await firstTrainer.trainEpoch(examples, labels, all, { batchSize: 20 });
    const second = Network.restore(description, await first.parameters());
    const secondTrainer = new Trainer(second, options);
    secondTrainer.restoreState(await firstTrainer.state());
    await secondTrainer.trainEpoch(examples, labels, all, { batchSize: 20 });
    expect(await second.parameters()).toEqual(await straight.parameters());
  });

  test('every tap has the shape that tapPoints() says, and the output is what predict() returns', async () => {
    const network = Network.initialize(description, 1);
    const taps = tapPoints(description);
    const seen: { [tap: string]: number } = {};
    let output: Float32Array | undefined;
    await network.forEachBatch(examples, all, { taps: taps.map(({ name }) => name) }, (_start, tapped) => {
      for (const [name, values] of Object.entries(tapped)) seen[name] = values.length / count;
      output = tapped.output;
    });
    expect(seen).toEqual(Object.fromEntries(taps.map(({ name, shape }) => [name, shape.reduce((product, size) => product * size, 1)])));
    const fused = await network.predict(examples, all);
    fused.forEach((value, i) => expect(Math.abs(value - output![i]!)).toBeLessThan(1e-4));
    await expect(network.forEachBatch(examples, all, { taps: ['conv9'] }, () => {})).rejects.toThrow(/must be one of input, .*output; got conv9/);
  });
});

test('a loss that is not finite stops training with advice', async () => {
  const trainer = new Trainer(Network.initialize(mlp, 1), { ...options, learningRate: 1e12 });
  await expect((async () => { for (let epoch = 0; epoch < 5; epoch++) await trainer.trainEpoch(examples, labels, all, { batchSize: 20 }); })()).rejects.toThrow(/The loss became (NaN|Infinity).*Lower learningRate \(1000000000000\)/);
});
