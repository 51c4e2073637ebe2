import * as tf from '@tensorflow/tfjs-core';
import type { NamedParameter } from '../description/initial-parameters.js';
import { batchOf, type Examples } from '../model/examples.js';
import type { Network } from '../model/network.js';
import { disposeGradientStep, gradientStep } from './gradient-step.js';
import { Optimizer, type OptimizerOptions } from './optimizer.js';
import { followStatistics } from './running-statistics.js';

export type TrainerOptions = OptimizerOptions & {
  readonly learningRate: number;
  /** See {@link gradientStep}. Default 0. */
  readonly labelSmoothing?: number;
};

/** Training has left the numbers: the loss is NaN or infinite. */
export class NonFiniteLossError extends Error {
  override readonly name = 'NonFiniteLossError';
}

/** Steps whose losses are read together, so that reading makes no accelerator wait. */
const lossesReadTogether = 8;

/** Trains a network on the cross-entropy of softmax. */
export class Trainer {
  readonly #network: Network;
  readonly #options: TrainerOptions;
  readonly #optimizer: Optimizer;

  constructor(network: Network, options: TrainerOptions) {
    this.#network = network;
    this.#options = options;
    this.#optimizer = new Optimizer(network, options);
  }

  /**
   * Takes one step per batch, in the order given.
   *
   * @param labels  Class of every example, by example.
   * @param order  Examples in the order of training.
   * @param options.learningRateAt  Learning rate by step of the epoch, from 0. Default: the trainer's.
   * @param options.onBatch  Called after each step with the number of examples seen.
   * @throws NonFiniteLossError if a loss is not finite; some steps may have followed.
   */
  async trainEpoch(
    examples: Examples, labels: ArrayLike<number>, order: ArrayLike<number>,
    options: { batchSize: number; learningRateAt?: (step: number) => number; onBatch?: (seen: number) => void },
  ): Promise<{ loss: number }> {
    const { batchSize, learningRateAt = () => this.#options.learningRate, onBatch } = options;
    let sum = 0;
    let unread: { loss: tf.Scalar; start: number; size: number }[] = [];
    const read = async (): Promise<void> => {
      const stack = tf.stack(unread.map(({ loss }) => loss));
      const losses = await stack.data();
      stack.dispose();
      for (const [i, { loss, start, size }] of unread.entries()) {
        loss.dispose();
        if (!Number.isFinite(losses[i]!)) throw new NonFiniteLossError(`The loss became ${losses[i]!} at example ${start} of ${order.length} of the epoch. Lower learningRate (${learningRateAt(Math.floor(start / batchSize))}), or use batch normalization.`);
        sum += losses[i]! * size;
      }
      unread = [];
    };
    for (let start = 0, step = 0; start < order.length; start += batchSize, step++) {
      const batch = Array.prototype.slice.call(order, start, start + batchSize) as number[];
      const loss = this.#step(batchOf(examples, batch, this.#network.description), batch.map((example) => labels[example]!), learningRateAt(step));
      unread.push({ loss, start, size: batch.length });
      if (unread.length === lossesReadTogether) await read();
      onBatch?.(start + batch.length);
    }
    if (unread.length > 0) await read();
    return { loss: sum / order.length };
  }

  /** The loss is the caller's to dispose of. */
  #step(x: tf.Tensor4D, labels: readonly number[], learningRate: number): tf.Scalar {
    const step = gradientStep(this.#network, x, { labels, names: this.#optimizer.names, labelSmoothing: this.#options.labelSmoothing ?? 0 });
    this.#optimizer.step(step.gradients, { learningRate });
    followStatistics(this.#network, step.moments);
    const loss = tf.clone(step.loss);
    disposeGradientStep(step);
    x.dispose();
    return loss;
  }

  /** See {@link Optimizer.state}. */
  async state(): Promise<NamedParameter[]> {
    return this.#optimizer.state();
  }

  restoreState(state: readonly NamedParameter[]): void {
    this.#optimizer.restoreState(state);
  }

  dispose(): void {
    this.#optimizer.dispose();
  }
}
