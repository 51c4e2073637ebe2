import * as tf from '@tensorflow/tfjs-core';
import type { Layer } from '../description/layer.js';

/** Steps without parameters that do the same in training and evaluation. */
export type PlainStep = Exclude<Layer, { readonly kind: 'convolution' | 'dense' | 'norm' | 'dropout' }>;
type Windows = { readonly size: number; readonly stride: number; readonly padding: number };

/** Smaller than any value that is pooled, and finite, for backends that multiply by what they leave out. */
const belowAll = -3.4028234663852886e38;

/** Runs a step without parameters. */
export function operate(step: PlainStep, inputs: readonly tf.Tensor[]): tf.Tensor {
  const x = inputs[0]!;
  if (step.kind === 'relu') return tf.relu(x);
  if (step.kind === 'add') return inputs.slice(1).reduce((sum, other) => tf.add(sum, other), x);
  if (step.kind === 'concat') return tf.concat([...inputs], 3);
  if (step.kind === 'global-mean') return tf.mean(x, [1, 2]);
  if (step.reduction === 'mean') return tf.avgPool(x as tf.Tensor4D, step.size, step.stride, 'valid');
  const { padded, pad } = withPadding(x as tf.Tensor4D, step, belowAll);
  return tf.maxPool(padded, step.size, step.stride, pad);
}

/** A convolution without bias. */
export function convolve(x: tf.Tensor, kernel: tf.Tensor, { stride, padding }: { stride: number; padding: number }): tf.Tensor {
  const { padded, pad } = withPadding(x as tf.Tensor4D, { size: kernel.shape[0]!, stride, padding });
  return tf.conv2d(padded, kernel as tf.Tensor4D, stride, pad);
}

/** A convolution, a bias and perhaps a ReLU as one operation. */
export function convolveFused(x: tf.Tensor, { kernel, bias, activation }: { kernel: tf.Tensor; bias: tf.Tensor; activation: 'relu' | 'linear' }, { stride, padding }: { stride: number; padding: number }): tf.Tensor {
  const { padded, pad } = withPadding(x as tf.Tensor4D, { size: kernel.shape[0]!, stride, padding });
  return tf.fused.conv2d({ x: padded, filter: kernel as tf.Tensor4D, strides: stride, pad, bias, activation });
}

/** A matrix product with what is flattened. */
export function multiply(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  return tf.matMul(flatten(x), kernel as tf.Tensor2D);
}

/** (batch, ...) to (batch, features). */
export function flatten(x: tf.Tensor): tf.Tensor2D {
  return tf.reshape(x, [x.shape[0]!, -1]) as tf.Tensor2D;
}

/**
 * Pads images where TensorFlow's own ways of padding would not put windows where PyTorch does; explicit padding is refused by some backends.
 *
 * @returns padded: x itself if no value is added; pad: what to tell the operation; before: rows and columns added in front.
 */
export function withPadding(x: tf.Tensor4D, { size, stride, padding }: Windows, value = 0): { padded: tf.Tensor4D; pad: 'same' | 'valid'; before: number } {
  if (padding === 0) return { padded: x, pad: 'valid', before: 0 };
  const axes = ([1, 2] as const).map((axis) => {
    const length = x.shape[axis];
    const count = Math.floor((length + 2 * padding - size) / stride) + 1;
    const covered = (count - 1) * stride + size;
    const asSame = Math.max(0, (Math.ceil(length / stride) - 1) * stride + size - length);
    return { isSame: Math.ceil(length / stride) === count && Math.floor(asSame / 2) === padding, after: Math.max(0, covered - length - padding) };
  });
  if (axes.every(({ isSame }) => isSame)) return { padded: x, pad: 'same', before: 0 };
  return { padded: tf.pad(x, [[0, 0], [padding, axes[0]!.after], [padding, axes[1]!.after], [0, 0]], value), pad: 'valid', before: padding };
}
