import { expect, test } from '@jest/globals';
import { normalDensity, normalTail } from '../../src/theory/normal-distribution.js';

// From tables to 15 digits (Abramowitz and Stegun 26.2; the far tail by its asymptotic series to all digits given).
test.each([[0, 0.5], [1, 0.15865525393145705], [2, 0.02275013194817921], [-1, 0.841344746068543], [4.5, 3.3976731247300604e-6], [6, 9.865876450376981e-10], [10, 7.619853024160527e-24]])(
  'normalTail(%d) is %d', (x, tail) => {
    expect(Math.abs(normalTail(x) / tail - 1)).toBeLessThan(2e-13);
  });

test('normalTail() falls by the density', () => {
  for (const x of [-1, 0.3, 1.7, 2.49, 2.51, 4, 7]) {
    // The step errs by h^2 x^2 / 6, and rounding by 1e-16 / h of the tail.
    const h = 1e-4;
    expect((normalTail(x - h) - normalTail(x + h)) / (2 * h) / normalDensity(x)).toBeCloseTo(1, 6);
  }
});
