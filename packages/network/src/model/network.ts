import * as tf from '@tensorflow/tfjs-core';
import { initialParameters, type NamedParameter } from '../description/initial-parameters.js';
import { imagesName, type Layer } from '../description/layer.js';
import { layersOf, tapPoints } from '../description/layers.js';
import type { NetworkDescription } from '../description/network-spec.js';
import { sizeOfShape } from '../description/shapes.js';
import { checkParameters } from './check-parameters.js';
import { batchOf, type Examples } from './examples.js';
import { evaluationBatch, fittingBatch } from './fitting-batch.js';
import { forwardInference } from './forward-inference.js';
import { forwardTraining, type BatchMoments, type DropoutMask } from './forward-training.js';
import { Projection, type ProjectionRows } from './projection.js';

/**
 * A network in the open backend.
 *
 * Holds its parameters outside the garbage collector's reach: call {@link dispose}.
 */
export class Network {
  readonly description: NetworkDescription;
  readonly layers: readonly Layer[];
  readonly #variables: Map<string, tf.Variable>;

  private constructor(description: NetworkDescription, parameters: readonly NamedParameter[]) {
    this.description = description;
    this.layers = layersOf(description);
    const shapes = this.layers.flatMap((layer) => layer.parameters);
    checkParameters(shapes, parameters);
    const given = new Map(parameters.map(({ name, data }) => [name, data]));
    this.#variables = new Map(shapes.map(({ name, shape, isTrainable }) => [name, tf.tidy(() => tf.variable(tf.tensor(given.get(name)!, [...shape]), isTrainable))]));
  }

  /** Builds an untrained network; see {@link initialParameters}. */
  static initialize(description: NetworkDescription, seed: number): Network {
    return new Network(description, initialParameters(description, seed));
  }

  /**
   * Builds a network from parameters kept earlier.
   *
   * @throws RangeError if they are not those of the network: the first few that are missing, unexpected or of another shape.
   */
  static restore(description: NetworkDescription, parameters: readonly NamedParameter[]): Network {
    return new Network(description, parameters);
  }

  /** As {@link restore}, from the tensors of a checkpoint by name. */
  static fromTensors(description: NetworkDescription, tensors: ReadonlyMap<string, { readonly data: Float32Array | Uint8Array; readonly shape: readonly number[] }>): Network {
    const layerOf = new Map(layersOf(description).flatMap((layer) => layer.parameters.map(({ name }) => [name, layer.name])));
    return new Network(description, [...tensors].map(([name, { data, shape }]) => ({ name, layer: layerOf.get(name) ?? '', shape, data: data as Float32Array })));
  }

  /** Copies all parameters and running statistics out of the backend, in the order of layers. */
  async parameters(): Promise<NamedParameter[]> {
    const result: NamedParameter[] = [];
    for (const layer of this.layers) {
      for (const { name, shape } of layer.parameters) result.push({ name, layer: layer.name, shape, data: Float32Array.from(await this.#variables.get(name)!.data()) });
    }
    return result;
  }

  /** @internal */
  variable(name: string): tf.Variable {
    return this.#variables.get(name)!;
  }

  /** @internal */
  get variables(): ReadonlyMap<string, tf.Variable> {
    return this.#variables;
  }

  /** Logits in training mode, and the moments of each normalized layer, which the caller disposes of; see {@link forwardTraining}. @internal */
  forwardTraining(x: tf.Tensor4D, { dropoutMask }: { dropoutMask?: DropoutMask | undefined } = {}): { logits: tf.Tensor2D; moments: BatchMoments[] } {
    const { name } = this.layers.at(-1)!;
    const { values, moments } = forwardTraining(this.layers, this.#variables, new Map([[imagesName, x]]), { wanted: new Set([name]), dropoutMask });
    return { logits: values.get(name) as tf.Tensor2D, moments };
  }

  /**
   * Computes logits in evaluation mode.
   *
   * @param indices  Which examples.
   * @returns shape (indices, classes), row-major.
   */
  async predict(examples: Examples, indices: ArrayLike<number>): Promise<Float32Array> {
    const logits = new Float32Array(indices.length * this.description.classCount);
    await this.forEachBatch(examples, indices, { taps: ['output'] }, (start, { output }) => logits.set(output!, start * this.description.classCount));
    return logits;
  }

  /**
   * Runs examples through the network in evaluation mode and hands over tapped outputs, batch by batch.
   *
   * Runs only what the taps depend on.
   *
   * @param options.taps  Names of {@link tapPoints}.
   * @param options.projections  By tap, rows of a matrix to multiply the outputs by.
   * @param options.batchSize  Default: 100, or fewer where they would not fit.
   * @param receive  Gets the position of the batch's first example in `indices` and for each tap the values, shape
   *   (batch, features) or (batch, rows). Waited for.
   * @throws RangeError if there is no such tap.
   */
  async forEachBatch(
    examples: Examples, indices: ArrayLike<number>,
    options: { taps: readonly string[]; projections?: ReadonlyMap<string, ProjectionRows>; batchSize?: number },
    receive: (start: number, tapped: { [tap: string]: Float32Array }) => void | Promise<void>,
  ): Promise<void> {
    const { taps, projections = new Map<string, ProjectionRows>(), batchSize = fittingBatch(this.layers, { taps: options.taps, most: evaluationBatch }) } = options;
    const shapes = new Map(tapPoints(this.description).map(({ name, shape }) => [name, shape]));
    const unknown = taps.find((tap) => !shapes.has(tap));
    if (unknown !== undefined) throw new RangeError(`forEachBatch: a tap must be one of ${[...shapes.keys()].join(', ')}; got ${unknown}.`);
    const placed = new Map<string, Projection>();
    try {
      for (const [tap, rows] of projections) placed.set(tap, new Projection(sizeOfShape(shapes.get(tap)!), rows));
      for (let start = 0; start < indices.length; start += batchSize) {
        const chosen = Array.prototype.slice.call(indices, start, start + batchSize) as number[];
        const tapped = tf.tidy(() => {
          const outputs = forwardInference(this.layers, this.#variables, new Map([[imagesName, batchOf(examples, chosen, this.description)]]), new Set(taps));
          return Object.fromEntries([...outputs].map(([tap, output]) => [tap, placed.get(tap)?.apply(output) ?? output]));
        });
        const values = await Promise.all(Object.entries(tapped).map(async ([tap, output]) => [tap, (await output.data()) as Float32Array] as const));
        tf.dispose(tapped);
        await receive(start, Object.fromEntries(values));
      }
    } finally {
      for (const projection of placed.values()) projection.dispose();
    }
  }

  dispose(): void {
    for (const variable of this.#variables.values()) variable.dispose();
  }
}
