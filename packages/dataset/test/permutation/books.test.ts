import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { randomStream } from '@memgeo/numerics';
import { keepBooks, permuteAmong, type BooksOptions } from '../../src/index.js';

const labels = (classCount: number, perClass: number) => Int32Array.from({ length: classCount * perClass }, (_, i) => i % classCount);
const options = (changes: Partial<BooksOptions> = {}): BooksOptions => ({
  classes: [0, 1, 2, 3, 4, 5], classNames: [...'abcdef'], trainPerClass: 10, testPerClass: 5, permutedFraction: 0.5, fixedPoints: 'allow', seed: 1, ...changes,
});
const source = { train: labels(6, 20), test: labels(6, 8) };
const histogram = (values: readonly number[]) => values.reduce<{ [label: number]: number }>((counts, value) => ({ ...counts, [value]: (counts[value] ?? 0) + 1 }), {});

describe('keepBooks()', () => {
  test('keeps the number of examples of each class, assigned and true, among the permuted and over all', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(1000), fc.constantFrom('allow' as const, 'forbid' as const), (permutedFraction, seed, fixedPoints) => {
      const { train } = keepBooks(source, options({ permutedFraction, seed, fixedPoints }));
      const drawn = train.filter((entry) => entry.isPermuted);
      expect(drawn).toHaveLength(6 * Math.round(permutedFraction * 10));
      expect(histogram(drawn.map((e) => e.assignedLabel))).toEqual(histogram(drawn.map((e) => e.trueLabel)));
      expect(train.filter((e) => !e.isPermuted).every((e) => e.trueLabel === e.assignedLabel)).toBe(true);
      if (fixedPoints === 'forbid') expect(drawn.every((e) => e.trueLabel !== e.assignedLabel)).toBe(true);
      expect(train.every((e) => source.train[e.sourceRow] === e.trueLabel)).toBe(true);
      expect(new Set(train.map((e) => e.sourceRow)).size).toBe(60);
    }), { numRuns: 100, seed: 3 });
  });

  test('permutes nothing at 0 and everything at 1', () => {
    expect(keepBooks(source, options({ permutedFraction: 0 })).train.some((e) => e.isPermuted)).toBe(false);
    expect(keepBooks(source, options({ permutedFraction: 1 })).train.every((e) => e.isPermuted)).toBe(true);
  });

  test('is the same for the same seed, and leaves a class as it was when others go', () => {
    expect(keepBooks(source, options())).toEqual(keepBooks(source, options()));
    const rows = (books: ReturnType<typeof keepBooks>, label: number) => books.train.filter((e) => e.trueLabel === label).map((e) => e.sourceRow);
    const fewer = keepBooks(source, options({ classes: [2, 3, 4, 5], classNames: [...'cdef'] }));
    expect(rows(fewer, 0)).toEqual(rows(keepBooks(source, options()), 2));
    expect(keepBooks(source, options({ seed: 2 })).train).not.toEqual(keepBooks(source, options()).train);
  });

  test('takes test images from the training images if none are held out, and none twice', () => {
    const { train, test: held } = keepBooks({ train: source.train, test: undefined }, options());
    expect(new Set([...train, ...held].map((e) => e.sourceRow)).size).toBe(90);
  });

  test.each([
    [{ trainPerClass: 21 }, /class "a" has 20 training images; trainPerClass asks for 21/],
    [{ testPerClass: 9 }, /class "a" has 8 test images; testPerClass asks for 9/],
  ])('says which class is too small: %j', (changes, message) => {
    expect(() => keepBooks(source, options(changes))).toThrow(message);
  });
});

test('permuteAmong() leaves about one in C labels by chance, and refuses an impossible derangement', () => {
  const many = Array.from({ length: 4000 }, (_, i) => i % 40);
  const kept = permuteAmong(many, { fixedPoints: 'allow', random: randomStream(1) }).filter((label, i) => label === many[i]).length;
  // Mean 100, standard deviation 10.
  expect(Math.abs(kept - 100)).toBeLessThan(40);
  expect(() => permuteAmong([1, 1, 1, 2], { fixedPoints: 'forbid', random: randomStream(1) })).toThrow(/3 of the 4 examples to permute have label 1/);
});
