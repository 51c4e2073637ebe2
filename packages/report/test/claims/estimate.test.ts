import { difference, fromAccuracy, fromError, greatest, least, magnitude, meanOf, ratio } from '../../src/claims/estimate.js';
import { NotMeasured } from '../../src/claims/not-measured.js';
import { repeatInterval } from '../../src/claims/repeat-interval.js';

// Newcombe, Statistics in Medicine 17 (1998), table I of pp. 857-872: Wilson's interval without continuity correction.
test.each([[81, 263, 0.2553, 0.3662], [15, 148, 0.0624, 0.1605], [0, 20, 0, 0.1611], [1, 29, 0.0061, 0.1718]])('fromAccuracy() of %i in %i is as published', (count, examples, lower, upper) => {
  const estimate = fromAccuracy(count / examples, examples);
  expect(estimate.value).toBe(count / examples);
  expect(estimate.lower).toBeCloseTo(lower, 4);
  expect(estimate.upper).toBeCloseTo(upper, 4);
});

// The same, pp. 873-890, table II, method 10.
test('difference() of two accuracies, 56/70 and 48/80, is as published', () => {
  const { value, lower, upper } = difference(fromAccuracy(56 / 70, 70), fromAccuracy(48 / 80, 80));
  expect(value).toBeCloseTo(0.2, 12);
  expect(lower).toBeCloseTo(0.0524, 4);
  expect(upper).toBeCloseTo(0.3339, 4);
});

test('difference() and ratio() of even intervals are the delta method', () => {
  const [a, b] = [fromError(6, 0.3), fromError(2, 0.4)];
  expect(difference(a, b).upper! - 4).toBeCloseTo(1.959964 * 0.5, 12);
  // Relative errors 0.05 and 0.2.
  expect(3 - ratio(a, b).lower!).toBeCloseTo(3 * 1.959964 * Math.hypot(0.05, 0.2), 12);
});

test('magnitude() of an interval around 0 begins at 0, of a negative one it turns', () => {
  expect(magnitude(fromError(-1, 1))).toMatchObject({ value: 1, lower: 0 });
  expect(magnitude({ ...fromError(-3, null), lower: -4, upper: -2.5 })).toMatchObject({ value: 3, lower: 2.5, upper: 4 });
});

test('greatest() is as unsure as the most unsure that could be the greatest, and least() is its mirror', () => {
  const [sure, unsure] = [{ ...fromError(2, null), lower: 1.9, upper: 2.1, layers: ['a'] }, { ...fromError(1, null), lower: -1, upper: 3, layers: ['b'] }];
  expect(greatest([unsure, sure])).toMatchObject({ value: 2, lower: 1.9, upper: 3, layers: ['a'] });
  expect(least([unsure, sure])).toMatchObject({ value: 1, lower: -1, upper: 2.1, layers: ['b'] });
});

test('an unknown error stays unknown in whatever is made of it', () => {
  const [known, unknown] = [fromError(2, 0.1), fromError(1, null)];
  for (const made of [difference(known, unknown), ratio(known, unknown), meanOf([known, unknown]), greatest([known, unknown])]) expect(made).toMatchObject({ lower: null, upper: null });
});

test('what is no number and what would be divided by zero is not measured', () => {
  expect(() => fromError(Number.NaN, 1)).toThrow(NotMeasured);
  expect(() => ratio(fromError(1, 1), fromError(0, 1))).toThrow(NotMeasured);
});

test('repeatInterval() of two values is 12.7 half-distances wide to each side, of equal values it is that value', () => {
  const { value, lower, upper } = repeatInterval([1, 3]);
  expect(value).toBe(2);
  expect([lower, upper]).toEqual([expect.closeTo(2 - 12.7062, 4), expect.closeTo(2 + 12.7062, 4)]);
  expect(repeatInterval([0.1, 0.1, 0.1])).toEqual({ value: 0.1, lower: 0.1, upper: 0.1 });
  expect(repeatInterval([5])).toEqual({ value: 5, lower: null, upper: null });
});

// Quantiles of any table: t(0.975) for 2 and 30 degrees of freedom.
test.each([[3, 4.3027], [31, 2.0423]])('repeatInterval() of %i values uses the quantile %d', (count, quantile) => {
  const values = Array.from({ length: count }, (_, i) => i);
  const deviation = Math.sqrt(values.reduce((sum, each) => sum + (each - (count - 1) / 2) ** 2, 0) / (count - 1));
  const { value, upper } = repeatInterval(values);
  expect((upper! - value) * Math.sqrt(count) / deviation).toBeCloseTo(quantile, 3);
});
