import * as tf from '@tensorflow/tfjs-core';
import { batchNormGradientKernel, batchNormKernel, normEpsilon } from '../batch-norm.js';
import type { Attribute, NativeBackend } from './native-backend.js';

/**
 * Registers batch normalization and its gradient on TensorFlow's fused operations.
 *
 * Their own moments are sums of float32 in one go, whose error grows with the number of rows (1e-4 of the value at 15,000), and sums of two
 * levels are 100 times as exact for one more pass. So the moments are ours, and the fused operation normalizes by them.
 */
export function registerBatchNorm(): void {
  const attributes = ({ binding }: NativeBackend, isTraining: boolean): Attribute[] => [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'U', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: normEpsilon },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: isTraining },
  ];
  const register = (kernelName: string, kernelFunc: (inputs: { [name: string]: tf.Tensor }, backend: NativeBackend) => tf.Tensor[]) => tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, backend }) => tf.tidy(() => kernelFunc(inputs as { [name: string]: tf.Tensor }, backend as NativeBackend)),
  });

  register(batchNormKernel, ({ x, scale, offset }, backend) => {
    const mean = meanOfRows(x!);
    const variance = meanOfRows(tf.squaredDifference(x!, mean));
    const [output] = backend.executeMultipleOutputs('FusedBatchNormV2', attributes(backend, false), [asImages(x!), scale!, offset!, mean, variance], 5) as [tf.Tensor];
    return [tf.reshape(output, x!.shape), mean, variance];
  });

  register(batchNormGradientKernel, ({ dy, x, scale, mean, variance }, backend) => {
    // On a GPU cuDNN saves the inverse of the standard deviation instead of the variance.
    const spread = backend.isUsingGpuDevice ? tf.rsqrt(tf.add(variance!, normEpsilon)) : variance!;
    const [xGradient, scaleGradient, offsetGradient] = backend.executeMultipleOutputs('FusedBatchNormGradV2', attributes(backend, true), [asImages(dy!), asImages(x!), scale!, mean!, spread], 5) as [tf.Tensor, tf.Tensor, tf.Tensor];
    return [tf.reshape(xGradient, x!.shape), scaleGradient, offsetGradient];
  });
}

/** (rows, channels) as (rows, 1, 1, channels). */
function asImages(matrix: tf.Tensor): tf.Tensor {
  return tf.reshape(matrix, [matrix.shape[0]!, 1, 1, matrix.shape[1]!]);
}

/** Mean over the rows of (rows, channels): of groups of about the root of their number, then of groups. */
function meanOfRows(matrix: tf.Tensor): tf.Tensor {
  const [rows, channels] = matrix.shape as [number, number];
  let size = Math.floor(Math.sqrt(rows));
  while (rows % size !== 0) size--;
  return size === 1 ? tf.mean(matrix, 0) : tf.mean(tf.mean(tf.reshape(matrix, [rows / size, size, channels]), 1), 0);
}
