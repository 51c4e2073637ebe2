import type { HistoryRow } from '@memgeo/artifacts';
import { interpolationWidth, widthOf, widthResults } from '../../src/rows/width-sweep.js';

const row = (width: number | string, seed: number, set: string, examples: number, accuracy: number, epoch = 9): HistoryRow & { coordinates: { width: number | string; seed: number } } => ({
  epoch, set, examples, loss: 1, accuracy, learningRate: 0.1, coordinates: { width, seed },
});

test('training accuracy is that of all training examples under the labels trained on, averaged over seeds', () => {
  const [result] = widthResults([
    row(8, 1, 'unpermuted', 300, 0.9), row(8, 1, 'permuted', 100, 0.5), row(8, 1, 'restored', 100, 0), row(8, 1, 'test', 50, 0.6),
    row(8, 2, 'unpermuted', 300, 1), row(8, 2, 'permuted', 100, 0.6), row(8, 2, 'restored', 100, 0), row(8, 2, 'test', 50, 0.8),
  ]);
  expect(result).toMatchObject({ width: 8, training: { repeats: 2 }, test: { repeats: 2 }, bestTest: null });
  expect(result!.training.value).toBeCloseTo((0.8 + 0.9) / 2, 12);
  expect(result!.test.value).toBeCloseTo(0.7, 12);
  expect(result!.test.spread).toBeCloseTo(0.1 * Math.SQRT2, 12);
});

test('each seed is taken at its last epoch, and for the best at its own best epoch', () => {
  const [result] = widthResults([row(8, 1, 'test', 50, 0.9, 2), row(8, 1, 'test', 50, 0.5, 9), row(8, 2, 'test', 50, 0.4, 2), row(8, 2, 'test', 50, 0.7, 7)]);
  expect(result!.test.value).toBeCloseTo(0.6, 12);
  expect(result!.bestTest!.value).toBeCloseTo(0.8, 12);
  expect(result!.training.value).toBeNull();
});

test('the interpolation width is the first whose training accuracy is above 0.95', () => {
  const at = (accuracies: readonly number[]): number | undefined => interpolationWidth(widthResults(accuracies.map((accuracy, index) => row(2 ** (index + 2), 1, 'unpermuted', 100, accuracy))));
  expect(at([0.5, 0.95, 0.96, 0.94, 1])).toBe(16);
  expect(at([0.5, 0.95])).toBeUndefined();
  expect(at([])).toBeUndefined();
});

test('widths are sorted as numbers, and rows without one belong to no sweep', () => {
  expect(widthResults([row('64', 1, 'test', 9, 0.5), row(8, 1, 'test', 9, 0.5)]).map(({ width }) => width)).toEqual([8, 64]);
  expect(widthOf({})).toBeUndefined();
  expect(widthOf({ coordinates: { width: 'wide' } })).toBeUndefined();
});
