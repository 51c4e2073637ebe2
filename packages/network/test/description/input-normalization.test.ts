import { describe, expect, test } from '@jest/globals';
import { channelNormalization, type InputNormalization } from '../../src/index.js';

const inputShape = [4, 4, 3] as const;

describe('channelNormalization()', () => {
  test('repeats one number for all channels, and takes lists as they are', () => {
    expect(channelNormalization({ inputShape, normalization: { mean: 0.5, standardDeviation: [0.1, 0.2, 0.3] } }))
      .toEqual([{ mean: 0.5, standardDeviation: 0.1 }, { mean: 0.5, standardDeviation: 0.2 }, { mean: 0.5, standardDeviation: 0.3 }]);
  });

  test.each<[string, InputNormalization]>([
    ['a list of another length', { mean: [0.1, 0.2], standardDeviation: 1 }],
    ['a list of one', { mean: 0, standardDeviation: [1] }],
    ['a deviation of 0', { mean: 0, standardDeviation: [1, 0, 1] }],
    ['a deviation below 0', { mean: 0, standardDeviation: -1 }],
    ['what is no number', { mean: [0, NaN, 0], standardDeviation: 1 }],
    ['a deviation without end', { mean: 0, standardDeviation: Infinity }],
  ])('refuses %s', (_, normalization) => {
    expect(() => channelNormalization({ inputShape, normalization })).toThrow(RangeError);
    expect(() => channelNormalization({ inputShape, normalization })).toThrow('must each be a finite number or a list of 3, one for each channel, and deviations above 0; got ');
  });
});
