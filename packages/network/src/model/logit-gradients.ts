import * as tf from '@tensorflow/tfjs-core';
import { normEpsilon } from '../backends/batch-norm.js';
import type { ParameterShape } from '../description/layer.js';
import { batchOf, type Examples } from './examples.js';
import { flatten } from './operate-step.js';
import type { Network } from './network.js';

/** What the backward pass needs of one step of the forward pass. */
type Step =
  | { readonly kind: 'weights'; readonly name: string; readonly norm: string | undefined; readonly input: tf.Tensor; readonly filter: tf.Tensor; readonly adjoint: tf.Tensor }
  | { readonly kind: 'relu'; readonly mask: tf.Tensor }
  | { readonly kind: 'pool'; readonly mask: tf.Tensor };
type Tape = { readonly steps: Step[]; readonly logits: tf.Tensor2D };

/**
 * Computes gradients of weighted sums of logits, sum_i sum_k c_ik z_k(x_i), with respect to every trainable parameter, in
 * evaluation mode: batch normalization by its running statistics, with gradients of its scale and offset.
 *
 * One forward pass serves all weightings c. Normalization is folded into the weights before it; the gradient of its scale
 * then follows from that of the folded weights, without another pass over the examples.
 *
 * @param indices  Which examples, at least one. All run at once; some tens to a hundred are fastest.
 * @param cotangentsOf  Gets the logits, shape (indices, classes), row-major, and returns the weightings c, each of that shape.
 * @returns for each weighting the gradient, every trainable parameter flattened, in the order of {@link trainableParameters}.
 * @throws RangeError if a weighting has another length.
 */
export async function logitGradients(
  network: Network, examples: Examples, indices: ArrayLike<number>, cotangentsOf: (logits: Float32Array) => readonly Float32Array[],
): Promise<Float32Array[]> {
  const tape = tf.tidy(() => record(network, batchOf(examples, indices, network.description)));
  try {
    const gradients: Float32Array[] = [];
    for (const cotangent of cotangentsOf((await tape.logits.data()) as Float32Array)) {
      if (cotangent.length !== tape.logits.size) {
        throw new RangeError(`logitGradients: a weighting must have ${tape.logits.shape.join(' x ')} values, one per example and class; got ${cotangent.length}.`);
      }
      const gradient = tf.tidy(() => playBack(network, tape, tf.tensor2d(cotangent, tape.logits.shape)));
      gradients.push((await gradient.data()) as Float32Array);
      gradient.dispose();
    }
    return gradients;
  } finally {
    tf.dispose(tape);
  }
}

/** Lists the trainable parameters in the order of layers. */
export function trainableParameters(layers: readonly { readonly parameters: readonly ParameterShape[] }[]): ParameterShape[] {
  return layers.flatMap(({ parameters }) => parameters.filter(({ isTrainable }) => isTrainable));
}

function record(network: Network, images: tf.Tensor4D): Tape {
  const steps: Step[] = [];
  let x: tf.Tensor = images;
  for (const [i, { name, kind }] of network.layers.entries()) {
    if (kind === 'relu') {
      x = tf.relu(x);
      if (network.layers[i + 1]?.kind !== 'pool') steps.push({ kind, mask: tf.step(x) });
    } else if (kind === 'pool') {
      const input = x;
      x = tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid');
      // Pooling follows a ReLU: one mask marks the maximum of each window where it is positive, and stands for both.
      const mask = tf.engine().runKernel('MaxPoolGrad', { dy: tf.step(x), input, output: x }, { filterSize: 2, strides: 2, pad: 'valid' }) as tf.Tensor;
      steps.push({ kind, mask });
    } else if (kind !== 'norm') {
      const following = network.layers[i + 1];
      const norm = following?.kind === 'norm' ? following.name : undefined;
      const { filter, shift } = fold(network, name, norm);
      steps.push({ kind: 'weights', name, norm, input: x, filter, adjoint: adjointOf(filter) });
      x = kind === 'convolution'
        ? tf.fused.conv2d({ x: x as tf.Tensor4D, filter: filter as tf.Tensor4D, strides: 1, pad: 'same', ...(shift ? { bias: shift } : {}) })
        : tf.matMul(flatten(x), filter as tf.Tensor2D);
      if (shift && kind === 'dense') x = tf.add(x, shift);
    }
  }
  return { steps, logits: x as tf.Tensor2D };
}

