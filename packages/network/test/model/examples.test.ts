import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { measureNormalization, networkSchema, openBackend, type InputNormalization, type NetworkDescription } from '../../src/index.js';
import { batchOf, type Placement } from '../../src/model/examples.js';

beforeAll(() => openBackend('cpu'));

const spec = networkSchema.parse({ kind: 'mlp' });
const describeImages = (inputShape: NetworkDescription['inputShape'], normalization: InputNormalization): NetworkDescription => ({ spec, inputShape, classCount: 2, normalization });
/** One image of 1 x 3 pixels of red, green and blue. */
const image = { data: Uint8Array.of(0, 51, 102, 153, 204, 255, 51, 51, 51), count: 1 };
const gather = async (normalization: InputNormalization, placement?: Placement): Promise<Float32Array> =>
  await batchOf(image, [0], describeImages([1, 3, 3], normalization), placement && { placementOf: () => placement }).data() as Float32Array;
const float32 = (...values: number[]) => Float32Array.from(values);

describe('batchOf()', () => {
  const normalization = { mean: [0.2, 0.4, 0.6], standardDeviation: [0.5, 0.25, 0.125] };
  // Deviations are powers of 2, and what is left of 1/5 rounds in float64.
  const expectClose = (actual: Float32Array, expected: number[]) => expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 6));

  test('takes the mean of each channel from its values and divides by its deviation', async () => {
    expectClose(await gather(normalization), [-0.4, -0.8, -1.6, 0.8, 1.6, 3.2, 0, -0.8, -3.2]);
    expectClose(await gather({ mean: 0.2, standardDeviation: [0.5, 0.25, 0.125] }), [-0.4, 0, 1.6, 0.8, 2.4, 6.4, 0, 0, 0]);
  });

  test('of an image mirrored and shifted brings in black: minus mean by deviation of each channel', async () => {
    const black = [-0.4, -1.6, -4.8];
    expectClose(await gather(normalization, { isFlipped: false, down: 0, right: 1 }), [...black, -0.4, -0.8, -1.6, 0.8, 1.6, 3.2]);
    expectClose(await gather(normalization, { isFlipped: true, down: 0, right: -1 }), [0.8, 1.6, 3.2, -0.4, -0.8, -1.6, ...black]);
    expectClose(await gather(normalization, { isFlipped: true, down: 1, right: 0 }), [...black, ...black, ...black]);
  });

  test('of values that are numbers takes them as they are', async () => {
    const data = float32(0.2, 0.4, 0.6, 0.7, 0.65, 0.725);
    expectClose(await batchOf({ data, count: 1 }, [0], describeImages([2, 1, 3], normalization)).data() as Float32Array, [0, 0, 0, 1, 1, 1]);
  });

  test('gives each channel the bits that one number for all channels gives it', () => fc.assert(fc.asyncProperty(
    fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })), fc.boolean(), fc.infiniteStream(fc.integer({ min: 0, max: 255 })), fc.infiniteStream(fc.double({ min: 0.05, max: 1, noNaN: true })),
    fc.option(fc.record({ isFlipped: fc.boolean(), down: fc.integer({ min: -5, max: 5 }), right: fc.integer({ min: -5, max: 5 }) }), { nil: undefined }),
    async (shape, isFloat, pixels, numbers, placement) => {
      const channels = shape[2];
      const size = shape[0] * shape[1] * channels;
      const draw = <T>(stream: fc.Stream<T>, count: number) => [...stream.take(count)];
      const bytes = Uint8Array.from(draw(pixels, 3 * size));
      const examples = { data: isFloat ? Float32Array.from(bytes, (value) => value / 255) : bytes, count: 3 };
      const [mean, standardDeviation] = [draw(numbers, channels), draw(numbers, channels)];
      const of = async (normalization: InputNormalization) => await batchOf(examples, [2, 0], describeImages(shape, normalization), { placementOf: placement && (() => placement) }).data() as Float32Array;
      const together = await of({ mean, standardDeviation });
      for (let k = 0; k < channels; k++) {
        const alone = await of({ mean: mean[k]!, standardDeviation: standardDeviation[k]! });
        const channelOf = (values: Float32Array) => values.filter((_, i) => i % channels === k);
        expect(channelOf(together)).toEqual(channelOf(alone));
      }
    },
  ), { seed: 1, numRuns: 100 }));

  test('refuses lists that have not a number for each channel', async () => {
    await expect(gather({ mean: [0, 0], standardDeviation: 1 })).rejects.toThrow('or a list of 3, one for each channel, and deviations above 0; got [0, 0] and 1.');
  });
});

describe('measureNormalization()', () => {
  const examples = { data: Uint8Array.of(0, 255, 255, 0, 9, 9, 0, 51, 255, 153), count: 5 };

  test('is one mean and deviation of all values of chosen images, unless asked for channels', () => {
    const { mean, standardDeviation } = measureNormalization(examples, [0, 1]);
    expect([mean, standardDeviation]).toEqual([0.5, 0.5]);
    expect(measureNormalization(examples, [3, 4], { channels: 2 })).toEqual({ mean: [0.5, expect.closeTo(0.4, 12)], standardDeviation: [0.5, expect.closeTo(0.2, 12)] });
    expect(measureNormalization(examples, [0, 3, 4], { channels: 1 })).toEqual(((all) => ({ mean: [all.mean], standardDeviation: [all.standardDeviation] }))(measureNormalization(examples, [0, 3, 4])));
  });

  test('normalizes each channel to mean 0 and deviation 1', async () => {
    const data = Uint8Array.from({ length: 5 * 12 }, (_, i) => (i * i * 7) % 256);
    const all = [0, 1, 2, 3, 4];
    const values = await batchOf({ data, count: 5 }, all, describeImages([2, 2, 3], measureNormalization({ data, count: 5 }, all, { channels: 3 }))).data() as Float32Array;
    for (let k = 0; k < 3; k++) {
      const own = values.filter((_, i) => i % 3 === k);
      expect(own.reduce((sum, value) => sum + value, 0) / own.length).toBeCloseTo(0, 6);
      expect(own.reduce((sum, value) => sum + value ** 2, 0) / own.length).toBeCloseTo(1, 6);
    }
  });

  test('refuses images, or a channel, of one value', () => {
    expect(() => measureNormalization(examples, [2])).toThrow('images must differ; every value is 0.035');
    expect(() => measureNormalization({ data: Uint8Array.of(1, 255, 2, 255), count: 2 }, [0, 1], { channels: 2 })).toThrow('every value of channel 1 is 1.');
  });
});
