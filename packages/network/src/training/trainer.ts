import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import type { NamedParameter } from '../description/initial-parameters.js';
import { sizeOfShape } from '../description/shapes.js';
import { batchOf, type Examples, type Placement } from '../model/examples.js';
import type { DropoutMask } from '../model/forward-training.js';
import type { Network } from '../model/network.js';
import { dividingBatches } from '../backends/wasm/batch-parts.js';
import type { Exchange } from '../parallel/exchange.js';
import { sumGradients } from '../parallel/sum-gradients.js';
import { partOf, wholeOf, type BatchPart } from './batch-part.js';
import { disposeGradientStep, gradientStep, type GradientStep } from './gradient-step.js';
import { Optimizer, type OptimizerOptions } from './optimizer.js';
import { followStatistics } from './running-statistics.js';

export type TrainerOptions = OptimizerOptions & {
  readonly learningRate: number;
  /** See {@link gradientStep}. Default 0. */
  readonly labelSmoothing?: number;
};

export type EpochOptions = {
  readonly batchSize: number;
  /** Learning rate by step of this call, from 0. Default: the trainer's. */
  readonly learningRateAt?: (step: number) => number;
  /** How each image is changed on its way into a batch. Default: not at all. */
  readonly placementOf?: ((example: number) => Placement) | undefined;
  /** Masks of a step of this call, from 0. Default: nothing is dropped. */
  readonly dropoutMaskAt?: (step: number) => DropoutMask;
  /** Called after each step with the number of examples seen. */
  readonly onBatch?: (seen: number) => void;
  /** Gets the logits of each batch in training mode, shape (examples, classes), some steps late. */
  readonly onLogits?: (batch: readonly number[], logits: Float32Array) => void;
};

/** Training has left the numbers: the loss of a step is NaN or infinite. */
export class NonFiniteLossError extends Error {
  override readonly name = 'NonFiniteLossError';
  readonly loss: number;
  /** Of the call, from 0. */
  readonly step: number;
  readonly learningRate: number;

  constructor({ loss, step, learningRate }: { loss: number; step: number; learningRate: number }) {
    super(`The loss became ${loss} at step ${step} of the epoch. Lower learningRate (${learningRate}), or use batch normalization.`);
    [this.loss, this.step, this.learningRate] = [loss, step, learningRate];
  }
}

/** Steps whose losses are read together, so that reading makes no accelerator wait. */
const stepsReadTogether = 8;

/** What a step has left in the backend to be read. */
type Unread = { readonly step: number; readonly batch: readonly number[]; readonly part: BatchPart; readonly loss: tf.Scalar; readonly logits: tf.Tensor2D };

/** Trains a network on the cross-entropy of softmax. */
export class Trainer {
  readonly #network: Network;
  readonly #options: TrainerOptions;
  readonly #optimizer: Optimizer;
  readonly #exchange: Exchange | undefined;
  #images = new Float32Array(0);

  /** @param exchange  With trainers of other threads that are given the same network, options and epochs, each of which takes a part of every batch. */
  constructor(network: Network, options: TrainerOptions, exchange?: Exchange) {
    this.#network = network;
    this.#options = options;
    this.#exchange = exchange;
    this.#optimizer = new Optimizer(network, options);
  }

