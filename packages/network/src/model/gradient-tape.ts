import * as tf from '@tensorflow/tfjs-core';
import { imagesName, type Layer } from '../description/layer.js';
import type { FusedStep } from './fuse-steps.js';
import { normAsAffine } from './norm-as-affine.js';
import { flatten, multiply, operate, padImages, paddingOf, type PlainStep } from './operate-step.js';

/** A step of a forward pass in evaluation mode, and what its backward pass needs. */
export type TapeStep = FusedStep & { readonly inputShapes: readonly (readonly number[])[]; readonly saved: SavedTensors };
/** input: what weights, a normalization or a maximum take in. adjoint: takes gradients of outputs back to inputs. */
export type SavedTensors = { readonly [name in 'input' | 'filter' | 'adjoint' | 'mask']?: tf.Tensor };
type Variables = ReadonlyMap<string, tf.Variable>;
/** Gradients of what a step takes in, of images undefined; and of its parameters. */
type Gradients = { readonly inputs: readonly (tf.Tensor | undefined)[]; readonly parameters: { readonly [name: string]: tf.Tensor } };

/**
 * Runs a step.
 *
 * @param around.source  The step whose output it takes in first.
 * @param around.onlyReader  The step that alone takes in its output.
 * @returns saved: tensors of their own.
 */
export function forward(
  { layer, norm }: FusedStep, inputs: readonly tf.Tensor[], variables: Variables, around: { source: Layer | undefined; onlyReader: Layer | undefined },
): { output: tf.Tensor; saved: SavedTensors } {
  const x = inputs[0]!;
  if (layer.kind === 'dropout') return { output: tf.clone(x), saved: {} };
  if (layer.kind === 'norm') {
    const { factor, shift } = normAsAffine(layer.name, variables);
    return { output: tf.add(tf.mul(x, factor), shift), saved: { input: tf.clone(x), filter: factor } };
  }
  if (layer.kind === 'convolution' || layer.kind === 'dense') {
    const { filter, shift } = fold(layer, norm, variables);
    if (layer.kind === 'dense') {
      const product = multiply(x, filter);
      return { output: shift ? tf.add(product, shift) : product, saved: { input: tf.clone(x), filter, adjoint: tf.transpose(filter) } };
    }
    const place = paddingOf(x.shape, windowsOf(layer, filter));
    const input = padImages(x, place);
    const output = tf.fused.conv2d({ x: input, filter: filter as tf.Tensor4D, strides: layer.stride, pad: place.pad, ...(shift ? { bias: shift } : {}) });
    // At stride 1 a convolution with the flipped, transposed filter is the adjoint, and fast on every backend.
    const isCentered = layer.stride === 1 && 2 * layer.padding === filter.shape[0]! - 1;
    return { output, saved: { input: tf.clone(input), filter, ...(isCentered ? { adjoint: tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]) } : {}) } };
  }
  const output = operate(layer, inputs);
  if (layer.kind === 'relu') return { output, saved: around.onlyReader && sharesMask(around.onlyReader) ? {} : { mask: tf.step(output) } };
  if (layer.kind !== 'pool' || layer.reduction === 'mean') return { output, saved: {} };
  if (around.source?.kind !== 'relu' || !sharesMask(layer)) return { output, saved: { input: tf.clone(x) } };
  // One mask marks the maximum of each window where it is positive, and stands for pooling and ReLU.
  return { output, saved: { mask: runKernel('MaxPoolGrad', { dy: tf.step(output), input: x, output }, { filterSize: layer.size, strides: layer.stride, pad: 'valid' }) } };
}

/** Takes the gradient of a step's output to those of what it takes in, and of its parameters. */
export function backward(step: TapeStep, dy: tf.Tensor, variables: Variables): Gradients {
  const { layer, inputs, inputShapes, saved: { input, filter, mask } } = step;
  const readsImages = inputs[0] === imagesName;
  if (layer.kind === 'convolution' || layer.kind === 'dense') return { inputs: [readsImages ? undefined : inputGradient(step, dy)], parameters: weightGradients(step, dy, variables) };
  if (layer.kind === 'norm') {
    const centered = tf.sub(input!, variables.get(`${layer.name}.mean`)!);
    const scale = tf.mul(sumColumns(tf.mul(dy, centered)), normAsAffine(layer.name, variables).inverse);
    return { inputs: [readsImages ? undefined : tf.mul(dy, filter!)], parameters: { [`${layer.name}.scale`]: scale, [`${layer.name}.offset`]: sumColumns(dy) } };
  }
  const plain = (gradients: readonly tf.Tensor[]): Gradients => ({ inputs: gradients, parameters: {} });
  if (layer.kind === 'add') return plain(inputs.map(() => tf.clone(dy)));
  if (layer.kind === 'concat') return plain(tf.split(dy, inputShapes.map((shape) => shape.at(-1)!), 3));
  if (layer.kind === 'pool') return plain([mask ? tf.mul(enlarge(dy as tf.Tensor4D, layer.size, inputShapes[0]!), mask) : gradientOf(layer, input ?? tf.zeros([...inputShapes[0]!]), dy)]);
  if (layer.kind === 'global-mean') return plain([gradientOf(layer, tf.zeros([...inputShapes[0]!]), dy)]);
  return plain([mask ? tf.mul(dy, mask) : tf.clone(dy)]);
}

