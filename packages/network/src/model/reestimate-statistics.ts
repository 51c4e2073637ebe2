import * as tf from '@tensorflow/tfjs-core';
import { batchOf, type Examples } from './examples.js';
import type { Network } from './network.js';

/** Sums over examples of the moments of their batches, by name of the statistic. */
type Sums = Map<string, Float64Array>;

/**
 * Replaces the running statistics of batch normalization by means over the batches of one pass in training mode.
 *
 * A network put together from layers of several epochs has statistics that belong to none; kept as they are, they can cost it all of its
 * accuracy. Means and unbiased variances of batches are averaged with the number of examples as weights; what stands before a
 * normalization is normalized by the batch, as in training [wu2021rethinking]. Batches are of even size, so that none is too small to have a variance.
 * A network without batch normalization is left as it is.
 *
 * @param indices  Which examples, in an order that mixes the classes: a batch of one class has statistics of its own.
 * @param options.batchSize  Most examples in a batch.
 * @throws RangeError if there are no examples.
 */
export async function reestimateStatistics(
  network: Network, examples: Examples, indices: ArrayLike<number>, { batchSize = 500 }: { batchSize?: number } = {},
): Promise<void> {
  if (!network.layers.some(({ kind }) => kind === 'norm')) return;
  if (indices.length === 0) throw new RangeError('reestimateStatistics: indices must name at least 1 example; got none.');
  const batchCount = Math.ceil(indices.length / batchSize);
  const sums: Sums = new Map();
  for (let batch = 0; batch < batchCount; batch++) {
    const [start, end] = [batch, batch + 1].map((edge) => Math.round((edge * indices.length) / batchCount));
    await addMoments(network, examples, Array.prototype.slice.call(indices, start, end) as number[], sums);
  }
  for (const [name, sum] of sums) tf.tidy(() => network.variable(name).assign(tf.tensor1d(Float32Array.from(sum, (value) => value / indices.length))));
}

async function addMoments(network: Network, examples: Examples, batch: readonly number[], sums: Sums): Promise<void> {
  const moments = tf.tidy(() => network.forwardTraining(batchOf(examples, batch, network.description)).moments);
  const add = (name: string, values: ArrayLike<number>, weight: number): void => {
    const sum = sums.get(name) ?? new Float64Array(values.length);
    for (let i = 0; i < sum.length; i++) sum[i]! += weight * values[i]!;
    sums.set(name, sum);
  };
  for (const { layer, rows, mean, variance } of moments) {
    add(`${layer}.mean`, await mean.data(), batch.length);
    add(`${layer}.variance`, await variance.data(), batch.length * (rows > 1 ? rows / (rows - 1) : 1));
    tf.dispose([mean, variance]);
  }
}
