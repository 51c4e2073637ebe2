import * as tf from '@tensorflow/tfjs-core';
import { channelNormalization, type InputNormalization } from '../description/input-normalization.js';
import type { NetworkDescription } from '../description/network-spec.js';

/** Images, one per row, shape (count, height * width * channels); uint8 pixels stand for value / 255. */
export type Examples = { readonly data: Uint8Array | Float32Array; readonly count: number };

/**
 * Computes the mean and standard deviation of the values of chosen images, for {@link NetworkDescription.normalization}.
 *
 * @param options.channels  How many channels images have, to get lists of one number for each. Default: one number for all values.
 * @throws RangeError if all values, or all of a channel, are the same.
 */
export function measureNormalization(examples: Examples, indices: ArrayLike<number>, { channels }: { channels?: number | undefined } = {}): InputNormalization {
  if (channels === undefined) return measureValues(examples, indices, { first: 0, stride: 1 });
  const measured = Array.from({ length: channels }, (_, first) => measureValues(examples, indices, { first, stride: channels }));
  return { mean: measured.map(({ mean }) => mean), standardDeviation: measured.map(({ standardDeviation }) => standardDeviation) };
}

/** Of each image the values first, first + stride, ... */
function measureValues({ data, count }: Examples, indices: ArrayLike<number>, { first, stride }: { first: number; stride: number }): { mean: number; standardDeviation: number } {
  const size = data.length / count;
  const unit = data instanceof Uint8Array ? 255 : 1;
  const total = indices.length * size / stride;
  let sum = 0;
  for (let i = 0; i < indices.length; i++) for (let j = indices[i]! * size + first; j < (indices[i]! + 1) * size; j += stride) sum += data[j]! / unit;
  const mean = sum / total;
  let squares = 0;
  for (let i = 0; i < indices.length; i++) for (let j = indices[i]! * size + first; j < (indices[i]! + 1) * size; j += stride) squares += (data[j]! / unit - mean) ** 2;
  const standardDeviation = Math.sqrt(squares / total);
  if (!(standardDeviation > 0)) throw new RangeError(`measureNormalization: images must differ; every value${stride === 1 ? '' : ` of channel ${first}`} is ${mean}.`);
  return { mean, standardDeviation };
}

/** How an image is changed on its way into a batch: mirrored left to right, then shifted by whole pixels; black comes in from the edges. */
export type Placement = { readonly isFlipped: boolean; readonly down: number; readonly right: number };

/** What makes an input of a stored value: value * factor - shift. */
type Scale = { readonly factor: number; readonly shift: number };

/**
 * Gathers images into a normalized batch, shape (batch, height, width, channels).
 *
 * @param options.placementOf  Changes each image. Default: none is changed.
 * @param options.into  Memory for the values, at least as many as the batch has; the tensor must be gone before it is used again.
 * @throws RangeError if normalization and channels do not go together.
 */
export function batchOf(
  examples: Examples, indices: ArrayLike<number>, description: NetworkDescription, { placementOf, into }: { placementOf?: ((example: number) => Placement) | undefined; into?: Float32Array } = {},
): tf.Tensor4D {
  const { inputShape: [height, width, channels] } = description;
  const { data } = examples;
  const size = height * width * channels;
  const scales = scalesOf(data, description);
  const values = into?.subarray(0, indices.length * size) ?? new Float32Array(indices.length * size);
  // An image of pixels of value 0, before normalization.
  const black = new Float32Array(placementOf ? size : 0);
  copy(new Uint8Array(black.length), 0, { values: black, offset: 0, size: black.length, scales });
  for (let i = 0; i < indices.length; i++) {
    const start = indices[i]! * size;
    const placement = placementOf?.(indices[i]!);
    if (placement === undefined) copy(data, start, { values, offset: i * size, size, scales });
    else place(data.subarray(start, start + size), values.subarray(i * size, (i + 1) * size), { shape: description.inputShape, placement, scales, black });
  }
  return tf.tensor4d(values, [indices.length, height, width, channels]);
}

/** One for all channels, or one for each. */
function scalesOf(data: Examples['data'], description: NetworkDescription): Scale[] {
  const unit = data instanceof Uint8Array ? 255 : 1;
  const scales = channelNormalization(description).map(({ mean, standardDeviation }) => ({ factor: 1 / (unit * standardDeviation), shift: mean / standardDeviation }));
  return scales.every(({ factor, shift }) => factor === scales[0]!.factor && shift === scales[0]!.shift) ? scales.slice(0, 1) : scales;
}

/** A channel at a time: an inner loop over the channels of each pixel takes twice as long. */
function copy(data: Examples['data'], start: number, { values, offset, size, scales }: { values: Float32Array; offset: number; size: number; scales: readonly Scale[] }): void {
  const stride = scales.length;
  for (let k = 0; k < stride; k++) {
    const { factor, shift } = scales[k]!;
    let from = start + k;
    for (let to = offset + k; to < offset + size; to += stride) {
      values[to] = data[from]! * factor - shift;
      from += stride;
    }
  }
}

function place(
  image: Examples['data'], target: Float32Array,
  { shape: [height, width, channels], placement: { isFlipped, down, right }, scales, black }: { shape: NetworkDescription['inputShape']; placement: Placement; scales: readonly Scale[]; black: Float32Array },
): void {
  const [left, end] = [Math.max(0, right), Math.min(width, width + right)];
  const firstColumn = isFlipped ? width - 1 - (left - right) : left - right;
  const step = isFlipped ? -channels : channels;
  target.set(black);
  for (let k = 0; k < channels; k++) {
    const { factor, shift } = scales[scales.length === 1 ? 0 : k]!;
    for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
      let from = ((y - down) * width + firstColumn) * channels + k;
      for (let to = (y * width + left) * channels + k; to < (y * width + end) * channels; to += channels) {
        target[to] = image[from]! * factor - shift;
        from += step;
      }
    }
  }
}
