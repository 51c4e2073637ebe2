import { describe, expect, test } from '@jest/globals';
import { randomStream } from '@memgeo/numerics';
import { permutationPValue, rankCorrelation, ranks, spearman } from '../../src/index.js';

const random = () => randomStream(1, 'correlation');
const correlate = (x: readonly number[], y: readonly number[]) => rankCorrelation(x, y, { random: random() })!;

describe('spearman()', () => {
  test('ranks from 1, ties by their mean', () => {
    expect(ranks([30, 10, 20])).toEqual([3, 1, 2]);
    expect(ranks([5, 1, 5, 5, 0])).toEqual([4, 2, 4, 4, 1]);
  });

  test('without ties is 1 - 6 sum d^2 / n (n^2 - 1)', () => {
    const [x, y] = [[1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5]];
    expect(spearman(x, y)).toBeCloseTo(1 - (6 * 6) / (6 * 35), 12);
  });

  test('with ties is the correlation of mean ranks', () => {
    // Ranks 1.5 1.5 3 4 and 1 2 3.5 3.5: centered, the product is 4 and both squares 4.5.
    expect(spearman([1, 1, 2, 3], [1, 2, 3, 3])).toBeCloseTo(4 / 4.5, 12);
  });

  test('does not change under increasing maps, and turns its sign under a decreasing one', () => {
    const x = Array.from({ length: 12 }, () => randomStream(4, 'x').nextNormal()).map((value, i) => value * (i % 5) + i / 7);
    const y = x.map((value, i) => Math.sin(9 * value) + i / 4);
    expect(spearman(x.map((value) => Math.exp(value)), y)).toBeCloseTo(spearman(x, y)!, 12);
    expect(spearman(x.map((value) => -(value ** 3)), y)).toBeCloseTo(-spearman(x, y)!, 12);
  });

  test('of a constant is undefined', () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeUndefined();
    expect(rankCorrelation([1, 2, 3, 4], [2, 2, 2, 2], { random: random() })).toBeUndefined();
  });
});

describe('rankCorrelation()', () => {
  test('of few runs in perfect order has the p-value 2 / n!', () => {
    expect(correlate([1, 2, 3, 4], [10, 20, 30, 40])).toEqual({ value: expect.closeTo(1, 12), interval: [expect.closeTo(1, 12), expect.closeTo(1, 12)], pValue: 2 / 24 });
    expect(correlate([1, 2, 3, 4, 5, 6, 7], [7, 6, 5, 4, 3, 2, 1]).pValue).toBe(2 / 5040);
  });

  test('counts every order that reaches the correlation in size, either way', () => {
    // Of the 6 orders of 3, correlations are 1, .5, .5, -.5, -.5, -1.
    expect(correlate([1, 2, 3], [1, 3, 2]).pValue).toBe(1);
    expect(correlate([1, 2, 3], [1, 2, 3]).pValue).toBe(2 / 6);
  });

  test('of more runs has the p-value of random orders, near that of the t distribution', () => {
    const x = Array.from({ length: 14 }, (_, i) => i);
    const y = [3, 0, 5, 1, 9, 2, 4, 11, 6, 13, 7, 12, 8, 10];
    const { value, pValue, interval } = correlate(x, y);
    expect(value).toBeCloseTo(1 - (6 * 132) / (14 * 195), 12);
    // t = rho sqrt(12 / (1 - rho^2)) = 3.49 on 12 degrees of freedom, two-sided p = .0045; 20,000 orders know it to .0005.
    expect(Math.abs(pValue - 0.0045)).toBeLessThan(0.002);
    expect(interval[0]).toBeLessThan(value);
    expect(interval[1]).toBeGreaterThan(value);
  });

  test('rejects as often as it says where there is no relation', () => {
    const stream = randomStream(5, 'null');
    let rejected = 0;
    for (let trial = 0; trial < 400; trial++) {
      const [x, y] = [0, 1].map(() => Array.from({ length: 5 }, () => stream.nextNormal())) as [number[], number[]];
      if (permutationPValue(x, y, { random: random() })! <= 0.1) rejected++;
    }
    // Of 120 orders 10 have a size of at least .9, so p <= .1 has the chance 10 / 120 = .083; standard error .014.
    expect(Math.abs(rejected / 400 - 10 / 120)).toBeLessThan(0.042);
  });

  test('is the same each time', () => {
    const [x, y] = [[3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5], [2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4]];
    expect(correlate(x, y)).toEqual(correlate(x, y));
  });
});
