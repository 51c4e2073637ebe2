import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { randomStream } from '@memgeo/numerics';
import { initialParameters, layersOf, logitGradients, Network, networkSchema, openBackend, trainableParameters, type NamedParameter, type NetworkDescription, type NetworkSpec } from '../../src/index.js';
import { forwardInference } from '../../src/model/forward-inference.js';
import { families, normalImages, trainedParameters } from './families.js';

beforeAll(() => openBackend('wasm'));

const count = 12;
const random = randomStream(3, 'logit gradients');
const data = random.fillNormal(new Float32Array(count * 7 * 8));
const chosen = [0, 3, 4, 7, 11];
const weightings = [1, 2].map(() => random.fillNormal(new Float32Array(chosen.length * 3)));
const describeNetwork = (spec: NetworkSpec): NetworkDescription => ({ spec, inputShape: [7, 8, 1], classCount: 3, normalization: { mean: 0, standardDeviation: 1 } });
const networks = [
  ['vgg with batch normalization', describeNetwork(networkSchema.parse({ kind: 'vgg', channels: [4, 6], dense: [10] }))],
  ['vgg without', describeNetwork(networkSchema.parse({ kind: 'vgg', channels: [4], dense: [], batchNorm: false }))],
  ['mlp with batch normalization', describeNetwork(networkSchema.parse({ kind: 'mlp', hidden: [9, 8], batchNorm: true }))],
  ['mlp without', describeNetwork(networkSchema.parse({ kind: 'mlp', hidden: [9, 8] }))],
] as const;

/** Parameters and running statistics as after some training: none at its start value. */
const trained = (description: NetworkDescription): NamedParameter[] => initialParameters(description, 1).map((parameter) => ({
  ...parameter,
  data: parameter.data.map((value) => (parameter.name.endsWith('.variance') ? 1.5 + random.nextUniform() : value + 0.3 * random.nextNormal())),
}));

async function onBackend<T>(backend: string, description: NetworkDescription, parameters: readonly NamedParameter[], work: (network: Network) => Promise<T>): Promise<T> {
  await tf.setBackend(backend);
  const network = Network.restore(description, parameters);
  try {
    return await work(network);
  } finally {
    network.dispose();
    await tf.setBackend('wasm');
  }
}
const gradientsOf = (network: Network) => logitGradients(network, { data, count }, chosen, () => weightings);
const sumOf = (logits: Float32Array, weighting: Float32Array) => logits.reduce((sum, logit, i) => sum + logit * weighting[i]!, 0);

describe.each(networks)('%s', (_, description) => {
  const parameters = trained(description);

  test('each parameter\'s gradient agrees with differences along a random direction', async () => {
    const gradients = await onBackend('wasm', description, parameters, gradientsOf);
    let offset = 0;
    for (const { name } of trainableParameters(Network.initialize(description, 1).layers)) {
      const { data: values } = parameters.find((parameter) => parameter.name === name)!;
      const direction = random.fillNormal(new Float32Array(values.length));
      const step = 2e-4;
      const logitsAt = (sign: number) => onBackend('wasm', description,
        parameters.map((parameter) => (parameter.name === name ? { ...parameter, data: values.map((value, i) => value + sign * step * direction[i]!) } : parameter)),
        (network) => network.predict({ data, count }, chosen));
      const [above, below] = [await logitsAt(1), await logitsAt(-1)];
      for (const [c, gradient] of gradients.entries()) {
        const own = gradient.subarray(offset, offset + values.length);
        const numeric = (sumOf(above, weightings[c]!) - sumOf(below, weightings[c]!)) / (2 * step);
        const analytic = own.reduce((sum, value, i) => sum + value * direction[i]!, 0);
        // Float32 logits of size 1 differ by 1e-7 from rounding, over a step of 2e-4; ReLUs change sides on the way.
        expect(Math.abs(numeric - analytic) / Math.hypot(...own)).toBeLessThan(0.02);
      }
      offset += values.length;
    }
    expect(gradients.map(({ length }) => length)).toEqual([offset, offset]);
  });

  test('is the same on cpu, and does not depend on the weightings that share its pass', async () => {
    const onWasm = await onBackend('wasm', description, parameters, gradientsOf);
    const onCpu = await onBackend('cpu', description, parameters, gradientsOf);
    onWasm.forEach((gradient, c) => gradient.forEach((value, i) => expect(Math.abs(value - onCpu[c]![i]!)).toBeLessThan(1e-5 * Math.hypot(...gradient))));
    const alone = await onBackend('wasm', description, parameters, (network) => logitGradients(network, { data, count }, chosen, () => [weightings[1]!]));
    expect(alone[0]).toEqual(onWasm[1]);
  });
});

