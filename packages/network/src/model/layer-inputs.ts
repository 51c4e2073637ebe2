import * as tf from '@tensorflow/tfjs-core';
import type { Layer } from '../description/layer.js';
import type { NetworkDescription } from '../description/network-spec.js';
import { batchOf, type Examples } from './examples.js';
import { forwardInference } from './forward-inference.js';
import { forwardTraining, type BatchMoments } from './forward-training.js';
import type { Network } from './network.js';

/**
 * What reaches a step of a network, for a list of examples in batches.
 *
 * Networks that have their first layers in common run them once: {@link advance} passes the examples through these, and each network goes
 * on from there. The numbers are those of a whole pass.
 */
export class LayerInputs {
  /** The step that takes these in, by its position in {@link Network.layers}; 0 takes the images. */
  readonly step: number;
  readonly #sizes: readonly number[];
  readonly #open: (batch: number) => tf.Tensor;

  private constructor(step: number, sizes: readonly number[], open: (batch: number) => tf.Tensor) {
    this.step = step;
    this.#sizes = sizes;
    this.#open = open;
  }

  /**
   * Begins with images, in batches of even size.
   *
   * @param options.indices  Which images.
   * @param options.batchSize  Most images in a batch.
   */
  static ofExamples(examples: Examples, { indices, description, batchSize }: { indices: ArrayLike<number>; description: NetworkDescription; batchSize: number }): LayerInputs {
    const count = Math.ceil(indices.length / batchSize);
    const edges = Array.from({ length: count + 1 }, (_, edge) => Math.round((edge * indices.length) / count));
    const sizes = edges.slice(1).map((edge, batch) => edge - edges[batch]!);
    return new LayerInputs(0, sizes, (batch) => batchOf(examples, Array.prototype.slice.call(indices, edges[batch], edges[batch + 1]) as number[], description));
  }

  /** Number of examples. */
  get count(): number {
    return this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  /**
   * Passes the examples through the steps before another one, and holds what reaches that.
   *
   * @param options.to  Position of a later step; the number of steps for the output of the network.
   * @param options.mode  Whether batches are normalized by themselves, as in training, or by the running statistics.
   */
  async advance(network: Network, { to, mode }: { to: number; mode: 'training' | 'evaluation' }): Promise<LayerInputs> {
    if (to === this.step) return this;
    const shape = network.layers[to - 1]!.shape;
    const held: Float32Array[] = [];
    for (let batch = 0; batch < this.#sizes.length; batch++) {
      const output = tf.tidy(() => {
        if (mode === 'evaluation') return this.#evaluate(network, batch, to);
        const { output, moments } = this.#train(network, batch, to);
        tf.dispose(moments.flatMap(({ mean, variance }) => [mean, variance]));
        return output;
      });
      held.push((await output.data()) as Float32Array);
      output.dispose();
    }
    return new LayerInputs(to, this.#sizes, (batch) => tf.tensor(held[batch]!, [this.#sizes[batch]!, ...shape]));
  }

  /** What {@link advance} in evaluation holds, in one piece: shape (examples, features). */
  async outputs(network: Network, { to }: { to: number }): Promise<Float32Array> {
    const size = network.layers[to - 1]!.shape.reduce((product, length) => product * length, 1);
    const values = new Float32Array(this.count * size);
    let filled = 0;
    for (let batch = 0; batch < this.#sizes.length; batch++) {
      const output = tf.tidy(() => this.#evaluate(network, batch, to));
      values.set((await output.data()) as Float32Array, filled);
      filled += output.size;
      output.dispose();
    }
    return values;
  }

  /** As {@link reestimateStatistics}, of the layers from this step on; those before it keep theirs. */
  async reestimate(network: Network): Promise<void> {
    const sums = new Map<string, Float64Array>();
    const add = (name: string, values: ArrayLike<number>, weight: number): void => {
      const sum = sums.get(name) ?? new Float64Array(values.length);
      for (let i = 0; i < sum.length; i++) sum[i]! += weight * values[i]!;
      sums.set(name, sum);
    };
    for (const [batch, size] of this.#sizes.entries()) {
      const moments = tf.tidy(() => this.#train(network, batch, network.layers.length).moments);
      for (const { layer, rows, mean, variance } of moments) {
        add(`${layer}.mean`, await mean.data(), size);
        add(`${layer}.variance`, await variance.data(), size * (rows > 1 ? rows / (rows - 1) : 1));
        tf.dispose([mean, variance]);
      }
    }
    const { count } = this;
    for (const [name, sum] of sums) tf.tidy(() => network.variable(name).assign(tf.tensor1d(Float32Array.from(sum, (value) => value / count))));
  }

  /** The moments are kept beyond any tidy. */
  #train(network: Network, batch: number, to: number): { output: tf.Tensor; moments: BatchMoments[] } {
    const { logits, moments } = forwardTraining(this.#layersOf(network, to), variablesOf(network), this.#open(batch) as tf.Tensor4D);
    return { output: logits, moments };
  }

  #evaluate(network: Network, batch: number, to: number): tf.Tensor {
    const layers = this.#layersOf(network, to);
    const input = this.#open(batch);
    const last = layers.at(-1)?.name;
    return last === undefined ? input : forwardInference(layers, variablesOf(network), input as tf.Tensor4D, new Set([last]))[last]!;
  }

  #layersOf(network: Network, to: number): readonly Layer[] {
    return network.layers.slice(this.step, to);
  }
}

function variablesOf(network: Network): ReadonlyMap<string, tf.Variable> {
  return new Map(network.layers.flatMap(({ parameters }) => parameters.map(({ name }) => [name, network.variable(name)] as const)));
}
