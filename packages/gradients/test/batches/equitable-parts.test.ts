import { describe, expect, test } from '@jest/globals';
import { randomStream } from '@memgeo/numerics';
import { equitableParts } from '../../src/index.js';

const random = randomStream(1, 'equitable parts');
/** How often each label occurs in each part. */
function countsOf(labels: ArrayLike<number>, partOf: Int32Array, { parts, classes }: { parts: number; classes: number }): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(parts).fill(0));
  Array.from(labels).forEach((label, item) => { counts[label]![partOf[item]!]!++; });
  return counts;
}
const spread = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts);

describe('equitableParts()', () => {
  test.each([[60, 4, 3], [200, 7, 20], [500, 36, 16], [37, 5, 8], [90, 1, 4], [11, 6, 11]])('%d items of %d classes in %d parts: counts of either label differ by at most 1', (items, classes, parts) => {
    for (let draw = 0; draw < 5; draw++) {
      const [first, second] = [0, 1].map(() => Array.from({ length: items }, () => random.nextInteger(classes)));
      const partOf = equitableParts({ first: first!, second: second! }, parts, random);
      for (const labels of [first!, second!]) for (const counts of countsOf(labels, partOf, { parts, classes })) expect(spread(counts)).toBeLessThanOrEqual(1);
    }
  });

  test('a permutation of balanced labels is divided exactly', () => {
    const first = Array.from({ length: 36 * 40 }, (_, i) => i % 36);
    const second = random.shuffle([...first]);
    const partOf = equitableParts({ first, second }, 20, random);
    for (const labels of [first, second]) expect(countsOf(labels, partOf, { parts: 20, classes: 36 }).flat().every((count) => count === 2)).toBe(true);
  });

  test('depends on the stream alone, and mixes which items stand together', () => {
    const labels = Array.from({ length: 40 }, (_, i) => i % 2);
    const partsOf = (seed: number) => equitableParts({ first: labels, second: labels }, 2, randomStream(seed, 'parts'));
    expect(partsOf(1)).toEqual(partsOf(1));
    expect(partsOf(1)).not.toEqual(partsOf(2));
  });

  test('refuses labels of unequal number and a count that is not a positive integer', () => {
    expect(() => equitableParts({ first: [0, 1], second: [0] }, 2, random)).toThrow(/got 2 first and 1 second/);
    expect(() => equitableParts({ first: [0], second: [0] }, 0, random)).toThrow(/positive integer; got 0/);
  });
});
