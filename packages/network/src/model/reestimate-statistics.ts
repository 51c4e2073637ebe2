import type { Examples } from './examples.js';
import { LayerInputs } from './layer-inputs.js';
import type { Network } from './network.js';

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
  await LayerInputs.ofExamples(examples, { indices, description: network.description, batchSize }).reestimate(network);
}
