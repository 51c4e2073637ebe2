import { describe, expect, test } from '@jest/globals';
import { randomStream } from '@memgeo/numerics';
import { weightDistance } from '../../src/index.js';

const draw = (name: string) => [7, 12].map((length, i) => randomStream(1, name, i).fillNormal(new Float32Array(length)));
const scale = (tensors: Float32Array[], factor: number) => tensors.map((tensor) => tensor.map((value) => factor * value));

describe('weightDistance()', () => {
  const [weights, initial] = [draw('now'), draw('then')];

  test('of weights that have not moved is 0, at cosine 1', () => {
    expect(weightDistance(initial, initial)).toMatchObject({ distance: 0, relativeDistance: 0, cosine: 1, parameters: 19 });
  });

  test('of orthogonal weights of one length is root 2 relative to it', () => {
    const { distance, relativeDistance, cosine } = weightDistance([Float32Array.of(0, 3)], [Float32Array.of(3, 0)]);
    expect([distance, relativeDistance, cosine]).toEqual([Math.sqrt(18), Math.SQRT2, 0]);
  });

  test('grows with the scale of weights; relative distance and cosine do not', () => {
    const [once, eightfold] = [weightDistance(weights, initial), weightDistance(scale(weights, 8), scale(initial, 8))];
    expect(eightfold).toEqual({ ...once, distance: 8 * once.distance });
  });

  test('obeys the law of cosines over all tensors together', () => {
    const { relativeDistance, cosine } = weightDistance(scale(initial, 3).map((tensor, i) => tensor.map((value, j) => value + weights[i]![j]!)), initial);
    const grown = weightDistance(scale(initial, 3).map((tensor, i) => tensor.map((value, j) => value + weights[i]![j]!)), initial.map((tensor) => new Float32Array(tensor.length)));
    const length = Math.sqrt(initial.flatMap((tensor) => [...tensor]).reduce((sum, value) => sum + value * value, 0));
    const ratio = grown.distance / length;
    expect(relativeDistance).toBeCloseTo(Math.sqrt(1 + ratio ** 2 - 2 * ratio * cosine!), 10);
  });

  test('has no relative distance or cosine from weights of zero', () => {
    expect(weightDistance([Float32Array.of(3, 4)], [new Float32Array(2)])).toEqual({ distance: 5, relativeDistance: null, cosine: null, parameters: 2 });
  });
});
