import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { randomStream } from '@memgeo/numerics';
import { dropoutMasks, openBackend } from '../../src/index.js';
import { crossEntropy } from '../../src/training/cross-entropy.js';

beforeAll(() => openBackend('wasm'));

describe('label smoothing', () => {
  const labels = [2, 0, 1];
  const logits = randomStream(1, 'logits').fillNormal(new Float32Array(12));
  const logProbability = (row: number, k: number): number => logits[row * 4 + k]! - Math.log([0, 1, 2, 3].reduce((sum, j) => sum + Math.exp(logits[row * 4 + j]!), 0));
  const target = (row: number, k: number, share: number): number => share / 4 + (labels[row] === k ? 1 - share : 0);

  test.each([0, 0.1, 0.7])('of %p is the cross-entropy with targets mixed with the uniform ones, and its gradient is probabilities minus targets', async (labelSmoothing) => {
    const { value, grads: [gradient] } = tf.valueAndGrads((x) => crossEntropy(x as tf.Tensor2D, labels, { labelSmoothing }))([tf.tensor2d(logits, [3, 4])]);
    const expected = [0, 1, 2].reduce((sum, row) => sum - [0, 1, 2, 3].reduce((own, k) => own + target(row, k, labelSmoothing) * logProbability(row, k), 0) / 3, 0);
    expect((await value.data())[0]).toBeCloseTo(expected, 5);
    (await gradient!.data()).forEach((slope, i) => {
      const [row, k] = [Math.floor(i / 4), i % 4];
      expect(slope).toBeCloseTo((Math.exp(logProbability(row, k)) - target(row, k, labelSmoothing)) / 3, 5);
    });
    tf.dispose([value, gradient!]);
  });
});

describe('dropout masks', () => {
  const rate = 0.3;
  const draw = (step: number, name: string): Float32Array => dropoutMasks(randomStream(1, 'dropout').fork(step))({ name, rate }, [100, 100]);

  test('drop the share asked for and keep the mean', () => {
    const mask = draw(0, 'dense1.dropout');
    const kept = mask.filter((factor) => factor > 0);
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / 0.7)]));
    // 5 standard errors of a share of 10,000.
    expect(Math.abs(kept.length / mask.length - 0.7)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / 10000));
  });

  test('are a function of step and layer', () => {
    expect(draw(3, 'dense1.dropout')).toEqual(draw(3, 'dense1.dropout'));
    expect(draw(3, 'dense1.dropout')).not.toEqual(draw(4, 'dense1.dropout'));
    expect(draw(3, 'dense1.dropout')).not.toEqual(draw(3, 'dense2.dropout'));
  });
});
