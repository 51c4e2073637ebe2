import { describe, expect, test } from '@jest/globals';
import { randomStream } from '@memgeo/numerics';
import { restoration } from '../../src/index.js';

/** Test examples of which the best network knows 80 %, the final one 50 %, and a rewound one those of the best with a chance. */
function draw(count: number, kept: number, random = randomStream(1, 'restoration')) {
  const [best, final, rewound] = [new Uint8Array(count), new Uint8Array(count), new Uint8Array(count)];
  for (let i = 0; i < count; i++) {
    best[i] = Number(random.nextUniform() < 0.8);
    final[i] = Number(random.nextUniform() < (best[i] ? 0.6 : 0.1));
    rewound[i] = random.nextUniform() < kept ? best[i]! : final[i]!;
  }
  return { best, final, rewound };
}

describe('restoration()', () => {
  test('is exactly 0 for the final network and 1 for the best, without error', () => {
    const { best, final } = draw(500, 0);
    expect(restoration(final, { best, final })).toEqual({ value: 0, standardError: 0, note: '' });
    expect(restoration(best, { best, final })).toEqual({ value: 1, standardError: 0, note: '' });
  });

  test('is the share of the lost accuracy that is back', () => {
    const best = Uint8Array.from({ length: 40 }, (_, i) => Number(i < 36));
    const final = Uint8Array.from({ length: 40 }, (_, i) => Number(i < 16));
    const rewound = Uint8Array.from({ length: 40 }, (_, i) => Number(i < 31));
    expect(restoration(rewound, { best, final }).value).toBeCloseTo(15 / 20, 12);
  });

  test('has the standard error that other test images would show', () => {
    const random = randomStream(3, 'draws');
    const drawn = Array.from({ length: 400 }, () => { const { best, final, rewound } = draw(600, 0.7, random); return restoration(rewound, { best, final }); });
    const mean = drawn.reduce((sum, { value }) => sum + value!, 0) / drawn.length;
    const deviation = Math.sqrt(drawn.reduce((sum, { value }) => sum + (value! - mean) ** 2, 0) / (drawn.length - 1));
    const claimed = drawn.reduce((sum, { standardError }) => sum + standardError!, 0) / drawn.length;
    // A deviation of 400 draws is right to 1 / sqrt(800) = 3.5 %; three of them.
    expect(Math.abs(claimed / deviation - 1)).toBeLessThan(0.11);
    expect(Math.abs(mean - 0.7)).toBeLessThan(3 * deviation / 20);
  });

  test('has no value where nothing was clearly lost, and says by how much', () => {
    const { best, final } = draw(500, 0);
    expect(restoration(best, { best: final, final })).toMatchObject({ value: null, standardError: null, note: expect.stringMatching(/lost since the best epoch is 0\.000 with a standard error of 0\.000/) });
    expect(restoration(final, { best: final, final: best }).value).toBeNull();
    expect(restoration(best.subarray(0, 6), { best: Uint8Array.of(1, 1, 0, 1, 1, 1), final: Uint8Array.of(1, 1, 1, 0, 1, 0) }).value).toBeNull();
    expect(restoration(Uint8Array.of(1), { best: Uint8Array.of(1), final: Uint8Array.of(0) })).toMatchObject({ value: null, note: expect.stringContaining('1 example') });
  });
});
