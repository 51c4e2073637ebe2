import fc from 'fast-check';
import type { LearningRow } from '@memgeo/artifacts';
import { fromAccuracy } from '../../src/claims/estimate.js';
import { repeatInterval } from '../../src/claims/repeat-interval.js';
import { countUpTo } from '../../src/learning/count-up-to.js';
import { meanOfImages, overRuns, shareOf } from '../../src/learning/interval.js';
import { learningRuns, learningSetOf } from '../../src/learning/learning-runs.js';
import { rocArea } from '../../src/learning/roc-area.js';

const image: LearningRow = { exampleId: 0, trueLabel: 1, assignedLabel: 1, isPermuted: false, epochs: 3, firstLearnedEpoch: 1, learnedForGoodEpoch: 1, forgettingEvents: 0, areaUnderMargin: 1, finalMargin: 1 };
const values = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 12 });
const run = { seed: 1, numRuns: 200 };

test('rocArea() is 1 where all of the first are larger, 0 where all are smaller, 0.5 where none differ', () => {
  expect(rocArea([3, 4, 5], [0, 2]).value).toBe(1);
  expect(rocArea([0, 2], [3, 4, 5]).value).toBe(0);
  expect(rocArea([1, 1], [1, 1, 1]).value).toBe(0.5);
  // Of six pairs, three are larger and one is equal.
  expect(rocArea([1, 3, 5], [2, 5]).value).toBe(2.5 / 6);
  expect(rocArea([1, 3, 5], [2, 3]).value).toBe(3.5 / 6);
});

test('rocArea() counts pairs, ties half', () => {
  fc.assert(fc.property(values, values, (first, second) => {
    const pairs = first.flatMap((a) => second.map((b): number => (a > b ? 1 : a === b ? 0.5 : 0)));
    expect(rocArea(first, second).value).toBeCloseTo(pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length, 12);
  }), run);
});

test('rocArea() of the groups exchanged is its complement, and no monotone change of values changes it', () => {
  fc.assert(fc.property(values, values, (first, second) => {
    const [area, exchanged] = [rocArea(first, second), rocArea(second, first)];
    expect(exchanged.value).toBeCloseTo(1 - area.value, 12);
    expect(exchanged.lower).toBeCloseTo(1 - area.upper!, 12);
    expect(rocArea(first.map(Math.exp), second.map(Math.exp))).toEqual(area);
  }), run);
});

test('the interval of rocArea() is Wilson\'s for one of each group, and has a width where all are told apart', () => {
  const { lower, upper } = fromAccuracy(1, 1);
  expect(rocArea([1], [0]).lower).toBeCloseTo(lower!, 12);
  expect(rocArea([1], [0]).upper).toBeCloseTo(upper!, 12);
  const all = rocArea(Array.from({ length: 30 }, (_, i) => 100 + i), Array.from({ length: 50 }, (_, i) => i));
  expect(all.upper).toBe(1);
  expect(all.lower).toBeGreaterThan(0.9);
  expect(all.lower).toBeLessThan(0.97);
});

test('the ends of the interval of rocArea() lie 1.96 of their own standard errors away from the area', () => {
  fc.assert(fc.property(values, values, (first, second) => {
    const [m, n] = [first.length, second.length];
    const { value, lower, upper } = rocArea(first, second);
    expect(lower).toBeLessThanOrEqual(value);
    expect(upper).toBeGreaterThanOrEqual(value);
    for (const end of [lower!, upper!]) {
      if (end <= 0 || end >= 1) continue;
      const variance = (end * (1 - end) * (1 + ((m + n) / 2 - 1) * ((1 - end) / (2 - end) + end / (1 + end)))) / (m * n);
      expect(Math.abs(value - end)).toBeCloseTo(1.959964 * Math.sqrt(variance), 9);
    }
  }), run);
});

test('countUpTo() counts what is at most the limit, ties and ends included', () => {
  expect([-1, 1, 2, 3, 9].map((limit) => countUpTo([1, 2, 2, 3], limit))).toEqual([0, 1, 3, 4, 4]);
  expect(countUpTo([], 1)).toBe(0);
});

test('a mean over images has a normal interval; over runs it is Student\'s, cut off where the number can\'t be', () => {
  // Deviations 1, 0, 1: standard error 1 / sqrt(3).
  expect(meanOfImages([1, 2, 3]).value).toBe(2);
  expect(meanOfImages([1, 2, 3]).upper).toBeCloseTo(2 + 1.959964 / Math.sqrt(3), 12);
  expect(meanOfImages([4])).toEqual({ value: 4, lower: null, upper: null });
  const one = shareOf(1, 4);
  expect(one.value).toBe(0.25);
  expect(overRuns([one], [0, 1])).toEqual(one);
  const three = overRuns([0.2, 0.3, 0.4].map((value) => ({ ...one, value })), [0, 1]);
  expect(three.lower).toBeCloseTo(repeatInterval([0.2, 0.3, 0.4]).lower!, 12);
  const two = overRuns([0.9, 1].map((value) => ({ ...one, value })), [0, 1]);
  expect([two.value.toFixed(9), two.upper]).toEqual(['0.950000000', 1]);
});

test('an image that was permuted and kept its label is in neither set', () => {
  expect(learningSetOf(image)).toBe('unpermuted');
  expect(learningSetOf({ ...image, isPermuted: true, assignedLabel: 2 })).toBe('permuted');
  expect(learningSetOf({ ...image, isPermuted: true })).toBeUndefined();
  const [first, second] = learningRuns([{ ...image, coordinates: { seed: 1 } }, { ...image, isPermuted: true, coordinates: { seed: 1 } }, { ...image, exampleId: 3, coordinates: { seed: 2 } }]);
  expect([first!.unpermuted.length, first!.permuted.length, second!.unpermuted[0]!.exampleId]).toEqual([1, 0, 3]);
});
