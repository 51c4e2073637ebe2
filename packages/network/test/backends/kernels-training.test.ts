import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { normalizeBatch } from '../../src/backends/batch-norm.js';
import { openBackend } from '../../src/backends/open-backend.js';
import { takeAdamStep, takeMomentumStep } from '../../src/backends/optimizer-kernels.js';
import { normal, relativeError } from './kernels-check.js';

beforeAll(() => openBackend('wasm'));

describe('steps of optimizers in one pass are what their formulas say', () => {
  const size = 1003;
  const variableOf = (values: Float32Array) => tf.tidy(() => tf.variable(tf.tensor1d(values)));

  test.each([false, true])('momentum, Nesterov %j', async (isNesterov) => {
    const [p, g, v] = [normal([size]), normal([size]), normal([size])];
    const [variable, velocity, gradient] = [variableOf(p), variableOf(v), tf.tensor1d(g)];
    expect(takeMomentumStep(variable, gradient, velocity, { learningRate: 0.1, momentum: 0.9, weightDecay: 0.01, isNesterov })).toBe(true);
    const decayed = Float64Array.from(g, (value, i) => value + 0.01 * p[i]!);
    const next = Float64Array.from(v, (value, i) => 0.9 * value + decayed[i]!);
    expect(relativeError(await velocity.data() as Float32Array, next)).toBeLessThan(1e-6);
    expect(relativeError(await variable.data() as Float32Array, p.map((value, i) => value - 0.1 * (isNesterov ? decayed[i]! + 0.9 * next[i]! : next[i]!)))).toBeLessThan(1e-6);
    tf.dispose([variable, velocity, gradient]);
  });

  test('Adam', async () => {
    const [p, g, m, s] = [normal([size]), normal([size]), normal([size]), normal([size]).map(Math.abs)];
    const [variable, gradient, first, second] = [variableOf(p), tf.tensor1d(g), variableOf(m), variableOf(s)];
    const step = { momentum: 0.9, secondMomentum: 0.999, epsilon: 1e-8, rate: 0.01, correction: 0.5, keep: 0.99 };
    expect(takeAdamStep(variable, gradient, [first, second], step)).toBe(true);
    const nextFirst = Float64Array.from(m, (value, i) => 0.9 * value + 0.1 * g[i]!);
    const nextSecond = Float64Array.from(s, (value, i) => 0.999 * value + 0.001 * g[i]! ** 2);
    expect(relativeError(await first.data() as Float32Array, nextFirst)).toBeLessThan(1e-6);
    expect(relativeError(await second.data() as Float32Array, nextSecond)).toBeLessThan(1e-6);
    expect(relativeError(await variable.data() as Float32Array, Float64Array.from(p, (value, i) => 0.99 * value - (0.01 * nextFirst[i]!) / (Math.sqrt(nextSecond[i]! / 0.5) + 1e-8)))).toBeLessThan(1e-6);
    tf.dispose([variable, gradient, first, second]);
  });
});

test('a copy of a tensor outlives it, and takes no memory', async () => {
  const x = tf.tensor1d([1, 2, 3]);
  const before = tf.backend().numDataIds();
  const copy = tf.clone(x);
  expect(tf.backend().numDataIds()).toBe(before);
  x.dispose();
  expect([...await copy.data()]).toEqual([1, 2, 3]);
  copy.dispose();
});

test('1,000 steps of training leave tensors, data and the memory of the backend as they were', async () => {
  const backend = tf.backend() as unknown as { numDataIds(): number; wasm: { asm: { memory: WebAssembly.Memory } } };
  const variable = (shape: number[]) => tf.tidy(() => tf.variable(tf.tensor(normal(shape).map((value) => value / 10), shape)));
  const parameters = [[3, 3, 3, 8], [8], [8], [3, 3, 8, 16], [1, 1, 8, 16], [16, 4], [4]].map(variable);
  const velocities = parameters.map(({ shape }) => variable(shape));
  const images = tf.tensor4d(normal([4, 9, 9, 3]), [4, 9, 9, 3]);
  const step = () => tf.tidy(() => {
    const [stem, scale, offset, wide, short, dense, bias] = parameters as unknown as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor4D, tf.Tensor4D, tf.Tensor2D, tf.Tensor1D];
    const { grads } = tf.variableGrads(() => {
      const { output, mean, variance } = normalizeBatch(tf.conv2d(images, stem, 1, 'same'), scale, offset, { isRectified: true });
      tf.dispose([mean, variance]);
      const pooled = tf.maxPool(output as tf.Tensor4D, 3, 2, 'valid');
      const sum = tf.relu(tf.add(tf.maxPool(tf.conv2d(pooled, wide, 1, 'same'), 2, 2, 'valid'), tf.conv2d(pooled, short, 2, 'valid')));
      return tf.mean(tf.square(tf.add(tf.matMul(tf.mean(sum, [1, 2]), dense), bias))) as tf.Scalar;
    }, parameters);
    parameters.forEach((parameter, i) => takeMomentumStep(parameter, grads[parameter.name]!, velocities[i]!, { learningRate: 1e-3, momentum: 0.9, weightDecay: 1e-3, isNesterov: false }));
  });
  const state = () => ({ tensors: tf.memory().numTensors, bytes: tf.memory().numBytes, data: backend.numDataIds(), heap: backend.wasm.asm.memory.buffer.byteLength });
  for (let i = 0; i < 20; i++) step();
  const before = state();
  for (let i = 0; i < 1000; i++) step();
  expect(state()).toEqual(before);
  tf.dispose([...parameters, ...velocities, images]);
});
