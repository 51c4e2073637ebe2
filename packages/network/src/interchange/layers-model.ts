import { normEpsilon } from '../backends/batch-norm.js';
import type { NamedParameter } from '../description/initial-parameters.js';
import { channelNormalization } from '../description/input-normalization.js';
import { imagesName, type Layer } from '../description/layer.js';
import { layersOf } from '../description/layers.js';
import type { NetworkDescription } from '../description/network-spec.js';
import type { NamedValues } from './safetensors-file.js';
import { encodeValues } from './safetensors-values.js';

/** A layer of Keras as its JSON describes it. */
type KerasLayer = { readonly name: string; readonly class_name: string; readonly config: { readonly [key: string]: unknown }; readonly inbound_nodes: readonly unknown[] };

/** What Keras calls each of our parameters, in its order. */
const weightNames: { readonly [ours: string]: string } = { kernel: 'kernel', bias: 'bias', scale: 'gamma', offset: 'beta', mean: 'moving_mean', variance: 'moving_variance' };
const normalizationName = 'normalization';

/** A model in the layers format of TensorFlow.js: `model.json`, and the bytes of the file it names, `weights.bin`. */
export type LayersModel = { readonly model: { readonly [key: string]: unknown }; readonly weights: () => Generator<Uint8Array> };

/**
 * Describes a network as a model of `tf.layers`, with its weights, for `tf.loadLayersModel`.
 *
 * Takes images (batch, height, width, channels) with values from 0 to 1, which its first layer normalizes, and gives logits. Layers
 * have our names. `userDefinedMetadata` keeps the description.
 *
 * @param network.parameters  Every parameter and running statistic.
 * @throws RangeError if one is missing or of another shape, or normalization and channels do not go together.
 */
export function layersModel({ description, parameters }: { description: NetworkDescription; parameters: readonly NamedParameter[] }): LayersModel {
  const layers = layersOf(description);
  const normalization = normalizationLayer(description);
  const values = [...normalization.weights, ...kerasWeights(layers, parameters)];
  const config = { name: description.spec.kind, layers: [...inputLayers(description, normalization.layer), ...kerasLayers(description, layers)], input_layers: [[imagesName, 0, 0]], output_layers: [[layers.at(-1)!.name, 0, 0]] };
  const weights = values.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  return {
    model: {
      format: 'layers-model', generatedBy: 'memgeo', convertedBy: null,
      modelTopology: { class_name: 'Functional', config, keras_version: '2.13.0', backend: 'tensorflow' },
      weightsManifest: [{ paths: ['weights.bin'], weights }],
      userDefinedMetadata: { network: description },
    },
    weights: function* () {
      for (const { data } of values) yield* encodeValues(data);
    },
  };
}

function kerasWeights(layers: readonly Layer[], parameters: readonly NamedParameter[]): NamedValues[] {
  const given = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  return layers.flatMap((layer) => layer.parameters.map(({ name, shape }) => {
    const parameter = given.get(name);
    if (!parameter || parameter.shape.join() !== shape.join()) throw new RangeError(`layersModel: ${name} must have shape (${shape.join(', ')}); got ${parameter ? `(${parameter.shape.join(', ')})` : 'nothing'}.`);
    return { name: `${layer.name}/${weightNames[name.slice(layer.name.length + 1)]!}`, shape, data: parameter.data };
  }));
}

function inputLayers({ inputShape }: NetworkDescription, normalization: KerasLayer): KerasLayer[] {
  return [{ ...kerasLayer(imagesName, 'InputLayer', { batch_input_shape: [null, ...inputShape], sparse: false }, []), inbound_nodes: [] }, normalization];
}

/** One scale for all channels is a layer of Keras; one for each, a 1x1 convolution of each channel by itself, which training leaves as it is. */
function normalizationLayer(description: NetworkDescription): { layer: KerasLayer; weights: NamedValues[] } {
  const scales = channelNormalization(description).map(({ mean, standardDeviation }) => ({ scale: 1 / standardDeviation, offset: -mean / standardDeviation }));
  if (scales.every(({ scale, offset }) => scale === scales[0]!.scale && offset === scales[0]!.offset)) return { layer: kerasLayer(normalizationName, 'Rescaling', scales[0]!, [imagesName]), weights: [] };
  const config = { kernel_size: [1, 1], strides: [1, 1], padding: 'valid', depth_multiplier: 1, data_format: 'channels_last', activation: 'linear', use_bias: true, trainable: false };
  return {
    layer: kerasLayer(normalizationName, 'DepthwiseConv2D', config, [imagesName]),
    weights: [
      { name: `${normalizationName}/depthwise_kernel`, shape: [1, 1, scales.length, 1], data: Float32Array.from(scales, ({ scale }) => scale) },
      { name: `${normalizationName}/bias`, shape: [scales.length], data: Float32Array.from(scales, ({ offset }) => offset) },
    ],
  };
}

