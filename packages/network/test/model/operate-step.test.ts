import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { randomStream } from '@memgeo/numerics';
import { openBackend } from '../../src/index.js';
import { convolve, operate } from '../../src/model/operate-step.js';
import type { Layer } from '../../src/index.js';

beforeAll(() => openBackend('wasm'));

const windows = fc.record({
  height: fc.integer({ min: 3, max: 11 }), width: fc.integer({ min: 3, max: 11 }), channels: fc.integer({ min: 1, max: 3 }),
  size: fc.integer({ min: 1, max: 5 }), stride: fc.integer({ min: 1, max: 3 }), padding: fc.integer({ min: 0, max: 2 }), seed: fc.integer({ min: 1, max: 1000 }),
}).filter(({ height, width, size, padding }) => Math.min(height, width) + 2 * padding >= size && 2 * padding <= size);
type Windows = typeof windows extends fc.Arbitrary<infer T> ? T : never;

const normal = (shape: number[], seed: number) => randomStream(seed, 'values').fillNormal(new Float32Array(shape.reduce((total, size) => total * size, 1)));

/** Visits each window as PyTorch places it: the first begins `padding` before the image. */
function eachWindow({ height, width, size, stride, padding }: Windows, visit: (output: number, place: readonly (readonly [kernel: number, pixel: number])[]) => void): [number, number] {
  const [rows, columns] = [height, width].map((length) => Math.floor((length + 2 * padding - size) / stride) + 1) as [number, number];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const place: [number, number][] = [];
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          const [y, x] = [r * stride - padding + i, c * stride - padding + j];
          if (y >= 0 && y < height && x >= 0 && x < width) place.push([i * size + j, y * width + x]);
        }
      }
      visit(r * columns + c, place);
    }
  }
  return [rows, columns];
}
function expectClose(actual: tf.Tensor, shape: number[], expected: ArrayLike<number>): void {
  expect(actual.shape).toEqual(shape);
  (actual.dataSync() as Float32Array).forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-5 * (1 + Math.abs(expected[i]!))));
}

describe('windows stand where PyTorch puts them, over images, sizes, strides and paddings', () => {
  test('of convolutions', () => {
    fc.assert(fc.property(windows, (about) => {
      const { height, width, channels, size, seed } = about;
      const [x, kernel] = [normal([height, width, channels], seed), normal([size, size, channels, 2], seed + 1)];
      const expected: number[] = [];
      const shape = eachWindow(about, (output, place) => {
        for (let k = 0; k < 2; k++) expected[2 * output + k] = place.reduce((sum, [at, pixel]) => sum + Array.from({ length: channels }, (_, c) => kernel[(at * channels + c) * 2 + k]! * x[pixel * channels + c]!).reduce((a, b) => a + b, 0), 0);
      });
      tf.tidy(() => expectClose(convolve(tf.tensor4d(x, [1, height, width, channels]), tf.tensor4d(kernel, [size, size, channels, 2]), about), [1, ...shape, 2], expected));
    }), { seed: 1, numRuns: 100 });
  });

  test('of maxima, of negative values too', () => {
    fc.assert(fc.property(windows, (about) => {
      const { height, width, channels, seed } = about;
      const x = normal([height, width, channels], seed).map((value) => value - 3);
      const expected: number[] = [];
      const shape = eachWindow(about, (output, place) => {
        for (let c = 0; c < channels; c++) expected[channels * output + c] = Math.max(...place.map(([, pixel]) => x[pixel * channels + c]!));
      });
      tf.tidy(() => expectClose(operate({ kind: 'pool', reduction: 'max', ...about } as unknown as Layer & { kind: 'pool' }, [tf.tensor4d(x, [1, height, width, channels])]), [1, ...shape, channels], expected));
    }), { seed: 1, numRuns: 100 });
  });

  test('of means', () => {
    fc.assert(fc.property(windows.map((about) => ({ ...about, padding: 0 })).filter(({ height, width, size }) => Math.min(height, width) >= size), (about) => {
      const { height, width, channels, seed } = about;
      const x = normal([height, width, channels], seed);
      const expected: number[] = [];
      const shape = eachWindow(about, (output, place) => {
        for (let c = 0; c < channels; c++) expected[channels * output + c] = place.reduce((sum, [, pixel]) => sum + x[pixel * channels + c]!, 0) / place.length;
      });
      tf.tidy(() => expectClose(operate({ kind: 'pool', reduction: 'mean', ...about } as unknown as Layer & { kind: 'pool' }, [tf.tensor4d(x, [1, height, width, channels])]), [1, ...shape, channels], expected));
    }), { seed: 1, numRuns: 100 });
  });
});