/** Weights and normalization as one: x filter + shift. */
function fold(network: Network, name: string, norm: string | undefined): { filter: tf.Tensor; shift: tf.Tensor | undefined } {
  const kernel = network.variable(`${name}.kernel`);
  if (norm === undefined) return { filter: tf.clone(kernel), shift: network.variable(`${name}.bias`) };
  const factor = tf.mul(network.variable(`${norm}.scale`), inverseDeviation(network, norm));
  return { filter: tf.mul(kernel, factor), shift: tf.sub(network.variable(`${norm}.offset`), tf.mul(network.variable(`${norm}.mean`), factor)) };
}

function inverseDeviation(network: Network, norm: string): tf.Tensor {
  return tf.rsqrt(tf.add(network.variable(`${norm}.variance`), normEpsilon));
}

function playBack(network: Network, { steps }: Tape, cotangent: tf.Tensor2D): tf.Tensor1D {
  const gradients = new Map<string, tf.Tensor>();
  const first = steps.findIndex(({ kind }) => kind === 'weights');
  let dy: tf.Tensor = cotangent;
  for (let i = steps.length - 1; i >= first; i--) {
    const step = steps[i]!;
    if (step.kind === 'relu') dy = tf.mul(dy, step.mask);
    else if (step.kind === 'pool') dy = tf.mul(doubled(dy as tf.Tensor4D, step.mask.shape), step.mask);
    else {
      collect(network, step, dy, gradients);
      if (i > first) dy = inputGradient(step, dy);
    }
  }
  return tf.concat(trainableParameters(network.layers).map(({ name }) => tf.reshape(gradients.get(name)!, [-1]))) as tf.Tensor1D;
}

/** Adds the gradients of a layer's weights, and of its bias or normalization, from the gradient of its output. */
function collect(network: Network, { name, norm, input, filter }: Step & { kind: 'weights' }, dy: tf.Tensor, gradients: Map<string, tf.Tensor>): void {
  const folded = filter.rank === 4
    ? tf.engine().runKernel('Conv2DBackpropFilter', { x: input, dy }, { strides: 1, pad: 'same', dataFormat: 'NHWC', filterShape: filter.shape }) as tf.Tensor
    : tf.matMul(flatten(input), dy as tf.Tensor2D, true, false);
  const sums = sumColumns(dy);
  if (norm === undefined) {
    gradients.set(`${name}.kernel`, folded);
    gradients.set(`${name}.bias`, sums);
    return;
  }
  const inverse = inverseDeviation(network, norm);
  // Outputs before normalization are x K, so their products with dy sum to those of K with the folded gradient.
  const products = sumColumns(tf.mul(network.variable(`${name}.kernel`), folded));
  gradients.set(`${name}.kernel`, tf.mul(folded, tf.mul(network.variable(`${norm}.scale`), inverse)));
  gradients.set(`${norm}.scale`, tf.mul(tf.sub(products, tf.mul(network.variable(`${norm}.mean`), sums)), inverse));
  gradients.set(`${norm}.offset`, sums);
}

function inputGradient({ adjoint, input }: Step & { kind: 'weights' }, dy: tf.Tensor): tf.Tensor {
  if (adjoint.rank === 4) return tf.conv2d(dy as tf.Tensor4D, adjoint as tf.Tensor4D, 1, 'same');
  return tf.reshape(tf.matMul(dy as tf.Tensor2D, adjoint as tf.Tensor2D), input.shape);
}

/** What takes gradients of outputs back to inputs: the transpose, of a filter of stride 1 and odd size flipped too. */
function adjointOf(filter: tf.Tensor): tf.Tensor {
  return filter.rank === 4 ? tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]) : tf.transpose(filter);
}

/** Repeats each pixel 2 x 2; a last row or column that pooling left out is 0. */
function doubled(x: tf.Tensor4D, [, height, width]: readonly number[]): tf.Tensor {
  const [, h, w] = x.shape;
  const large = tf.image.resizeNearestNeighbor(x, [2 * h, 2 * w]);
  return height === 2 * h && width === 2 * w ? large : tf.pad(large, [[0, 0], [0, height! - 2 * h], [0, width! - 2 * w], [0, 0]]);
}

/** Sums over all axes but the last, as a product: the backends are slow at sums over leading axes. */
function sumColumns(x: tf.Tensor): tf.Tensor {
  const columns = x.shape.at(-1)!;
  const rows = x.size / columns;
  return tf.reshape(tf.matMul(tf.ones([rows, 1]), tf.reshape(x, [rows, columns]), true, false), [columns]);
}
