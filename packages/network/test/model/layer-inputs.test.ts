import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { randomStream } from '@memgeo/numerics';
import { LayerInputs, Network, networkSchema, openBackend, reestimateStatistics, type NetworkDescription, type NetworkSpec } from '../../src/index.js';

beforeAll(() => openBackend('wasm'));

const count = 50;
const examples = { data: randomStream(5, 'images').fillNormal(new Float32Array(count * 64)), count };
const indices = Int32Array.from({ length: count }, (_, i) => (7 * i) % count);
const describeNetwork = (spec: NetworkSpec): NetworkDescription => ({ spec, inputShape: [8, 8, 1], classCount: 3, normalization: { mean: 0, standardDeviation: 1 } });
const vgg = describeNetwork(networkSchema.parse({ kind: 'vgg', channels: [3, 5], dense: [6] }));
const mlp = describeNetwork(networkSchema.parse({ kind: 'mlp', hidden: [6, 5] }));

describe.each([['vgg', vgg], ['mlp without batch normalization', mlp]])('LayerInputs of a %s', (_, description) => {
  const build = () => Network.initialize(description, 1);
  const images = (batchSize: number) => LayerInputs.ofExamples(examples, { indices, description, batchSize });

  test('give the same output as a whole pass, wherever it is cut', async () => {
    const network = build();
    await reestimateStatistics(network, examples, indices);
    const whole = await images(20).outputs(network, { to: network.layers.length });
    const predicted = await network.predict(examples, indices);
    whole.forEach((value, i) => expect(Math.abs(value - predicted[i]!)).toBeLessThan(1e-5));
    // A cut between a layer with weights and its normalization rounds differently: the two are one operation otherwise.
    for (const cut of network.layers.flatMap(({ kind }, step) => (kind === 'convolution' || kind === 'dense' ? [step] : []))) {
      const held = await images(20).advance(network, { to: cut, mode: 'evaluation' });
      expect([held.step, held.count]).toEqual([cut, count]);
      expect(await held.outputs(network, { to: network.layers.length })).toEqual(whole);
    }
    network.dispose();
  });

  test('give the same statistics as a whole pass, and leave those before the cut', async () => {
    const whole = build();
    await reestimateStatistics(whole, examples, indices, { batchSize: 20 });
    const expected = await whole.parameters();
    for (const cut of whole.layers.flatMap(({ kind }, step) => (kind === 'convolution' || kind === 'dense' ? [step] : []))) {
      const network = build();
      const untouched = await network.parameters();
      await (await images(20).advance(network, { to: cut, mode: 'training' })).reestimate(network);
      const before = new Set(network.layers.slice(0, cut).map(({ name }) => name));
      expect(await network.parameters()).toEqual(expected.map((parameter, i) => (before.has(parameter.layer) ? untouched[i] : parameter)));
      network.dispose();
    }
    whole.dispose();
  });

  test('leak no tensor', async () => {
    const network = build();
    const before = tf.memory().numTensors;
    const held = await images(20).advance(network, { to: 2, mode: 'evaluation' });
    await held.outputs(network, { to: network.layers.length });
    await held.advance(network, { to: 4, mode: 'evaluation' });
    await (await images(20).advance(network, { to: 3, mode: 'training' })).reestimate(network);
    expect(tf.memory().numTensors).toBe(before);
    network.dispose();
  });
});
