import { describe, expect, test } from '@jest/globals';
import { examplePools, type LabeledSet } from '../../src/index.js';

const classes = 5;
const labelsOf = (count: number, shift = 0) => Int32Array.from({ length: count }, (_, i) => (i + shift) % classes);
const indicesOf = (count: number, from: number) => Int32Array.from({ length: count }, (_, i) => from + i);
const sets: LabeledSet[] = [
  { set: 'unpermuted', indices: indicesOf(100, 0), labels: labelsOf(100) },
  { set: 'permuted', indices: indicesOf(50, 100), labels: labelsOf(50, 2) },
  { set: 'restored', indices: indicesOf(50, 100), labels: labelsOf(50) },
];

describe('examplePools()', () => {
  test('sets with the same images share a pool, and each image stands in one batch', () => {
    const pools = examplePools(sets, { examplesPerSet: 1000, batches: 10, seed: 1 });
    expect(pools.map((pool) => pool.sets.map(({ set }) => set))).toEqual([['unpermuted'], ['permuted', 'restored']]);
    for (const { indices, batches } of pools) {
      expect(batches).toHaveLength(10);
      expect(batches.flatMap((batch) => [...batch]).sort((a, b) => a - b)).toEqual([...indices.keys()]);
    }
    const [permuted, restored] = pools[1]!.sets;
    permuted!.labels.forEach((label, i) => expect(label).toBe((restored!.labels[i]! + 2) % classes));
  });

  test.each([60, 30, 12, 3])('a cap of %d leaves at most that many, in the proportions of the classes', (examplesPerSet) => {
    for (const { indices, sets: own } of examplePools(sets, { examplesPerSet, batches: 4, seed: 1 })) {
      expect(indices.length).toBeLessThanOrEqual(examplesPerSet);
      expect(indices.length).toBeGreaterThan(0);
      const counts = Array.from({ length: classes }, (_, k) => own[0]!.labels.filter((label) => label === k).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(examplesPerSet < classes ? examplesPerSet : 1);
    }
  });

  test('a set too small for its batches has fewer, of two images or more', () => {
    const [pool] = examplePools([{ set: 'test', indices: indicesOf(7, 0), labels: labelsOf(7) }], { examplesPerSet: 10, batches: 20, seed: 1 });
    expect(pool!.batches.length).toBeLessThanOrEqual(3);
    for (const batch of pool!.batches) expect(batch.length).toBeGreaterThanOrEqual(2);
  });

  test('more than two labelings of the same images are refused', () => {
    expect(() => examplePools([...sets, { ...sets[2]!, set: 'third' }], { examplesPerSet: 10, batches: 2, seed: 1 })).toThrow(/may stand in two sets; permuted, restored, third/);
  });
});
