import * as tf from '@tensorflow/tfjs-core';
import { batchNormGradientKernel, batchNormKernel, normEpsilon } from '../batch-norm.js';
import type { Attribute, NativeBackend } from './native-backend.js';

/** Registers batch normalization and its gradient as TensorFlow's fused operations. */
export function registerBatchNorm(): void {
  const attributes = ({ binding }: NativeBackend): Attribute[] => [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'U', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: normEpsilon },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
  ];
  const register = (kernelName: string, kernelFunc: (inputs: { [name: string]: tf.Tensor }, backend: NativeBackend) => tf.Tensor[]) => tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, backend }) => tf.tidy(() => kernelFunc(inputs as { [name: string]: tf.Tensor }, backend as NativeBackend)),
  });

  register(batchNormKernel, ({ x, scale, offset }, backend) => {
    const [rows] = x!.shape as [number, number];
    const empty = tf.tensor1d([]);
    const [output, mean, unbiased] = backend.executeMultipleOutputs('FusedBatchNormV2', attributes(backend), [asImages(x!), scale!, offset!, empty, empty], 5) as [tf.Tensor, tf.Tensor, tf.Tensor];
    return [tf.reshape(output, x!.shape), mean, tf.mul(unbiased, (rows - 1) / rows)];
  });

  register(batchNormGradientKernel, ({ dy, x, scale, mean, variance }, backend) => {
    // On a GPU cuDNN saves the inverse of the standard deviation instead of the variance.
    const spread = backend.isUsingGpuDevice ? tf.rsqrt(tf.add(variance!, normEpsilon)) : variance!;
    const [xGradient, scaleGradient, offsetGradient] = backend.executeMultipleOutputs('FusedBatchNormGradV2', attributes(backend), [asImages(dy!), asImages(x!), scale!, mean!, spread], 5) as [tf.Tensor, tf.Tensor, tf.Tensor];
    return [tf.reshape(xGradient, x!.shape), scaleGradient, offsetGradient];
  });
}

/** (rows, channels) as (rows, 1, 1, channels). */
function asImages(matrix: tf.Tensor): tf.Tensor {
  return tf.reshape(matrix, [matrix.shape[0]!, 1, 1, matrix.shape[1]!]);
}
