import { describe, expect, test } from '@jest/globals';
import { shrinkImages } from '../../src/images/shrink-images.js';

describe('shrinkImages', () => {
  test('averages blocks, channel by channel, and leaves an incomplete edge out', () => {
    // Two images of 2 x 3 pixels with 2 channels: the first channel counts, the second is constant.
    const data = Float32Array.from({ length: 2 * 2 * 3 * 2 }, (_, i) => (i % 2 === 0 ? i / 2 : 7));
    const small = shrinkImages({ data, height: 2, width: 3, channels: 2 }, { factor: 2 });
    expect(small).toMatchObject({ height: 1, width: 1, channels: 2 });
    expect([...small.data]).toEqual([(0 + 1 + 3 + 4) / 4, 7, (6 + 7 + 9 + 10) / 4, 7]);
  });

  test('rounds means of uint8 pixels and keeps their type', () => {
    const { data } = shrinkImages({ data: Uint8Array.of(0, 1, 1, 1), height: 2, width: 2, channels: 1 }, { factor: 2 });
    expect(data).toEqual(Uint8Array.of(1));
  });

  test('leaves images as they are at factor 1 and refuses a block larger than the image', () => {
    const images = { data: Uint8Array.of(1, 2, 3, 4), height: 2, width: 2, channels: 1 };
    expect(shrinkImages(images, { factor: 1 })).toBe(images);
    expect(() => shrinkImages(images, { factor: 3 })).toThrow('shrink must be at most 2, the side of the images; got 3.');
  });
});
