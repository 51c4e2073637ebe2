import * as tf from '@tensorflow/tfjs-core';
import type { Layer } from '../description/layer.js';

/** Steps without parameters that do the same in training and evaluation. */
export type PlainStep = Exclude<Layer, { readonly kind: 'convolution' | 'dense' | 'norm' | 'dropout' }>;
/** A square window and how it moves; padding as in PyTorch. */
export type Windows = { readonly size: number; readonly stride: number; readonly padding: number };

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
  const padding = paddingOf(x.shape, step);
  return tf.maxPool(padImages(x, padding, belowAll), step.size, step.stride, padding.pad);
}

/** A convolution without bias. */
export function convolve(x: tf.Tensor, kernel: tf.Tensor, { stride, padding }: { stride: number; padding: number }): tf.Tensor {
  const place = paddingOf(x.shape, { size: kernel.shape[0]!, stride, padding });
  return tf.conv2d(padImages(x, place), kernel as tf.Tensor4D, stride, place.pad);
}

/** A convolution, a bias and perhaps a ReLU as one operation. */
export function convolveFused(x: tf.Tensor, { kernel, bias, activation }: { kernel: tf.Tensor; bias: tf.Tensor; activation: 'relu' | 'linear' }, { stride, padding }: { stride: number; padding: number }): tf.Tensor {
  const place = paddingOf(x.shape, { size: kernel.shape[0]!, stride, padding });
  return tf.fused.conv2d({ x: padImages(x, place), filter: kernel as tf.Tensor4D, strides: stride, pad: place.pad, bias, activation });
}

/** A matrix product with what is flattened. */
export function multiply(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  return tf.matMul(flatten(x), kernel as tf.Tensor2D);
}

/** (batch, ...) to (batch, features). */
export function flatten(x: tf.Tensor): tf.Tensor2D {
  return tf.reshape(x, [x.shape[0]!, -1]) as tf.Tensor2D;
}

/** How TensorFlow is told to put windows where PyTorch puts them. */
export type Padding = { readonly pad: 'same' | 'valid'; /** Rows and columns to add first, in front and behind; explicit padding is refused by some backends. */ readonly added?: readonly [rows: [number, number], columns: [number, number]] };

/** @param shape  (batch, height, width, channels). */
export function paddingOf(shape: readonly number[], { size, stride, padding }: Windows): Padding {
  if (padding === 0) return { pad: 'valid' };
  const axes = [shape[1]!, shape[2]!].map((length) => {
    const count = Math.floor((length + 2 * padding - size) / stride) + 1;
    const asSame = Math.max(0, (Math.ceil(length / stride) - 1) * stride + size - length);
    const isSame = Math.ceil(length / stride) === count && Math.floor(asSame / 2) === padding;
    return { isSame, added: [padding, Math.max(0, (count - 1) * stride + size - length - padding)] as [number, number] };
  });
  return axes.every(({ isSame }) => isSame) ? { pad: 'same' } : { pad: 'valid', added: [axes[0]!.added, axes[1]!.added] };
}

/** Adds what {@link paddingOf} asks for. */
export function padImages(x: tf.Tensor, { added }: Padding, value = 0): tf.Tensor4D {
  return (added ? tf.pad(x, [[0, 0], ...added, [0, 0]], value) : x) as tf.Tensor4D;
}
