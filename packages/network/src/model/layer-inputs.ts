import * as tf from '@tensorflow/tfjs-core';
import { imagesName } from '../description/layer.js';
import type { NetworkDescription } from '../description/network-spec.js';
import { sizeOfShape } from '../description/shapes.js';
import { batchOf, type Examples } from './examples.js';
import { forwardInference } from './forward-inference.js';
import { forwardTraining } from './forward-training.js';
import type { Network } from './network.js';
import { valuesAcross } from './values-across.js';

type Held = readonly { readonly name: string; readonly shape: readonly number[]; readonly batches: Float32Array[] }[];

/**
 * What reaches a step of a network and those after it, for a list of examples in batches.
 *
 * That is more than one value where a shortcut leads past the step; see {@link valuesAcross}. Networks that have their first layers in common run them once: {@link advance} passes the examples through these, and each network goes
 * on from there. Cut between two groups of weights, the numbers are those of a whole pass to the bit.
 */
export class LayerInputs {
  /** The step that takes these in, by its position in {@link Network.layers}; 0 takes the images. */
  readonly step: number;
  readonly #sizes: readonly number[];
  readonly #open: (batch: number) => ReadonlyMap<string, tf.Tensor>;

  private constructor(step: number, sizes: readonly number[], open: (batch: number) => ReadonlyMap<string, tf.Tensor>) {
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
    const imagesOf = (batch: number) => batchOf(examples, Array.prototype.slice.call(indices, edges[batch], edges[batch + 1]) as number[], description);
    return new LayerInputs(0, sizes, (batch) => new Map([[imagesName, imagesOf(batch)]]));
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
    const held: Held = valuesAcross(network, to).map((value) => ({ ...value, batches: [] }));
    const wanted = new Set(held.map(({ name }) => name));
    for (let batch = 0; batch < this.#sizes.length; batch++) {
      const values = tf.tidy(() => {
        if (mode === 'evaluation') return Object.fromEntries(this.#evaluate(network, batch, { to, wanted }));
        const { values, moments } = this.#train(network, batch, { to, wanted });
        tf.dispose(moments.flatMap(({ mean, variance }) => [mean, variance]));
        return Object.fromEntries(values);
      });
      for (const { name, batches } of held) batches.push((await values[name]!.data()) as Float32Array);
      tf.dispose(values);
    }
    return new LayerInputs(to, this.#sizes, (batch) => new Map(held.map(({ name, shape, batches }) => [name, tf.tensor(batches[batch]!, [this.#sizes[batch]!, ...shape])])));
  }

  /** The output of the last step before another one in evaluation, in one piece: shape (examples, features). */
  async outputs(network: Network, { to }: { to: number }): Promise<Float32Array> {
    const { name, shape } = network.layers[to - 1]!;
    const size = sizeOfShape(shape);
    const values = new Float32Array(this.count * size);
    let filled = 0;
    for (let batch = 0; batch < this.#sizes.length; batch++) {
      const output = tf.tidy(() => this.#evaluate(network, batch, { to, wanted: new Set([name]) }).get(name)!);
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
      const { moments } = tf.tidy(() => ({ moments: this.#train(network, batch, { to: network.layers.length, wanted: new Set() }).moments }));
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
  #train(network: Network, batch: number, { to, wanted }: { to: number; wanted: ReadonlySet<string> }): ReturnType<typeof forwardTraining> {
    return forwardTraining(network.layers.slice(this.step, to), network.variables, this.#open(batch), { wanted });
  }

  #evaluate(network: Network, batch: number, { to, wanted }: { to: number; wanted: ReadonlySet<string> }): Map<string, tf.Tensor> {
    return forwardInference(network.layers.slice(this.step, to), network.variables, this.#open(batch), wanted);
  }
}
