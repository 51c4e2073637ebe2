import { describe, expect, test } from '@jest/globals';
import { randomStream } from '@memgeo/numerics';
import { combineSums, gradientNorm, gradientProjection, gradientRatio, gradientSums, jackknife, labelAlignment, unbiasedNorm } from '../../src/index.js';

const random = randomStream(1, 'gradient measures');
const size = 30;
const batches = 12;
const sizes = Array.from({ length: batches }, (_, i) => 5 + (i % 3));
const weights = random.fillNormal(new Float32Array(size));

/** Sums over batches of gradients of examples that are normal around a mean. */
const draw = (mean: number) => sizes.map((count) => Float32Array.from({ length: size }, () => count * mean + Math.sqrt(count) * random.nextNormal()));
const sumsOf = (gradients: Float32Array[]) => gradientSums(gradients, weights, [{ start: 0, end: size }])[0]!;
/** Mean gradient of some batches, directly. */
const meanOf = (gradients: Float32Array[], counts: number[]) => {
  const examples = counts.reduce((a, b) => a + b, 0);
  return Float64Array.from({ length: size }, (_, i) => gradients.reduce((sum, gradient) => sum + gradient[i]!, 0) / examples);
};
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const deviation = (values: number[]) => Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1));

describe('measures from inner products of batch gradients', () => {
  test('norm, projection and their errors are those computed from the gradients themselves', () => {
    const gradients = draw(0.3);
    const direct = (statistic: (gradient: Float64Array) => number) => {
      const without = gradients.map((_, left) => statistic(meanOf(gradients.filter((_, i) => i !== left), sizes.filter((_, i) => i !== left))));
      return { value: statistic(meanOf(gradients, sizes)), standardError: Math.sqrt(((batches - 1) / batches) * without.reduce((sum, value) => sum + (value - mean(without)) ** 2, 0)) };
    };
    const pairs = [
      [gradientNorm(sumsOf(gradients), { sizes, parameters: size }), direct((gradient) => Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0) / size))],
      [gradientProjection(sumsOf(gradients), { sizes }), direct((gradient) => gradient.reduce((sum, value, i) => sum + value * weights[i]!, 0))],
    ] as const;
    for (const [actual, expected] of pairs) {
      expect(Math.abs(actual.value / expected.value - 1)).toBeLessThan(1e-9);
      expect(Math.abs(actual.standardError! / expected.standardError - 1)).toBeLessThan(1e-6);
    }
  });

  test('layers together are one long layer', () => {
    const gradients = draw(0.3);
    const parts = gradientSums(gradients, weights, [{ start: 0, end: 7 }, { start: 7, end: size }]);
    const [together, whole] = [combineSums(parts), sumsOf(gradients)];
    expect(Math.abs(together.square / whole.square - 1)).toBeLessThan(1e-12);
    together.products.forEach((product, i) => expect(Math.abs(product - whole.products[i]!)).toBeLessThan(1e-9 * whole.square));
    together.projections.forEach((projection, i) => expect(Math.abs(projection - whole.projections[i]!)).toBeLessThan(1e-9 * Math.sqrt(whole.square)));
  });

  test('the error of a mean of equal batches is the classical one', () => {
    const values = Array.from({ length: 20 }, () => random.nextNormal());
    const { standardError } = jackknife((left) => mean(values.filter((_, i) => i !== left)), 20);
    expect(Math.abs(standardError! / (deviation(values) / Math.sqrt(20)) - 1)).toBeLessThan(1e-12);
  });

  test('errors are the spread over resamples', () => {
    const draws = Array.from({ length: 300 }, () => ({ above: sumsOf(draw(0.4)), below: sumsOf(draw(0.6)) }));
    const estimates = {
      norm: draws.map(({ above }) => gradientNorm(above, { sizes, parameters: size })),
      unbiased: draws.map(({ above }) => unbiasedNorm(above, { sizes, parameters: size })!),
      projection: draws.map(({ above }) => gradientProjection(above, { sizes })),
      ratio: draws.map(({ above, below }) => gradientRatio({ sums: above, sizes }, { sums: below, sizes })),
    };
    for (const own of Object.values(estimates)) {
      // The spread of 300 draws is known to 4 %, the error is a root of a quantity with 11 degrees of freedom.
      const quotient = mean(own.map(({ standardError }) => standardError!)) / deviation(own.map(({ value }) => value));
      expect(quotient).toBeGreaterThan(0.85);
      expect(quotient).toBeLessThan(1.2);
    }
  });

  test('the unbiased norm finds a mean far below the noise of the norm, and none where there is none', () => {
    const squares = (level: number) => Array.from({ length: 400 }, () => {
      const { value } = unbiasedNorm(sumsOf(draw(level)), { sizes, parameters: size })!;
      return Math.sign(value) * value * value;
    });
    for (const level of [0, 0.05, 0.3]) {
      const found = squares(level);
      expect(Math.abs(mean(found) - level * level)).toBeLessThan(4 * deviation(found) / Math.sqrt(found.length));
    }
    expect(gradientNorm(sumsOf(draw(0)), { sizes, parameters: size }).value).toBeGreaterThan(0.08);
  });

  test('its interval reaches 0 as often as it should where there is no gradient', () => {
    const isFound = Array.from({ length: 400 }, () => unbiasedNorm(sumsOf(draw(0)), { sizes, parameters: size })!).filter(({ value, standardError }) => value > 1.96 * standardError!);
    // One side of a 95 % interval is 2.5 %; that error is cautious where nothing but noise is measured.
    expect(isFound.length).toBeLessThan(400 * 0.06);
  });

  test('too few batches leave errors and the unbiased norm unknown', () => {
    const gradients = draw(0.3).slice(0, 2);
    const two = { sizes: sizes.slice(0, 2), parameters: size };
    expect(unbiasedNorm(sumsOf(gradients), two)!.standardError).toBeNull();
    const one = { sizes: sizes.slice(0, 1), parameters: size };
    expect(gradientNorm(sumsOf(gradients.slice(0, 1)), one).standardError).toBeNull();
    expect(unbiasedNorm(sumsOf(gradients.slice(0, 1)), one)).toBeNull();
    expect(labelAlignment(sumsOf(gradients), { sizes: two.sizes, classes: 3, probes: { squares: new Float64Array(2), dimensions: new Float64Array(2) } })).toBeNull();
  });
});
