import * as tf from '@tensorflow/tfjs-core';
import type { NamedParameter } from '../description/initial-parameters.js';
import { batchOf, type Examples } from '../model/examples.js';
import type { BatchMoments } from '../model/forward-training.js';
import type { Network } from '../model/network.js';
import { crossEntropy } from './cross-entropy.js';

/** Weight of a batch in the running statistics of batch normalization. */
const statisticsMomentum = 0.1;

export type OptimizerOptions = {
  readonly learningRate: number;
  /** Fraction of the last step that goes on; not Nesterov's. */
  readonly momentum: number;
  /** Added to the gradient of each kernel, times the kernel. */
  readonly weightDecay: number;
};

/** Training has left the numbers: the loss is NaN or infinite. */
export class NonFiniteLossError extends Error {
  override readonly name = 'NonFiniteLossError';
}

/** Stochastic gradient descent with momentum on the cross-entropy of softmax. */
export class Trainer {
  readonly #network: Network;
  readonly #options: OptimizerOptions;
  readonly #velocities: Map<string, tf.Variable>;
  readonly #names: string[];

  constructor(network: Network, options: OptimizerOptions) {
    this.#network = network;
    this.#options = options;
    const trainable = network.layers.flatMap((layer) => layer.parameters).filter(({ isTrainable }) => isTrainable);
    this.#names = trainable.map(({ name }) => name);
    this.#velocities = new Map(trainable.map(({ name, shape }) => [name, tf.tidy(() => tf.variable(tf.zeros([...shape]), false))]));
  }

  /**
   * Takes one step per batch, in the order given.
   *
   * @param labels  Class of every example, by example.
   * @param order  Examples in the order of training.
   * @param onBatch  Called after each step with the number of examples seen.
   * @throws NonFiniteLossError if a loss is not finite.
   */
  async trainEpoch(
    examples: Examples, labels: ArrayLike<number>, order: ArrayLike<number>, options: { batchSize: number; onBatch?: (seen: number) => void },
  ): Promise<{ loss: number }> {
    let sum = 0;
    for (let start = 0; start < order.length; start += options.batchSize) {
      const batch = Array.prototype.slice.call(order, start, start + options.batchSize) as number[];
      const loss = await this.#step(batchOf(examples, batch, this.#network.description), batch.map((example) => labels[example]!));
      if (!Number.isFinite(loss)) throw new NonFiniteLossError(`The loss became ${loss} at example ${start} of ${order.length} of the epoch. Lower learningRate (${this.#options.learningRate}), or use batch normalization.`);
      sum += loss * batch.length;
      options.onBatch?.(start + batch.length);
    }
    return { loss: sum / order.length };
  }

  async #step(x: tf.Tensor4D, labels: readonly number[]): Promise<number> {
    const network = this.#network;
    const variables = this.#names.map((name) => network.variable(name));
    let moments: BatchMoments[] = [];
    const { value, grads } = tf.variableGrads(() => {
      const result = network.forwardTraining(x);
      moments = result.moments;
      return crossEntropy(result.logits, labels);
    }, variables);
    tf.tidy(() => {
      this.#names.forEach((name, i) => this.#descend(name, variables[i]!, grads[variables[i]!.name]!));
      for (const layer of moments) this.#follow(layer);
    });
    const [loss] = await value.data();
    tf.dispose([x, value, grads, moments.flatMap(({ mean, variance }) => [mean, variance])] as tf.TensorContainer);
    return loss!;
  }

  #descend(name: string, variable: tf.Variable, gradient: tf.Tensor): void {
    const { learningRate, momentum, weightDecay } = this.#options;
    const velocity = this.#velocities.get(name)!;
    const decayed = weightDecay > 0 && name.endsWith('.kernel') ? tf.add(gradient, tf.mul(variable, weightDecay)) : gradient;
    velocity.assign(tf.add(tf.mul(velocity, momentum), decayed));
    variable.assign(tf.sub(variable, tf.mul(velocity, learningRate)));
  }

  /** Moves running statistics towards those of a batch; the variance without bias. */
  #follow({ layer, rows, mean, variance }: BatchMoments): void {
    const blend = (name: string, target: tf.Tensor, factor: number) => {
      const running = this.#network.variable(name);
      running.assign(tf.add(tf.mul(running, 1 - statisticsMomentum), tf.mul(target, statisticsMomentum * factor)));
    };
    blend(`${layer}.mean`, mean, 1);
    blend(`${layer}.variance`, variance, rows > 1 ? rows / (rows - 1) : 1);
  }

  /** The steps that go on, by parameter: with the network's parameters, all there is to continue from. */
  async state(): Promise<NamedParameter[]> {
    const result: NamedParameter[] = [];
    for (const [name, velocity] of this.#velocities) result.push({ name, layer: name.replace(/\.[^.]+$/, ''), shape: velocity.shape, data: Float32Array.from(await velocity.data()) });
    return result;
  }

  restoreState(state: readonly NamedParameter[]): void {
    for (const { name, shape, data } of state) {
      const velocity = this.#velocities.get(name);
      if (velocity) tf.tidy(() => velocity.assign(tf.tensor(data, [...shape])));
    }
  }

  dispose(): void {
    for (const velocity of this.#velocities.values()) velocity.dispose();
  }
}
