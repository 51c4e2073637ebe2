import * as tf from '@tensorflow/tfjs-core';
import type { BatchMoments, DropoutMask } from '../model/forward-training.js';
import type { Network } from '../model/network.js';
import { crossEntropy } from './cross-entropy.js';

/** What one batch says, before anything is changed; the caller disposes of it by {@link disposeGradientStep}. */
export type GradientStep = {
  /** Mean over the batch, in nats. */
  readonly loss: tf.Scalar;
  /** Shape (batch, classes), in training mode. */
  readonly logits: tf.Tensor2D;
  /** Of the mean loss, by name of trainable parameter. */
  readonly gradients: ReadonlyMap<string, tf.Tensor>;
  /** Of each normalized layer. */
  readonly moments: readonly BatchMoments[];
};

/**
 * Computes loss and gradients of one batch in training mode; changes nothing and reads nothing back.
 *
 * The loss is a mean over the whole batch: those of its parts sum to the whole's, and so do gradients.
 *
 * @param x  Normalized images, shape (batch, height, width, channels). Not disposed of.
 * @param options.labels  Class of each image.
 * @param options.names  Trainable parameters, as {@link Optimizer.names}.
 * @param options.labelSmoothing  Share of each target that is spread over all classes. Default 0.
 * @param options.of  Examples of the whole batch, where `x` is a part of it. Default: those of `x`.
 * @param options.dropoutMask  For networks with dropout; without it nothing is dropped.
 */
export function gradientStep(
  network: Network, x: tf.Tensor4D,
  { labels, names, labelSmoothing = 0, of = x.shape[0], dropoutMask }: { labels: ArrayLike<number>; names: readonly string[]; labelSmoothing?: number; of?: number; dropoutMask?: DropoutMask | undefined },
): GradientStep {
  const variables = names.map((name) => network.variable(name));
  let moments: readonly BatchMoments[] = [];
  let logits: tf.Tensor2D | undefined;
  const { value, grads } = tf.variableGrads(() => {
    const result = network.forwardTraining(x, { dropoutMask });
    moments = result.moments;
    logits = tf.keep(tf.clone(result.logits));
    return crossEntropy(result.logits, labels, { labelSmoothing, of });
  }, variables);
  return { loss: value, logits: logits!, gradients: new Map(names.map((name, i) => [name, grads[variables[i]!.name]!])), moments };
}

export function disposeGradientStep({ loss, logits, gradients, moments }: GradientStep): void {
  tf.dispose([loss, logits, ...gradients.values(), ...moments.flatMap(({ mean, variance }) => [mean, variance])]);
}