  /**
   * Takes one step per batch, in the order given. An epoch may be cut between batches into several calls; the parameters are the same.
   *
   * @param labels  Class of every example, by example.
   * @param order  Examples in the order of training.
   * @returns the mean loss over examples, each at its own step.
   * @throws NonFiniteLossError if a loss is not finite; a few steps may have followed.
   */
  async trainEpoch(examples: Examples, labels: ArrayLike<number>, order: ArrayLike<number>, options: EpochOptions): Promise<{ loss: number }> {
    const { batchSize, learningRateAt = () => this.#options.learningRate, placementOf, dropoutMaskAt, onBatch } = options;
    this.#reserveImages(Math.min(batchSize, order.length));
    let sum = 0;
    let unread: Unread[] = [];
    for (let step = 0; step * batchSize < order.length; step++) {
      const batch = Array.prototype.slice.call(order, step * batchSize, (step + 1) * batchSize) as number[];
      const part = partOf(batch.length, this.#exchange);
      const own = batch.slice(part.start, part.end);
      const x = batchOf(examples, own, this.#network.description, { placementOf, into: this.#images });
      try {
        const { loss, logits } = this.#step(x, { part, labels: own.map((example) => labels[example]!), learningRate: learningRateAt(step), dropoutMask: dropoutMaskAt?.(step) });
        unread.push({ step, batch, part, loss, logits });
      } finally {
        x.dispose();
      }
      const seen = Math.min((step + 1) * batchSize, order.length);
      if (unread.length === stepsReadTogether || seen === order.length) {
        sum += await readSteps(unread, { learningRateAt, onLogits: options.onLogits });
        unread = [];
        // Lets what else this thread has to do go on, such as writing files.
        await setImmediate();
      }
      onBatch?.(seen);
    }
    return { loss: sum / order.length };
  }

  /** The loss and the logits are the caller's to dispose of. */
  #step(
    x: tf.Tensor4D, { part, labels, learningRate, dropoutMask }: { part: BatchPart; labels: readonly number[]; learningRate: number; dropoutMask: DropoutMask | undefined },
  ): Pick<GradientStep, 'loss' | 'logits'> {
    const { exchange, count } = part;
    const step = dividingBatches(exchange, () => gradientStep(this.#network, x, {
      labels, names: this.#optimizer.names, labelSmoothing: this.#options.labelSmoothing ?? 0, of: count, dropoutMask: dropoutMask && ofPart(dropoutMask, part),
    }));
    if (exchange) sumGradients(step.gradients.values(), exchange);
    this.#optimizer.step(step.gradients, { learningRate });
    followStatistics(this.#network, step.moments, count / labels.length);
    const left = { loss: tf.clone(step.loss), logits: tf.clone(step.logits) };
    disposeGradientStep(step);
    return left;
  }

  /** Every batch is gathered into the same memory, which backends copy from before a step returns. */
  #reserveImages(batchSize: number): void {
    const size = batchSize * sizeOfShape(this.#network.description.inputShape);
    if (this.#images.length < size) this.#images = new Float32Array(size);
  }

  /** See {@link Optimizer.state}. */
  async state(): Promise<NamedParameter[]> {
    return this.#optimizer.state();
  }

  /** See {@link Optimizer.restoreState}. */
  restoreState(state: readonly NamedParameter[]): void {
    this.#optimizer.restoreState(state);
  }

  dispose(): void {
    this.#optimizer.dispose();
  }
}

/** Masks of a part of a batch: its rows of the whole batch's. */
function ofPart(mask: DropoutMask, { start, end, count }: BatchPart): DropoutMask {
  return (step, [, ...shape]) => {
    const whole = mask(step, [count, ...shape]);
    const size = whole.length / count;
    return whole.subarray(start * size, end * size);
  };
}

/** Reads and disposes of what steps have left; returns the sum of losses over examples. */
async function readSteps(unread: readonly Unread[], { learningRateAt, onLogits }: { learningRateAt: (step: number) => number; onLogits: EpochOptions['onLogits'] }): Promise<number> {
  const losses = tf.stack(unread.map(({ loss }) => loss));
  const logits = onLogits ? tf.concat(unread.map((step) => step.logits)) : undefined;
  tf.dispose(unread.flatMap((step) => [step.loss, step.logits]));
  const [lossValues, logitValues] = await Promise.all([losses.data(), logits?.data()]);
  tf.dispose([losses, ...(logits ? [logits] : [])]);
  let sum = 0;
  let start = 0;
  for (const [i, { step, batch, part }] of unread.entries()) {
    const loss = Float64Array.of(lossValues[i]!);
    part.exchange?.sum(loss);
    if (!Number.isFinite(loss[0])) throw new NonFiniteLossError({ loss: loss[0]!, step, learningRate: learningRateAt(step) });
    sum += loss[0]! * batch.length;
    if (logits) {
      const size = (part.end - part.start) * logits.shape[1]!;
      onLogits!(batch, wholeOf(part, (logitValues as Float32Array).subarray(start, start + size)));
      start += size;
    }
  }
  return sum;
}