function kerasLayers({ inputShape }: NetworkDescription, layers: readonly Layer[]): KerasLayer[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const result: KerasLayer[] = [];
  for (const layer of layers) {
    const inputs = layer.inputs.map((name) => (name === imagesName ? normalizationName : name));
    const source = byName.get(layer.inputs[0]!);
    const before = inFront(layer, { shape: source?.shape ?? inputShape, isNonnegative: source?.kind === 'relu' }, inputs);
    const { className, config } = kerasStep(layer);
    result.push(...before, kerasLayer(layer.name, className, config, before.length > 0 ? [before[0]!.name] : inputs));
  }
  return result;
}

/** What Keras needs in front of a layer of ours: padding that is not its own, and flattening. */
function inFront(layer: Layer, source: { shape: readonly number[]; isNonnegative: boolean }, inputs: readonly string[]): KerasLayer[] {
  if (layer.kind === 'dense' && source.shape.length > 1) return [kerasLayer(`${layer.name}.flatten`, 'Flatten', {}, inputs)];
  if ((layer.kind !== 'convolution' && layer.kind !== 'pool') || layer.padding === 0 || hasSamePadding(layer)) return [];
  if (layer.kind === 'pool' && !source.isNonnegative) throw new RangeError(`layersModel: ${layer.name} must follow a ReLU, or padding by zeros would change its maxima; it follows ${layer.inputs[0]}.`);
  const padding = [[layer.padding, layer.padding], [layer.padding, layer.padding]];
  return [kerasLayer(`${layer.name}.padding`, 'ZeroPadding2D', { padding, data_format: 'channels_last' }, inputs)];
}

/** At other strides Keras pads to one side more than to the other. */
function hasSamePadding(layer: Layer): boolean {
  return layer.kind === 'convolution' && layer.stride === 1 && layer.padding > 0 && 2 * layer.padding === layer.parameters[0]!.shape[0]! - 1;
}

function kerasStep(layer: Layer): { className: string; config: KerasLayer['config'] } {
  const hasBias = layer.parameters.length === 2;
  switch (layer.kind) {
    case 'convolution': {
      const [height, width, , filters] = layer.parameters[0]!.shape;
      return {
        className: 'Conv2D',
        config: { filters, kernel_size: [height, width], strides: [layer.stride, layer.stride], padding: hasSamePadding(layer) ? 'same' : 'valid', data_format: 'channels_last', activation: 'linear', use_bias: hasBias },
      };
    }
    case 'dense': return { className: 'Dense', config: { units: layer.shape[0], activation: 'linear', use_bias: hasBias } };
    case 'norm': return { className: 'BatchNormalization', config: { axis: -1, momentum: 0.9, epsilon: normEpsilon, center: true, scale: true } };
    case 'relu': return { className: 'ReLU', config: {} };
    case 'pool': return {
      className: layer.reduction === 'max' ? 'MaxPooling2D' : 'AveragePooling2D',
      config: { pool_size: [layer.size, layer.size], strides: [layer.stride, layer.stride], padding: 'valid', data_format: 'channels_last' },
    };
    case 'global-mean': return { className: 'GlobalAveragePooling2D', config: { data_format: 'channels_last' } };
    case 'add': return { className: 'Add', config: {} };
    case 'concat': return { className: 'Concatenate', config: { axis: -1 } };
    case 'dropout': return { className: 'Dropout', config: { rate: layer.rate } };
  }
}

function kerasLayer(name: string, className: string, config: KerasLayer['config'], inputs: readonly string[]): KerasLayer {
  return { name, class_name: className, config: { name, trainable: true, dtype: 'float32', ...config }, inbound_nodes: [inputs.map((input) => [input, 0, 0, {}])] };
}
