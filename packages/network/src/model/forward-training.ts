import * as tf from '@tensorflow/tfjs-core';
import { normalizeBatch } from '../backends/batch-norm.js';
import type { Layer } from '../description/layer.js';

/** Mean and biased variance of a normalized layer over a batch; kept, so dispose of them. */
export type BatchMoments = { readonly layer: string; readonly rows: number; readonly mean: tf.Tensor1D; readonly variance: tf.Tensor1D };

/** Differentiable logits in training mode: batch normalization by the batch. */
export function forwardTraining(
  layers: readonly Layer[], variables: ReadonlyMap<string, tf.Variable>, input: tf.Tensor4D,
): { logits: tf.Tensor2D; moments: BatchMoments[] } {
  const moments: BatchMoments[] = [];
  let x: tf.Tensor = input;
  for (const { name, kind } of layers) {
    const parameter = (suffix: string) => variables.get(`${name}.${suffix}`);
    if (kind === 'relu') x = tf.relu(x);
    else if (kind === 'pool') x = tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid');
    else if (kind === 'norm') {
      const { output, mean, variance } = normalizeBatch(x, parameter('scale') as tf.Variable<tf.Rank.R1>, parameter('offset') as tf.Variable<tf.Rank.R1>);
      moments.push({ layer: name, rows: x.size / x.shape.at(-1)!, mean, variance });
      x = output;
    } else {
      x = kind === 'convolution'
        ? tf.conv2d(x as tf.Tensor4D, parameter('kernel') as tf.Variable<tf.Rank.R4>, 1, 'same')
        : tf.matMul(flatten(x), parameter('kernel') as tf.Variable<tf.Rank.R2>);
      const bias = parameter('bias');
      if (bias) x = tf.add(x, bias);
    }
  }
  return { logits: x as tf.Tensor2D, moments };
}

/** (batch, ...) to (batch, features). */
export function flatten(x: tf.Tensor): tf.Tensor2D {
  return tf.reshape(x, [x.shape[0]!, -1]) as tf.Tensor2D;
}
