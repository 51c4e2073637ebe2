import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { normalizeBatch } from '../../src/backends/batch-norm.js';
import { openBackend } from '../../src/backends/open-backend.js';
import { check, gradients, normal, relativeError } from './kernels-check.js';

beforeAll(() => openBackend('wasm'));
afterEach(async () => { await tf.setBackend('wasm'); });

const channels = fc.constantFrom(1, 3, 5, 8, 12, 16, 17);
const options = { seed: 1, numRuns: 20 };

describe('on random shapes gradients agree with cpu and with finite differences', () => {
  const padding = fc.constantFrom('same', 'valid', 'explicit');
  test('of convolutions', () => fc.assert(fc.asyncProperty(
    fc.integer({ min: 1, max: 3 }), fc.integer({ min: 3, max: 9 }), fc.integer({ min: 3, max: 9 }), channels, channels, fc.constantFrom(1, 2, 3, 3, 3), fc.constantFrom(1, 1, 2, 3), padding,
    async (batch, height, width, inChannels, outChannels, size, stride, pad) => {
      const place = pad === 'explicit' ? [[0, 0], [1, 0], [0, 2], [0, 0]] as tf.backend_util.ExplicitPadding : pad as 'same' | 'valid';
      const f = (x: tf.Tensor, filter: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, place);
      const shapes = [[batch, height, width, inChannels], [size, size, inChannels, outChannels]];
      await check(f as never, shapes, tf.tidy(() => f(tf.zeros(shapes[0]!), tf.zeros(shapes[1]!)).shape), { isSmooth: true });
    },
  ), options), 20_000);

  test('of convolutions of 3 x 3 with many channels', () => fc.assert(fc.asyncProperty(
    fc.integer({ min: 1, max: 2 }), fc.integer({ min: 2, max: 7 }), fc.integer({ min: 4, max: 7 }), fc.constantFrom(8, 12, 16, 20), fc.constantFrom(8, 12, 16, 20), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }),
    async (batch, height, width, inChannels, outChannels, before, after) => {
      const place: tf.backend_util.ExplicitPadding = [[0, 0], [before + 1, after], [after, before], [0, 0]];
      const f = (x: tf.Tensor, filter: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, place);
      const shapes = [[batch, height, width, inChannels], [3, 3, inChannels, outChannels]];
      await check(f as never, shapes, tf.tidy(() => f(tf.zeros(shapes[0]!), tf.zeros(shapes[1]!)).shape), { isSmooth: true });
    },
  ), options));

  test('of max pooling, whatever the signs', () => fc.assert(fc.asyncProperty(
    fc.integer({ min: 1, max: 3 }), fc.integer({ min: 3, max: 9 }), fc.integer({ min: 3, max: 9 }), channels, fc.constantFrom(2, 3), fc.constantFrom(1, 2, 2, 3), fc.constantFrom('same', 'valid'),
    async (batch, height, width, count, size, stride, pad) => {
      const f = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, size, stride, pad as 'same' | 'valid');
      const shape = [batch, height, width, count];
      await check(f as never, [shape], tf.tidy(() => f(tf.zeros(shape)).shape), { isSmooth: false });
    },
  ), options));

  test('of batch normalization, with and without rectifier', () => fc.assert(fc.asyncProperty(
    fc.integer({ min: 3, max: 300 }), channels, fc.boolean(),
    async (rows, count, isRectified) => {
      const f = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) => {
        const { output, mean, variance } = normalizeBatch(x, scale as tf.Tensor1D, offset as tf.Tensor1D, { isRectified });
        tf.dispose([mean, variance]);
        return output;
      };
      await check(f as never, [[rows, count], [count], [count]], [rows, count], { isSmooth: false });
    },
  ), options));

  test('of matrix products and rectified dense layers', () => fc.assert(fc.asyncProperty(
    fc.integer({ min: 1, max: 21 }), fc.constantFrom(1, 2, 7, 16, 511, 513, 1030), fc.integer({ min: 1, max: 21 }), fc.boolean(), fc.boolean(),
    async (m, k, n, transposeA, transposeB) => {
      const f = (a: tf.Tensor, b: tf.Tensor, bias: tf.Tensor) => tf.relu(tf.add(tf.matMul(a, b, transposeA, transposeB), bias));
      await check(f as never, [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n], [n]], [m, n], { isSmooth: false });
    },
  ), options));
});

test('a convolution of 3 x 3 is what its definition says, with bias and rectifier in one', () => fc.assert(fc.asyncProperty(
  fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 9 }), fc.integer({ min: 2, max: 9 }), fc.constantFrom(8, 12, 16, 20), fc.constantFrom(8, 12, 16, 20), fc.boolean(),
  async (batch, height, width, inChannels, outChannels, isRectified) => {
    const [x, filter, bias] = [normal([batch, height, width, inChannels]), normal([3, 3, inChannels, outChannels]), normal([outChannels])];
    const expected = new Float64Array(batch * height * width * outChannels).map((_, index) => {
      const [o, column, row, n] = [index % outChannels, Math.floor(index / outChannels) % width, Math.floor(index / outChannels / width) % height, Math.floor(index / outChannels / width / height)];
      let sum = bias[o]!;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          if (row + dy < 0 || row + dy >= height || column + dx < 0 || column + dx >= width) continue;
          for (let i = 0; i < inChannels; i++) {
            sum += x[((n * height + row + dy) * width + column + dx) * inChannels + i]! * filter[(((dy + 1) * 3 + dx + 1) * inChannels + i) * outChannels + o]!;
          }
        }
      }
      return isRectified ? Math.max(0, sum) : sum;
    });
    const output = tf.tidy(() => tf.fused.conv2d({
      x: tf.tensor4d(x, [batch, height, width, inChannels]), filter: tf.tensor4d(filter, [3, 3, inChannels, outChannels]), strides: 1, pad: 'same',
      bias: tf.tensor1d(bias), activation: isRectified ? 'relu' : 'linear',
    }));
    expect(relativeError(await output.data() as Float32Array, expected)).toBeLessThan(1e-6);
    output.dispose();
  },
), options));

