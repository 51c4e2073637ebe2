import type { RandomStream } from '../random/random-stream.js';

/**
 * Makes a random projection of vectors that keeps squared norms and distances in expectation: the subsampled randomized
 * Hadamard transform [tropp2011improved].
 *
 * Random signs, a Walsh-Hadamard transform of the vector padded with zeros to a power of two, and a random choice of
 * coordinates. It costs length x log(length) a vector where a Gaussian matrix costs length x kept. Relative errors of squared
 * distances are about sqrt(2 / kept).
 *
 * @param options.kept  Coordinates to keep, at most `length`.
 * @param options.random  Stream of randomness; the same stream gives the same projection.
 * @returns a function that projects one vector into target[offset .. offset + kept).
 * @throws RangeError if kept is not a whole number in [1, length].
 */
export function hadamardProjection(
  length: number, { kept, random }: { kept: number; random: RandomStream },
): (vector: ArrayLike<number>, target: Float64Array, offset: number) => void {
  if (!Number.isInteger(kept) || kept < 1 || kept > length) throw new RangeError(`hadamardProjection: kept must be a whole number in [1, ${length}]; got ${kept}.`);
  const size = 2 ** Math.ceil(Math.log2(length));
  const signs = Float64Array.from({ length }, () => (random.nextUint32() & 1 ? 1 : -1));
  const chosen = random.shuffle(Array.from({ length: size }, (_, i) => i)).slice(0, kept);
  const scale = 1 / Math.sqrt(kept);
  const buffer = new Float64Array(size);
  return (vector, target, offset) => {
    for (let i = 0; i < length; i++) buffer[i] = signs[i]! * vector[i]!;
    buffer.fill(0, length);
    transform(buffer);
    for (let i = 0; i < kept; i++) target[offset + i] = scale * buffer[chosen[i]!]!;
  };
}

/** The Walsh-Hadamard transform in place, not normalized: two levels at a time, so that values are loaded half as often. */
function transform(values: Float64Array): void {
  let half = 1;
  for (; 4 * half <= values.length; half *= 4) {
    for (let start = 0; start < values.length; start += 4 * half) {
      for (let i = start; i < start + half; i++) {
        const sum = values[i]! + values[i + half]!;
        const difference = values[i]! - values[i + half]!;
        const otherSum = values[i + 2 * half]! + values[i + 3 * half]!;
        const otherDifference = values[i + 2 * half]! - values[i + 3 * half]!;
        values[i] = sum + otherSum;
        values[i + half] = difference + otherDifference;
        values[i + 2 * half] = sum - otherSum;
        values[i + 3 * half] = difference - otherDifference;
      }
    }
  }
  if (half < values.length) {
    for (let i = 0; i < half; i++) {
      const [first, second] = [values[i]!, values[i + half]!];
      values[i] = first + second;
      values[i + half] = first - second;
    }
  }
}
