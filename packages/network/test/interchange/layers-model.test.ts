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