describe.each(families)('%s', (_, description) => {
  const parameters = trainedParameters(description);
  const images = normalImages(description, 4);
  const all = [0, 1, 2, 3];
  const weighting = random.fillNormal(new Float32Array(all.length * 3));
  const own = (network: Network) => logitGradients(network, images, all, () => [weighting]);

  test('is the gradient that TensorFlow.js takes of the plain evaluation graph', async () => {
    const [gradient] = await onBackend('wasm', description, parameters, own) as [Float32Array];
    const expected = await onBackend('wasm', description, parameters, async (network) => {
      const names = trainableParameters(network.layers).map(({ name }) => name);
      const taps = new Set(network.layers.map(({ name }) => name));
      const { grads } = tf.variableGrads(() => {
        const values = forwardInference(network.layers, network.variables, new Map([['input', tf.tensor4d(images.data, [4, ...description.inputShape])]]), taps);
        return tf.sum(tf.mul(values.get('output')!, tf.tensor2d(weighting, [4, 3])));
      }, names.map((name) => network.variable(name)));
      return Float32Array.from(names.flatMap((name) => [...grads[network.variable(name).name]!.dataSync()]));
    });
    expect(gradient).toHaveLength(expected.length);
    const largest = gradient.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
    expect(largest).toBeLessThan(2e-5 * Math.hypot(...gradient));
  });

  test('agrees with differences along random directions', async () => {
    const [gradient] = await onBackend('wasm', description, parameters, own) as [Float32Array];
    const names = trainableParameters(layersOf(description)).map(({ name }) => name);
    for (let draw = 0; draw < 3; draw++) {
      const directions = new Map(names.map((name) => [name, random.fillNormal(new Float32Array(parameters.find((parameter) => parameter.name === name)!.data.length))]));
      const flat = Float32Array.from(names.flatMap((name) => [...directions.get(name)!]));
      const step = 1e-3 / Math.sqrt(flat.length);
      const at = (sign: number) => onBackend('wasm', description, parameters.map((parameter) => ({
        ...parameter, data: parameter.data.map((value, i) => value + sign * step * (directions.get(parameter.name)?.[i] ?? 0)),
      })), async (network) => (await network.predict(images, all)).reduce((sum, logit, i) => sum + logit * weighting[i]!, 0));
      const numeric = (await at(1) - await at(-1)) / (2 * step);
      const analytic = gradient.reduce((sum, value, i) => sum + value * flat[i]!, 0);
      expect(Math.abs(numeric - analytic) / Math.hypot(...gradient)).toBeLessThan(0.05);
    }
  });
});

test('the logits are those of predict(), no tensor is left, and a weighting of another length is refused', async () => {
  const description = networks[0][1];
  const network = Network.restore(description, trained(description));
  const before = tf.memory().numTensors;
  const expected = await network.predict({ data, count }, chosen);
  await logitGradients(network, { data, count }, chosen, (logits) => {
    logits.forEach((logit, i) => expect(Math.abs(logit - expected[i]!)).toBeLessThan(1e-4));
    return weightings;
  });
  await expect(logitGradients(network, { data, count }, chosen, () => [new Float32Array(4)])).rejects.toThrow(/must have 5 x 3 values.*got 4/);
  expect(tf.memory().numTensors).toBe(before);
  network.dispose();
});
