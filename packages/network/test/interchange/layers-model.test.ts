import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel as TensorFlowModel } from '@tensorflow/tfjs-layers';
import { randomStream } from '@memgeo/numerics';
import { initialParameters, layersModel, layersOf, Network, openBackend, type NamedParameter, type NetworkDescription } from '../../src/index.js';

beforeAll(() => openBackend('wasm'));

const describeNetwork = (spec: NetworkDescription['spec'], size = 32): NetworkDescription => ({ spec, inputShape: [size, size, 3], classCount: 5, normalization: { mean: 0.4, standardDeviation: 0.3 } });
/** Weights that keep the size of activations, statistics far from 0 and 1. */
function randomParameters(description: NetworkDescription): NamedParameter[] {
  return initialParameters(description, 1).map((parameter) => {
    if (parameter.name.endsWith('.kernel')) return parameter;
    const [random, isLarge] = [randomStream(2, parameter.name), /(scale|variance)$/.test(parameter.name)];
    return { ...parameter, data: parameter.data.map(() => (isLarge ? 0.5 : -0.5) + random.nextUniform()) };
  });
}
/** Loads the model from what would stand in the two files. */
async function load(description: NetworkDescription, parameters: readonly NamedParameter[]): Promise<TensorFlowModel> {
  const { model, weights } = layersModel({ description, parameters });
  const { modelTopology, weightsManifest, userDefinedMetadata } = JSON.parse(JSON.stringify(model)) as { modelTopology: object; weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[]; userDefinedMetadata: { [key: string]: unknown } };
  const bytes = Buffer.concat([...weights()]);
  return loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0]!.weights, weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer, userDefinedMetadata }), { strict: true });
}

describe.each<[string, NetworkDescription]>([
  ['an mlp with batch normalization', describeNetwork({ kind: 'mlp', hidden: [6, 5], batchNorm: true }, 4)],
  ['linear layers without biases', describeNetwork({ kind: 'linear', hidden: [6], bias: false }, 4)],
  ['a vgg with dropout', describeNetwork({ kind: 'vgg', channels: [3, 4], convolutionsPerBlock: [1, 2], dense: [6], dropout: 0.5 }, 9)],
  ['an alexnet', describeNetwork({ kind: 'alexnet', width: 1 / 32 })],
  ['a resnet18 for small images: residuals, strides', describeNetwork({ kind: 'resnet18', channels: 2 })],
  ['a resnet18 for large images: padded pooling', describeNetwork({ kind: 'resnet18', channels: 2, stem: 'large' }, 33)],
  ['a vgg with a normalization of each channel', { ...describeNetwork({ kind: 'vgg', channels: [3], dense: [] }, 6), normalization: { mean: [0.4914, 0.4822, 0.4465], standardDeviation: [0.2023, 0.1994, 0.15] } }],
  ['a densenet: concatenation, pooling by means', describeNetwork({ kind: 'densenet', growth: 2, blocks: [2, 2] }, 16)],
])('layersModel() of %s', (_, description) => {
  test('gives the logits of the network in tf.layers', async () => {
    const parameters = randomParameters(description);
    const size = description.inputShape.reduce((product, n) => product * n, 1);
    const data = Float32Array.from({ length: 3 * size }, ((random) => () => random.nextUniform())(randomStream(3, 'images')));
    const network = Network.restore(description, parameters);
    const expected = await network.predict({ data, count: 3 }, [0, 1, 2]);
    network.dispose();
    const model = await load(description, parameters);
    const output = model.predict(tf.tensor4d(data, [3, ...description.inputShape])) as tf.Tensor;
    const logits = await output.data();
    expect(output.shape).toEqual([3, 5]);
    const largest = Math.max(...expected.map(Math.abs));
    expect(Math.max(...logits.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-5 * largest);
    expect(model.layers.map(({ name }) => name)).toEqual(expect.arrayContaining(layersOf(description).map(({ name }) => name)));
    expect(model.getUserDefinedMetadata()).toEqual({ network: description });
    model.dispose();
    tf.dispose(output);
  });
});

test('layersModel() is the same text and bytes each time, and refuses parameters of another network', () => {
  const description = describeNetwork({ kind: 'mlp', hidden: [3] }, 4);
  const parameters = randomParameters(description);
  const text = () => { const { model, weights } = layersModel({ description, parameters }); return [JSON.stringify(model), Buffer.concat([...weights()]).toString('hex')]; };
  expect(text()).toEqual(text());
  expect(() => layersModel({ description: { ...description, classCount: 4 }, parameters })).toThrow('output.kernel must have shape (3, 4); got (3, 5)');
});

test('layersModel() normalizes by a layer that has weights only where channels differ, and that training leaves as it is', () => {
  const description = describeNetwork({ kind: 'mlp', hidden: [3] }, 4);
  const parameters = randomParameters(description);
  const normalizationOf = (normalization: NetworkDescription['normalization']) => {
    const { model, weights } = layersModel({ description: { ...description, normalization }, parameters });
    const { modelTopology, weightsManifest } = model as { modelTopology: { config: { layers: { class_name: string; config: object }[] } }; weightsManifest: { weights: { name: string; shape: number[] }[] }[] };
    return { layer: modelTopology.config.layers[1]!, names: weightsManifest[0]!.weights.map(({ name }) => name), bytes: Buffer.concat([...weights()]) };
  };
  const one = normalizationOf({ mean: 0.5, standardDeviation: 0.25 });
  expect(one.layer).toMatchObject({ class_name: 'Rescaling', config: { scale: 4, offset: -2 } });
  expect(normalizationOf({ mean: [0.5, 0.5, 0.5], standardDeviation: 0.25 })).toEqual(one);
  const each = normalizationOf({ mean: [0.5, 0.25, 0], standardDeviation: [0.25, 0.5, 1] });
  expect(each.layer).toMatchObject({ class_name: 'DepthwiseConv2D', config: { trainable: false } });
  expect(each.names).toEqual(['normalization/depthwise_kernel', 'normalization/bias', ...one.names]);
  expect(Array.from({ length: 6 }, (_, i) => each.bytes.readFloatLE(4 * i))).toEqual([4, 2, 1, -2, -0.5, -0]);
  expect(() => normalizationOf({ mean: [0.5], standardDeviation: 1 })).toThrow('a list of 3, one for each channel');
});