/** Whether windows of a maximum part the image between them, so that one mask tells where gradients go. */
function sharesMask(layer: Layer): boolean {
  return layer.kind === 'pool' && layer.reduction === 'max' && layer.size === layer.stride && layer.padding === 0;
}

function gradientOf(layer: PlainStep, x: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  return tf.grad((input: tf.Tensor) => operate(layer, [input]))(x, dy);
}

/** Repeats each pixel size x size; last rows and columns that pooling left out are 0. */
function enlarge(x: tf.Tensor4D, size: number, shape: readonly number[]): tf.Tensor {
  const [missingRows, missingColumns] = [shape[1]! - size * x.shape[1], shape[2]! - size * x.shape[2]];
  const large = tf.image.resizeNearestNeighbor(x, [size * x.shape[1], size * x.shape[2]]);
  return missingRows === 0 && missingColumns === 0 ? large : tf.pad(large, [[0, 0], [0, missingRows], [0, missingColumns], [0, 0]]);
}

/** Weights and normalization as one: x filter + shift. */
function fold({ name }: Layer, norm: Layer | undefined, variables: Variables): { filter: tf.Tensor; shift: tf.Tensor | undefined } {
  const kernel = variables.get(`${name}.kernel`)!;
  if (norm === undefined) return { filter: tf.clone(kernel), shift: variables.get(`${name}.bias`) };
  const { factor, shift } = normAsAffine(norm.name, variables);
  return { filter: tf.mul(kernel, factor), shift };
}

/** Gradients of a layer's weights, and of its bias or the normalization folded into them. */
function weightGradients({ layer, norm, inputShapes, saved: { input, filter } }: TapeStep, dy: tf.Tensor, variables: Variables): { [name: string]: tf.Tensor } {
  const folded = layer.kind === 'convolution'
    ? runKernel('Conv2DBackpropFilter', { x: input!, dy }, { strides: layer.stride, pad: paddingOf(inputShapes[0]!, windowsOf(layer, filter!)).pad, dataFormat: 'NHWC', filterShape: filter!.shape })
    : tf.matMul(flatten(input!), dy as tf.Tensor2D, true, false);
  const bias = `${layer.name}.bias`;
  if (norm === undefined) return { [`${layer.name}.kernel`]: folded, ...(variables.has(bias) ? { [bias]: sumColumns(dy) } : {}) };
  const sums = sumColumns(dy);
  const { inverse, factor } = normAsAffine(norm.name, variables);
  // Outputs before normalization are x K, so their products with dy sum to those of K with the folded gradient.
  const products = sumColumns(tf.mul(variables.get(`${layer.name}.kernel`)!, folded));
  return {
    [`${layer.name}.kernel`]: tf.mul(folded, factor),
    [`${norm.name}.scale`]: tf.mul(tf.sub(products, tf.mul(variables.get(`${norm.name}.mean`)!, sums)), inverse),
    [`${norm.name}.offset`]: sums,
  };
}

function inputGradient({ layer, inputShapes, saved: { adjoint, filter, input } }: TapeStep, dy: tf.Tensor): tf.Tensor {
  const shape = [...inputShapes[0]!];
  if (layer.kind !== 'convolution') return tf.reshape(tf.matMul(dy as tf.Tensor2D, adjoint as tf.Tensor2D), shape);
  if (adjoint) return tf.conv2d(dy as tf.Tensor4D, adjoint as tf.Tensor4D, 1, 'same');
  const place = paddingOf(shape, windowsOf(layer, filter!));
  const gradient = runKernel('Conv2DBackpropInput', { dy, filter: filter! }, { strides: layer.stride, pad: place.pad, dataFormat: 'NHWC', inputShape: input!.shape });
  return place.added ? tf.slice(gradient, [0, place.added[0][0], place.added[1][0], 0], shape) : gradient;
}

function windowsOf({ stride, padding }: Layer & { kind: 'convolution' }, filter: tf.Tensor): { size: number; stride: number; padding: number } {
  return { size: filter.shape[0]!, stride, padding };
}

function runKernel(name: string, inputs: tf.NamedTensorMap, attributes: { [name: string]: unknown }): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attributes as never) as tf.Tensor;
}

/** Sums over all axes but the last, as a product: the backends are slow at sums over leading axes. */
function sumColumns(x: tf.Tensor): tf.Tensor {
  const columns = x.shape.at(-1)!;
  const rows = x.size / columns;
  return tf.reshape(tf.matMul(tf.ones([rows, 1]), tf.reshape(x, [rows, columns]), true, false), [columns]);
}
