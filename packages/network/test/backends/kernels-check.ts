import { expect } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { randomStream } from '@memgeo/numerics';

const random = randomStream(1, 'kernel tests');
/** Standard normal numbers for a tensor. */
export const normal = (shape: readonly number[]): Float32Array => random.fillNormal(new Float32Array(shape.reduce((total, size) => total * size, 1)));

/** Gradients of sum(weights * f(x...)) with respect to each x, on one backend. */
export async function gradients(backend: string, f: (...x: tf.Tensor[]) => tf.Tensor, inputs: { data: Float32Array; shape: number[] }[], weights: Float32Array): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const results = tf.tidy(() => {
    const loss = (...x: tf.Tensor[]) => { const y = f(...x); return tf.sum(tf.mul(y, tf.tensor(weights, y.shape))) as tf.Scalar; };
    return tf.grads(loss)(inputs.map(({ data, shape }) => tf.tensor(data, shape)));
  });
  const values = await Promise.all(results.map(async (tensor) => Float32Array.from(await tensor.data())));
  tf.dispose(results);
  return values;
}

/** Euclidean distance over the size of what is expected. */
export function relativeError(actual: Float32Array, expected: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < actual.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    size += expected[i]! ** 2;
  }
  return Math.sqrt(difference / (size || 1));
}

/** Compares wasm with cpu, and cpu with central differences along random directions. */
export async function check(f: (...x: tf.Tensor[]) => tf.Tensor, shapes: number[][], outputShape: number[], options: { isSmooth: boolean }): Promise<void> {
  const inputs = shapes.map((shape) => ({ data: normal(shape), shape }));
  const weights = normal(outputShape);
  const onWasm = await gradients('wasm', f, inputs, weights);
  const onCpu = await gradients('cpu', f, inputs, weights);
  onWasm.forEach((gradient, i) => expect(relativeError(gradient, onCpu[i]!)).toBeLessThan(3e-6));
  if (!options.isSmooth) return;
  await tf.setBackend('wasm');
  for (const [i, { data, shape }] of inputs.entries()) {
    const direction = normal(shape);
    const step = 1e-2;
    const at = (sign: number) => tf.tidy(() => {
      const y = f(...inputs.map((input, j) => tf.tensor(j === i ? data.map((x, k) => x + sign * step * direction[k]!) : input.data, input.shape)));
      // Summed in float64, for the difference of two float32 sums would lose what it measures.
      return (y.dataSync() as Float32Array).reduce((sum, value, k) => sum + value * weights[k]!, 0);
    });
    const numeric = (at(1) - at(-1)) / (2 * step);
    const analytic = onWasm[i]!.reduce((sum, value, k) => sum + value * direction[k]!, 0);
    const scale = Math.sqrt(onWasm[i]!.reduce((sum, value) => sum + value ** 2, 0) * direction.reduce((sum, value) => sum + value ** 2, 0)) / Math.sqrt(direction.length);
    expect(Math.abs(numeric - analytic)).toBeLessThan(3e-3 * scale);
  }
}
