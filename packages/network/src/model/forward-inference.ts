import * as tf from '@tensorflow/tfjs-core';
import type { Layer } from '../description/layer.js';
import { fuseSteps } from './fuse-steps.js';
import { normAsAffine } from './norm-as-affine.js';
import { convolve, convolveFused, multiply, operate } from './operate-step.js';
import { runSteps, stepsFor } from './run-steps.js';

/**
 * Values of chosen steps in evaluation mode: batch normalization by the running statistics, no dropout.
 *
 * Runs only what these depend on. A convolution that nothing else reads takes its normalization and ReLU with it, in one operation. Those of
 * other groups of weights are left apart, so that a pass in parts, cut between groups, gives the numbers of a whole one.
 *
 * @param given  Values by name that these layers take in: `input`, or those of steps before them.
 * @param wanted  Names of layers, or of values given.
 * @returns the values wanted, in the shapes of their layers with a batch axis in front.
 */
export function forwardInference(layers: readonly Layer[], variables: ReadonlyMap<string, tf.Variable>, given: ReadonlyMap<string, tf.Tensor>, wanted: ReadonlySet<string>): Map<string, tf.Tensor> {
  const needed = stepsFor(layers, { wanted, given });
  const takes = (layer: Layer, following: Layer) => layer.kind === 'convolution' && layer.index === following.index;
  const steps = fuseSteps(needed, { wanted, takesNorm: takes, takesRelu: takes });
  return runSteps(steps, given, {
    wanted,
    run: ({ layer, norm, relu }, inputs) => {
      if (layer.kind !== 'convolution' || !norm) return evaluate(layer, inputs, variables);
      const { factor, shift } = normAsAffine(norm.name, variables);
      const kernel = tf.mul(variables.get(`${layer.name}.kernel`)!, factor);
      return convolveFused(inputs[0]!, { kernel, bias: shift, activation: relu ? 'relu' : 'linear' }, layer);
    },
  });
}

function evaluate(layer: Layer, inputs: readonly tf.Tensor[], variables: ReadonlyMap<string, tf.Variable>): tf.Tensor {
  const x = inputs[0]!;
  if (layer.kind === 'dropout') return tf.clone(x);
  if (layer.kind === 'norm') {
    const { factor, shift } = normAsAffine(layer.name, variables);
    return tf.add(tf.mul(x, factor), shift);
  }
  if (layer.kind !== 'convolution' && layer.kind !== 'dense') return operate(layer, inputs);
  const kernel = variables.get(`${layer.name}.kernel`)!;
  const bias = variables.get(`${layer.name}.bias`);
  const product = layer.kind === 'convolution' ? convolve(x, kernel, layer) : multiply(x, kernel);
  return bias ? tf.add(product, bias) : product;
}
