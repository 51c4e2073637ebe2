import * as tf from '@tensorflow/tfjs-core';

/** Kernels that a backend may register: one pass over a parameter instead of one per operation. */
export const momentumKernel = 'MemgeoMomentumStep';
export const adamKernel = 'MemgeoAdamStep';

/** velocity' = momentum velocity + g with g = gradient + weightDecay variable; variable' = variable - learningRate (velocity' or, with Nesterov, g + momentum velocity'). */
export type MomentumStep = { readonly learningRate: number; readonly momentum: number; readonly weightDecay: number; readonly isNesterov: boolean };

/**
 * first' = momentum first + (1 - momentum) gradient; second' = secondMomentum second + (1 - secondMomentum) gradient^2;
 * variable' = keep variable - rate first' / (sqrt(second' / correction) + epsilon).
 */
export type AdamStep = {
  readonly momentum: number; readonly secondMomentum: number; readonly epsilon: number;
  /** learningRate / (1 - momentum^steps), 1 - secondMomentum^steps, 1 - learningRate weightDecay. */
  readonly rate: number; readonly correction: number; readonly keep: number;
};

/** Takes a step with momentum in one pass. @returns false, with nothing done, if the backend has no such kernel. */
export function takeMomentumStep(variable: tf.Variable, gradient: tf.Tensor, velocity: tf.Variable, step: MomentumStep): boolean {
  return runStep(momentumKernel, { parameter: variable, gradient, velocity }, step, [variable, velocity]);
}

/** Takes a step of Adam in one pass. @returns false, with nothing done, if the backend has no such kernel. */
export function takeAdamStep(variable: tf.Variable, gradient: tf.Tensor, [first, second]: readonly [tf.Variable, tf.Variable], step: AdamStep): boolean {
  return runStep(adamKernel, { parameter: variable, gradient, first, second }, step, [variable, first, second]);
}

function runStep(kernel: string, inputs: { [name: string]: tf.Tensor }, step: MomentumStep | AdamStep, targets: readonly tf.Variable[]): boolean {
  if (!tf.getKernel(kernel, tf.getBackend())) return false;
  const results = tf.engine().runKernel(kernel, inputs, step) as unknown as tf.Tensor[];
  targets.forEach((target, i) => target.assign(results[i]!));
  return true;
}
