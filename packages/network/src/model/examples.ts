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

/** How an image is changed on its way into a batch: mirrored left to right, then shifted by whole pixels; black comes in from the edges. */
export type Placement = { readonly isFlipped: boolean; readonly down: number; readonly right: number };

/**
 * Gathers images into a normalized batch, shape (batch, height, width, channels).
 *
 * @param options.placementOf  Changes each image. Default: none is changed.
 * @param options.into  Memory for the values, at least as many as the batch has; the tensor must be gone before it is used again.
 */
export function batchOf(
  examples: Examples, indices: ArrayLike<number>, description: NetworkDescription, { placementOf, into }: { placementOf?: ((example: number) => Placement) | undefined; into?: Float32Array } = {},
): tf.Tensor4D {
  const { inputShape: [height, width, channels], normalization: { mean, standardDeviation } } = description;
  const { data } = examples;
  const size = height * width * channels;
  const factor = 1 / ((data instanceof Uint8Array ? 255 : 1) * standardDeviation);
  const shift = mean / standardDeviation;
  const values = into?.subarray(0, indices.length * size) ?? new Float32Array(indices.length * size);
  for (let i = 0; i < indices.length; i++) {
    const start = indices[i]! * size;
    const placement = placementOf?.(indices[i]!);
    if (placement === undefined) for (let j = 0; j < size; j++) values[i * size + j] = data[start + j]! * factor - shift;
    else place(data.subarray(start, start + size), values.subarray(i * size, (i + 1) * size), { shape: description.inputShape, placement, factor, shift });
  }
  return tf.tensor4d(values, [indices.length, height, width, channels]);
}

function place(
  image: Uint8Array | Float32Array, target: Float32Array,
  { shape: [height, width, channels], placement: { isFlipped, down, right }, factor, shift }: { shape: NetworkDescription['inputShape']; placement: Placement; factor: number; shift: number },
): void {
  target.fill(0 - shift);
  for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
    for (let x = Math.max(0, right); x < Math.min(width, width + right); x++) {
      const column = isFlipped ? width - 1 - (x - right) : x - right;
      const from = ((y - down) * width + column) * channels;
      const to = (y * width + x) * channels;
      for (let k = 0; k < channels; k++) target[to + k] = image[from + k]! * factor - shift;
    }
  }
}
