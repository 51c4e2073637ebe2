import * as tf from '@tensorflow/tfjs-core';
import { normEpsilon } from '../backends/batch-norm.js';

/** Batch normalization in evaluation mode as x * factor + shift; inverse is 1 / standard deviation. */
export function normAsAffine(norm: string, variables: ReadonlyMap<string, tf.Variable>): { inverse: tf.Tensor; factor: tf.Tensor; shift: tf.Tensor } {
  const [scale, offset, mean, variance] = ['scale', 'offset', 'mean', 'variance'].map((suffix) => variables.get(`${norm}.${suffix}`)!);
  const inverse = tf.rsqrt(tf.add(variance!, normEpsilon));
  const factor = tf.mul(scale!, inverse);
  return { inverse, factor, shift: tf.sub(offset!, tf.mul(mean!, factor)) };
}
