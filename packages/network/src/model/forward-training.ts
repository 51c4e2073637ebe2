import * as tf from '@tensorflow/tfjs-core';
import { normalizeBatch } from '../backends/batch-norm.js';
import type { Layer } from '../description/layer.js';
import { joinRectifiers } from './fuse-steps.js';
import { convolve, multiply, operate } from './operate-step.js';
import { runSteps } from './run-steps.js';

/** Mean and biased variance of a normalized layer over a batch; kept, so dispose of them. */
export type BatchMoments = { readonly layer: string; readonly rows: number; readonly mean: tf.Tensor1D; readonly variance: tf.Tensor1D };

/**
 * Draws what the values that a dropout step takes in are multiplied by: 0 with probability `rate`, 1 / (1 - rate) otherwise.
 *
 * @param step  Its name and rate.
 * @param shape  Of the values, with the batch axis.
 */
export type DropoutMask = (step: { readonly name: string; readonly rate: number }, shape: readonly number[]) => Float32Array;

/**
 * Differentiable values of chosen steps in training mode: batch normalization by the batch.
 *
 * @param given  Values by name that these layers take in: `input`, or those of steps before them.
 * @param options.wanted  Names of the values to give.
 * @param options.dropoutMask  Without it nothing is dropped.
 * @returns the values wanted; and the moments of each normalized layer, which are kept beyond any tidy.
 */
export function forwardTraining(
  layers: readonly Layer[], variables: ReadonlyMap<string, tf.Variable>, given: ReadonlyMap<string, tf.Tensor>,
  { wanted, dropoutMask }: { wanted: ReadonlySet<string>; dropoutMask?: DropoutMask | undefined },
): { values: Map<string, tf.Tensor>; moments: BatchMoments[] } {
  const moments: BatchMoments[] = [];
  const values = runSteps(joinRectifiers(layers, wanted), given, {
    wanted,
    run: ({ layer, isRectified }, inputs) => {
      const x = inputs[0]!;
      const parameter = (suffix: string) => variables.get(`${layer.name}.${suffix}`);
      if (layer.kind === 'dropout') return dropoutMask ? tf.mul(x, tf.tensor(dropoutMask(layer, x.shape), x.shape)) : tf.clone(x);
      if (layer.kind === 'norm') {
        const { output, mean, variance } = normalizeBatch(x, parameter('scale') as tf.Variable<tf.Rank.R1>, parameter('offset') as tf.Variable<tf.Rank.R1>, { isRectified });
        moments.push({ layer: layer.name, rows: x.size / x.shape.at(-1)!, mean, variance });
        return output;
      }
      if (layer.kind !== 'convolution' && layer.kind !== 'dense') return operate(layer, inputs);
      const kernel = parameter('kernel')!;
      const product = layer.kind === 'convolution' ? convolve(x, kernel, layer) : multiply(x, kernel);
      const bias = parameter('bias');
      return bias ? tf.add(product, bias) : product;
    },
  });
  return { values, moments };
}
