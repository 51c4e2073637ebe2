import { beforeAll, describe, expect, test } from '@jest/globals';
import { randomStream } from '@memgeo/numerics';
import { openBackend, placements } from '../../src/index.js';
import { batchOf } from '../../src/model/examples.js';

beforeAll(() => openBackend('wasm'));

/** Two images of 2 x 3 pixels and 2 channels; black is 0. */
const examples = { data: Uint8Array.from({ length: 24 }, (_, i) => i + 1), count: 2 };
const description = { inputShape: [2, 3, 2], normalization: { mean: 0, standardDeviation: 1 / 255 } } as unknown as Parameters<typeof batchOf>[2];
const gather = async (indices: number[], options: Parameters<typeof batchOf>[3] = {}): Promise<number[]> => Array.from(await batchOf(examples, indices, description, options).data(), Math.round);

describe('a batch', () => {
  test('an image is mirrored left to right, channels kept', async () => {
    expect(await gather([0], { placementOf: () => ({ isFlipped: true, down: 0, right: 0 }) })).toEqual([5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8]);
  });

  test('an image is shifted, and black comes in', async () => {
    expect(await gather([0], { placementOf: () => ({ isFlipped: false, down: 1, right: -1 }) })).toEqual([0, 0, 0, 0, 0, 0, 3, 4, 5, 6, 0, 0]);
    expect(await gather([0], { placementOf: () => ({ isFlipped: true, down: 0, right: 2 }) })).toEqual([0, 0, 0, 0, 5, 6, 0, 0, 0, 0, 11, 12]);
    expect(await gather([1], { placementOf: () => ({ isFlipped: false, down: 2, right: 0 }) })).toEqual(new Array(12).fill(0));
  });

  test('memory given is used and gives the same values', async () => {
    const into = new Float32Array(30).fill(99);
    expect(await gather([1, 0], { into })).toEqual(await gather([1, 0]));
    expect(into[24]).toBe(99);
  });
});

describe('placements()', () => {
  test('are a function of seed, epoch and example, not of order', () => {
    const options = { isFlipped: true, cropPadding: 4 };
    const forward = placements(options, randomStream(1, 'epoch', 3))!;
    const backward = placements(options, randomStream(1, 'epoch', 3))!;
    const ids = Array.from({ length: 50 }, (_, id) => id);
    expect([...ids].reverse().map(backward).reverse()).toEqual(ids.map(forward));
    expect(ids.map(placements(options, randomStream(1, 'epoch', 4))!)).not.toEqual(ids.map(forward));
  });

  test('cover every shift and both sides evenly', () => {
    const place = placements({ isFlipped: true, cropPadding: 1 }, randomStream(5))!;
    const drawn = Array.from({ length: 3600 }, (_, id) => place(id));
    const counts = new Map<string, number>();
    for (const { isFlipped, down, right } of drawn) counts.set([isFlipped, down, right].join(), (counts.get([isFlipped, down, right].join()) ?? 0) + 1);
    expect(counts.size).toBe(18);
    // 200 expected of each; 5 standard errors.
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(5 * Math.sqrt(200));
  });

  test('without augmentation there are none', () => {
    expect(placements({ isFlipped: false, cropPadding: 0 }, randomStream(1))).toBeUndefined();
  });
});
