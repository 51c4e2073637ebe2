import { expect, test } from '@jest/globals';
import { randomStream } from '@memgeo/numerics';
import { bootstrapMean, drawResamples } from '../../src/statistics/bootstrap.js';
import { exactly, jackknifeError, meanOf } from '../../src/statistics/estimate.js';

test('meanOf() gives mean and standard error, and no error for one value', () => {
  expect(meanOf([1, 2, 3, 4])).toEqual({ value: 2.5, standardError: Math.sqrt(5 / 3 / 4) });
  expect(meanOf([7])).toEqual({ value: 7, standardError: Number.NaN });
  expect(exactly(3)).toEqual({ value: 3, standardError: Number.NaN });
});

test('the jackknife of a mean is its standard error', () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  const total = values.reduce((sum, x) => sum + x, 0);
  expect(jackknifeError(values.map((x) => (total - x) / 7))).toBeCloseTo(meanOf(values).standardError, 12);
});

test('the bootstrap of a mean agrees with its standard error, and its interval is two of them wide to each side', () => {
  const values = Array.from(randomStream(1, 'values').fillNormal(new Float64Array(200)));
  const { value, standardError, interval } = bootstrapMean(values, { resamples: drawResamples(200, randomStream(2)) });
  const exact = meanOf(values);
  expect(value).toBeCloseTo(exact.value, 12);
  // 1,000 resamples know it to 1 / sqrt(2000) = 2.2 %; four times that.
  expect(Math.abs(standardError / exact.standardError - 1)).toBeLessThan(0.09);
  expect(Math.abs((interval[1] - interval[0]) / (2 * 1.96 * exact.standardError) - 1)).toBeLessThan(0.15);
});

test('the bootstrap maps every resampled mean by the statistic', () => {
  const { value, interval } = bootstrapMean([1, 2, 4], { resamples: drawResamples(3, randomStream(1)), statistic: (mean) => 1 / mean });
  expect(value).toBeCloseTo(3 / 7, 12);
  expect(interval).toEqual([0.25, 1]);
});
