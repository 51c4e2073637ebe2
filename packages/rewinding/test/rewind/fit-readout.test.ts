import { describe, expect, test } from '@jest/globals';
import { randomStream } from '@memgeo/numerics';
import { applyReadout, fitReadout } from '../../src/index.js';

describe('fitReadout()', () => {
  test('on two points solves ridge regression in closed form', () => {
    // Centered features -1 and 1, scatter 2, penalty 0.02: the slope of the targets 0 and 1 is 1 / 2.02.
    const { weights, bias } = fitReadout(Float32Array.of(4, 6), { labels: [0, 1], classCount: 2 });
    expect(weights[1]).toBeCloseTo(1 / 2.02, 10);
    expect(weights[0]).toBeCloseTo(-1 / 2.02, 10);
    expect(bias[1]).toBeCloseTo(0.5 - 5 / 2.02, 10);
  });

  test('classifies what a hyperplane separates, wherever the features lie', () => {
    const random = randomStream(1, 'features');
    const labels = Array.from({ length: 90 }, (_, i) => i % 3);
    const features = (shift: number) => Float32Array.from({ length: 90 * 5 }, (_, i) => shift + (labels[Math.floor(i / 5)] === i % 5 ? 3 : 0) + 0.3 * random.nextNormal());
    for (const shift of [0, 40]) {
      const points = features(shift);
      const scores = applyReadout(fitReadout(points, { labels, classCount: 3 }), points);
      expect(labels.map((_, i) => scores.subarray(3 * i, 3 * i + 3).indexOf(Math.max(...scores.subarray(3 * i, 3 * i + 3))))).toEqual(labels);
    }
  });

  test('scores of the classes sum to 1, with features that repeat each other or fewer examples than features too', () => {
    const features = Array.from(randomStream(2, 'few').fillNormal(new Float32Array(6 * 4))).flatMap((value) => [value, value]);
    const scores = applyReadout(fitReadout(Float32Array.from(features), { labels: [0, 1, 2, 0, 1, 2], classCount: 3 }), Float32Array.from(features));
    for (let i = 0; i < 6; i++) expect(scores[3 * i]! + scores[3 * i + 1]! + scores[3 * i + 2]!).toBeCloseTo(1, 5);
  });

  test('refuses constant features', () => {
    expect(() => fitReadout(new Float32Array(6).fill(2), { labels: [0, 1, 0], classCount: 2 })).toThrow(/must differ between examples/);
  });
});
