import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { normalizeBatch } from '../../src/backends/batch-norm.js';
import { openBackend } from '../../src/backends/open-backend.js';
import { check, gradients, normal } from './kernels-check.js';

beforeAll(() => openBackend('wasm'));
afterEach(async () => { await tf.setBackend('wasm'); });

describe('gradients on wasm agree with cpu and with finite differences', () => {
  test.each([
    [[2, 6, 5, 3], [3, 3, 3, 4], 1, 'same'], [[3, 7, 7, 1], [3, 3, 1, 8], 1, 'same'], [[2, 8, 6, 8], [3, 3, 8, 12], 1, 'valid'],
    [[2, 7, 9, 5], [3, 3, 5, 9], 2, 'same'], [[1, 6, 6, 4], [1, 1, 4, 16], 1, 'same'], [[2, 6, 6, 2], [2, 2, 2, 3], 2, 'valid'],
    [[2, 9, 9, 2], [5, 5, 2, 3], 1, 'same'], [[2, 9, 8, 4], [1, 1, 4, 8], 2, 'same'],
  ] as [number[], number[], number, 'same' | 'valid'][])('convolution of %j with %j, stride %d, %s', async (x, filter, stride, pad) => {
    const f = (a: tf.Tensor, b: tf.Tensor) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad);
    const output = tf.tidy(() => f(tf.zeros(x), tf.zeros(filter)).shape);
    await check(f as never, [x, filter], output, { isSmooth: true });
  });

  test.each([[false, false], [true, false], [false, true], [true, true]])('matrix product with transposes %j, %j', async (transposeA, transposeB) => {
    for (const [m, k, n] of [[5, 7, 3], [40, 36, 44], [1, 9, 17]] as const) {
      const f = (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, transposeA, transposeB);
      await check(f as never, [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n]], [m, n], { isSmooth: true });
    }
  });

  test.each([[[2, 6, 6, 3], 2, 2, 'valid'], [[2, 7, 7, 3], 2, 2, 'valid'], [[1, 7, 6, 2], 3, 2, 'same'], [[1, 6, 6, 5], 3, 1, 'same']] as [number[], number, number, 'same' | 'valid'][])(
    'max pooling of %j by %d, stride %d, %s', async (x, size, stride, pad) => {
      const f = (a: tf.Tensor) => tf.maxPool(a as tf.Tensor4D, size, stride, pad);
      const output = tf.tidy(() => f(tf.zeros(x)).shape);
      await check(f as never, [x], output, { isSmooth: false });
    });

  test('max pooling of negative values sends each gradient to its maximum', async () => {
    const [gradient] = await gradients('wasm', (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'), [{ data: Float32Array.of(-4, -1, -3, -2), shape: [1, 2, 2, 1] }], Float32Array.of(5));
    expect([...gradient!]).toEqual([0, 5, 0, 0]);
  });

  test.each([[[40, 8]], [[300, 5]], [[2, 5, 5, 6]]])('batch normalization of %j', async (shape) => {
    const f = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) => {
      const { output, mean, variance } = normalizeBatch(x, scale as tf.Tensor1D, offset as tf.Tensor1D);
      tf.dispose([mean, variance]);
      return output;
    };
    await check(f as never, [shape, [shape.at(-1)!], [shape.at(-1)!]], shape, { isSmooth: true });
  });
});

test('batch normalization gives columns of mean 0 and variance 1 far from the origin', () => {
  const x = normal([5000, 4]).map((value, i) => value * (1 + (i % 4)) + 30 * (i % 4));
  const { output, mean, variance } = normalizeBatch(tf.tensor2d(x, [5000, 4]), tf.ones([4]), tf.zeros([4]));
  const values = output.dataSync() as Float32Array;
  for (let c = 0; c < 4; c++) {
    const column = values.filter((_, i) => i % 4 === c);
    const average = column.reduce((sum, value) => sum + value, 0) / 5000;
    expect(Math.abs(average)).toBeLessThan(1e-5);
    expect(Math.abs(column.reduce((sum, value) => sum + (value - average) ** 2, 0) / 5000 - 1)).toBeLessThan(1e-4);
  }
  tf.dispose([output, mean, variance]);
});
