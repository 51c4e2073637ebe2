import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { LayerInputs, Network, openBackend, tapPoints } from '../../src/index.js';
import { forwardTraining } from '../../src/model/forward-training.js';
import { families, normalImages, trainedParameters } from './families.js';

beforeAll(() => openBackend('wasm'));

const count = 5;
const all = Int32Array.from({ length: count }, (_, i) => i);
const relativeError = (actual: Float32Array, expected: Float32Array) => Math.hypot(...actual.map((value, i) => value - expected[i]!)) / Math.hypot(...expected);

describe.each(families)('%s', (_, description) => {
  const examples = normalImages(description, count);
  const images = () => tf.tensor4d(examples.data, [count, ...description.inputShape]);
  const taps = tapPoints(description).map(({ name }) => name);
  const build = () => Network.restore(description, trainedParameters(description));

  test('training and evaluation give the same values at every step once running statistics are the moments of the batch', async () => {
    const network = build();
    const { values, moments } = tf.tidy(() => {
      const result = forwardTraining(network.layers, network.variables, new Map([['input', images()]]), { wanted: new Set(taps) });
      return { values: Object.fromEntries(result.values) as { [tap: string]: tf.Tensor }, moments: result.moments as { layer: string; mean: tf.Tensor; variance: tf.Tensor }[] };
    });
    for (const { layer, mean, variance } of moments) {
      network.variable(`${layer}.mean`).assign(mean);
      network.variable(`${layer}.variance`).assign(variance);
    }
    await network.forEachBatch(examples, all, { taps }, (__, tapped) => {
      expect(Object.keys(tapped).sort()).toEqual([...taps].sort());
      for (const { name, shape } of network.layers) expect(tapped[name]).toHaveLength(count * shape.reduce((total, size) => total * size, 1));
      for (const tap of taps) expect(relativeError(tapped[tap]!, values[tap]!.dataSync() as Float32Array)).toBeLessThan(1e-4);
    });
    tf.dispose(values);
    tf.dispose(moments);
    network.dispose();
  });

  test('a step alone has the values it has beside all others', async () => {
    const network = build();
    const together = new Map<string, Float32Array>();
    await network.forEachBatch(examples, all, { taps }, (__, tapped) => Object.entries(tapped).forEach(([tap, values]) => together.set(tap, values)));
    for (const tap of taps) {
      await network.forEachBatch(examples, all, { taps: [tap] }, (__, tapped) => expect(relativeError(tapped[tap]!, together.get(tap)!)).toBeLessThan(1e-5));
    }
    network.dispose();
  });

  test('a pass in two parts gives what a whole one gives, wherever it is cut, to the bit between groups of weights', async () => {
    const network = build();
    const { length } = network.layers;
    const whole = await network.predict(examples, all);
    for (let cut = 0; cut <= length; cut++) {
      const held = await LayerInputs.ofExamples(examples, { indices: all, description, batchSize: count }).advance(network, { to: cut, mode: 'evaluation' });
      const parts = await held.outputs(network, { to: length });
      const isBetweenGroups = network.layers[cut - 1]?.index !== network.layers[cut]?.index;
      if (isBetweenGroups) expect(parts).toEqual(whole);
      expect(relativeError(parts, whole)).toBeLessThan(1e-5);
    }
    network.dispose();
  });
});
