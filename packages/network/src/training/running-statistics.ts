import * as tf from '@tensorflow/tfjs-core';
import type { BatchMoments } from '../model/forward-training.js';
import type { Network } from '../model/network.js';

/** Weight of a batch in the running statistics of batch normalization. */
const batchWeight = 0.1;

/**
 * Moves the running statistics of batch normalization towards those of a batch; the variance without bias.
 *
 * @param examplesPerOwn  Examples of the whole batch for each that the rows of the moments count; the moments are the whole batch's. Default 1.
 */
export function followStatistics(network: Network, moments: readonly BatchMoments[], examplesPerOwn = 1): void {
  const blend = (name: string, target: tf.Tensor, factor: number) => {
    const running = network.variable(name);
    running.assign(tf.add(tf.mul(running, 1 - batchWeight), tf.mul(target, batchWeight * factor)));
  };
  tf.tidy(() => {
    for (const { layer, rows: ownRows, mean, variance } of moments) {
      const rows = Math.round(ownRows * examplesPerOwn);
      blend(`${layer}.mean`, mean, 1);
      blend(`${layer}.variance`, variance, rows > 1 ? rows / (rows - 1) : 1);
    }
  });
}
