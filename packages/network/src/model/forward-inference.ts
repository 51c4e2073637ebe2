import * as tf from '@tensorflow/tfjs-core';
import { normEpsilon } from '../backends/batch-norm.js';
import type { Layer } from '../description/layer.js';
import { flatten } from './forward-training.js';

/**
 * Tapped outputs in evaluation mode: batch normalization by the running statistics.
 *
 * A convolution whose own output nobody taps takes its normalization and ReLU with it, in one operation.
 *
 * @returns for each tap a tensor (batch, features).
 */
export function forwardInference(
  layers: readonly Layer[], variables: ReadonlyMap<string, tf.Variable>, input: tf.Tensor4D, taps: ReadonlySet<string>,
): { [tap: string]: tf.Tensor2D } {
  const tapped: { [tap: string]: tf.Tensor2D } = {};
  let x: tf.Tensor = input;
  const keep = (name: string) => { if (taps.has(name)) tapped[name] = tf.clone(flatten(x)); };
  keep('input');
  for (let i = 0; i < layers.length; i++) {
    const { name, kind } = layers[i]!;
    if (kind === 'relu') x = tf.relu(x);
    else if (kind === 'pool') x = tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid');
    else if (kind === 'norm') {
      const { factor, shift } = affine(name, variables);
      x = tf.add(tf.mul(x, factor), shift);
    } else {
      const kernel = variables.get(`${name}.kernel`)!;
      const bias = variables.get(`${name}.bias`);
      const following = layers.slice(i + 1, i + 3).map((layer) => layer.kind);
      if (kind === 'convolution' && following[0] === 'norm' && following[1] === 'relu' && !taps.has(name) && !taps.has(layers[i + 1]!.name)) {
        const { factor, shift } = affine(layers[i + 1]!.name, variables);
        x = tf.fused.conv2d({ x: x as tf.Tensor4D, filter: tf.mul(kernel, factor) as tf.Tensor4D, strides: 1, pad: 'same', bias: shift, activation: 'relu' });
        i += 2;
      } else {
        x = kind === 'convolution' ? tf.conv2d(x as tf.Tensor4D, kernel as tf.Variable<tf.Rank.R4>, 1, 'same') : tf.matMul(flatten(x), kernel as tf.Variable<tf.Rank.R2>);
        if (bias) x = tf.add(x, bias);
      }
    }
    keep(layers[i]!.name);
  }
  return tapped;
}

/** Batch normalization in evaluation mode as x * factor + shift. */
function affine(norm: string, variables: ReadonlyMap<string, tf.Variable>): { factor: tf.Tensor; shift: tf.Tensor } {
  const [scale, offset, mean, variance] = ['scale', 'offset', 'mean', 'variance'].map((suffix) => variables.get(`${norm}.${suffix}`)!);
  const factor = tf.mul(scale!, tf.rsqrt(tf.add(variance!, normEpsilon)));
  return { factor, shift: tf.sub(offset!, tf.mul(mean!, factor)) };
}
