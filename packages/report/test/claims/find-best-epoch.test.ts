import { describe, expect, test } from '@jest/globals';
import type { HistoryRow } from '@memgeo/artifacts';
import { findBestEpoch } from '../../src/index.js';

const row = (epoch: number, accuracy: number, set = 'test'): HistoryRow => ({ epoch, set, examples: 100, loss: 1, accuracy, learningRate: 0.1 });

describe('findBestEpoch()', () => {
  test('takes the first of equal accuracies, of the test set alone, and ignores NaN', () => {
    expect(findBestEpoch([row(0, 0.1), row(5, 0.8), row(3, 0.8), row(6, Number.NaN), row(7, 0.9, 'unpermuted')])).toBe(3);
  });

  test('goes by the mean where there are several runs', () => {
    expect(findBestEpoch([row(1, 0.9), row(2, 0.7), row(1, 0.5), row(2, 0.8)])).toBe(2);
  });

  test('is undefined without test rows', () => {
    expect(findBestEpoch([row(1, 0.5, 'permuted')])).toBeUndefined();
  });
});