test.each([[3, 29, 8, 12, 3, 1], [5, 8, 64, 72, 3, 1], [2, 9, 40, 24, 3, 2], [2, 16, 12, 8, 1, 2]])(
  'the gradients of a convolution are its adjoints: %d images of %d, %d to %d channels, filter %d, stride %d', async (batch, size, inChannels, outChannels, filterSize, stride) => {
    const [xShape, filterShape] = [[batch, size, size, inChannels], [filterSize, filterSize, inChannels, outChannels]];
    const f = (x: tf.Tensor, filter: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, 'same');
    const [x, filter] = [normal(xShape), normal(filterShape)];
    const output = tf.tidy(() => f(tf.tensor(x, xShape), tf.tensor(filter, filterShape)));
    const y = await output.data() as Float32Array;
    const weights = normal(output.shape);
    const [dx, dFilter] = await gradients('wasm', f as never, [{ data: x, shape: xShape }, { data: filter, shape: filterShape }], weights);
    const inner = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    const scale = Math.sqrt(inner(weights, weights) * inner(y, y));
    expect(Math.abs(inner(dx!, x) - inner(weights, y))).toBeLessThan(1e-6 * scale);
    expect(Math.abs(inner(dFilter!, filter) - inner(weights, y))).toBeLessThan(1e-6 * scale);
    output.dispose();
  });

test('sums over the first axes are those over the rows of a matrix, to float32', () => fc.assert(fc.asyncProperty(
  fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 2, maxLength: 4 }), fc.integer({ min: 1, max: 3 }), fc.boolean(),
  async (shape, count, keepDims) => {
    const axes = Array.from({ length: Math.min(count, shape.length - 1) }, (_, i) => i);
    const values = normal(shape);
    const columns = shape.slice(axes.length).reduce((product, size) => product * size, 1);
    const expected = new Float64Array(columns);
    values.forEach((value, i) => { expected[i % columns]! += value; });
    const sum = tf.tidy(() => tf.sum(tf.tensor(values, shape), axes, keepDims));
    expect(sum.shape).toEqual([...(keepDims ? axes.map(() => 1) : []), ...shape.slice(axes.length)]);
    const actual = await sum.data() as Float32Array;
    expect(Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)))).toBeLessThan(1e-5);
    sum.dispose();
  },
), options));

test('a sum of a million small numbers and a large one keeps the small ones', async () => {
  const values = new Float32Array(2_000_000).fill(1e-3);
  values[0] = 1e4;
  const sum = tf.tidy(() => tf.sum(tf.tensor2d(values, [1_000_000, 2]), 0));
  const [first] = await sum.data();
  // In float32 alone each 1e-3 would vanish beside 1e4 in part: 1 % of the sum.
  expect(Math.abs(first! - (1e4 + 999.999))).toBeLessThan(0.05);
  sum.dispose();
});

describe('numbers that are none', () => {
  test('a rectifier passes the gradient at NaN, and none at 0 and -0', async () => {
    const [gradient] = await gradients('wasm', (x) => tf.relu(x!), [{ data: Float32Array.of(NaN, 0, -0, 2, -2), shape: [5] }], Float32Array.of(1, 2, 3, 4, 5));
    expect([...gradient!]).toEqual([1, 0, 0, 4, 0]);
  });

  test('a NaN in an image reaches every output it is read for, and no other image', async () => {
    const x = normal([2, 6, 6, 8]);
    x[0] = NaN;
    const output = tf.tidy(() => tf.conv2d(tf.tensor4d(x, [2, 6, 6, 8]), tf.tensor4d(normal([3, 3, 8, 8]), [3, 3, 8, 8]), 1, 'same'));
    const values = await output.data() as Float32Array;
    for (const [row, column] of [[0, 0], [0, 1], [1, 0], [1, 1]] as const) expect(values[(6 * row + column) * 8]).toBeNaN();
    expect(values.subarray(values.length / 2).every(Number.isFinite)).toBe(true);
    output.dispose();
  });

  test('pooling sends the gradient of equal values to the first of them', async () => {
    const [gradient] = await gradients('wasm', (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'), [{ data: new Float32Array(16).fill(-0), shape: [1, 2, 2, 4] }], Float32Array.of(1, 2, 3, 4));
    expect([...gradient!]).toEqual([1, 2, 3, 4, ...new Array(12).fill(0)]);
  });
});

test('a constant channel and a single row are normalized to their offset', async () => {
  for (const rows of [1, 200]) {
    const { output, mean, variance } = normalizeBatch(tf.fill([rows, 5], 0.1), tf.ones([5]), tf.fill([5], 0.5));
    for (const value of await output.data()) expect(Math.abs(value - 0.5)).toBeLessThan(1e-5);
    expect(Math.max(...await variance.data())).toBeLessThan(1e-12);
    tf.dispose([output, mean, variance]);
  }
});
