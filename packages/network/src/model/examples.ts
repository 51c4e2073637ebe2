import * as tf from '@tensorflow/tfjs-core';
import type { NetworkDescription } from '../description/network-spec.js';

/** Images, one per row, shape (count, height * width * channels); uint8 pixels stand for value / 255. */
export type Examples = { readonly data: Uint8Array | Float32Array; readonly count: number };

/**
 * Computes the mean and standard deviation of all values of chosen images, for {@link NetworkDescription.normalization}.
 *
 * @throws RangeError if all values are the same.
 */
export function measureNormalization(examples: Examples, indices: ArrayLike<number>): NetworkDescription['normalization'] {
  const size = examples.data.length / examples.count;
  const unit = examples.data instanceof Uint8Array ? 255 : 1;
  const total = indices.length * size;
  let sum = 0;
  for (let i = 0; i < indices.length; i++) for (let j = indices[i]! * size; j < (indices[i]! + 1) * size; j++) sum += examples.data[j]! / unit;
  const mean = sum / total;
  let squares = 0;
  for (let i = 0; i < indices.length; i++) for (let j = indices[i]! * size; j < (indices[i]! + 1) * size; j++) squares += (examples.data[j]! / unit - mean) ** 2;
  const standardDeviation = Math.sqrt(squares / total);
  if (!(standardDeviation > 0)) throw new RangeError(`measureNormalization: images must differ; every value is ${mean}.`);
  return { mean, standardDeviation };
}

/** Gathers images into a normalized batch, shape (batch, height, width, channels). */
export function batchOf(examples: Examples, indices: ArrayLike<number>, description: NetworkDescription): tf.Tensor4D {
  const { inputShape: [height, width, channels], normalization: { mean, standardDeviation } } = description;
  const size = height * width * channels;
  const factor = 1 / ((examples.data instanceof Uint8Array ? 255 : 1) * standardDeviation);
  const shift = mean / standardDeviation;
  const values = new Float32Array(indices.length * size);
  for (let i = 0; i < indices.length; i++) {
    const start = indices[i]! * size;
    for (let j = 0; j < size; j++) values[i * size + j] = examples.data[start + j]! * factor - shift;
  }
  return tf.tensor4d(values, [indices.length, height, width, channels]);
}
