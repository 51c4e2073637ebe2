/**
 * Dot product of x[xStart .. xStart + length) and y[yStart .. yStart + length), in float64.
 *
 * Four partial sums, so that the additions overlap. The order of summation is fixed.
 */
export function dot(x: Float64Array, xStart: number, y: Float64Array, yStart: number, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    s0 += x[xStart + i]! * y[yStart + i]!;
    s1 += x[xStart + i + 1]! * y[yStart + i + 1]!;
    s2 += x[xStart + i + 2]! * y[yStart + i + 2]!;
    s3 += x[xStart + i + 3]! * y[yStart + i + 3]!;
  }
  for (let i = whole; i < length; i++) s0 += x[xStart + i]! * y[yStart + i]!;
  return s0 + s1 + (s2 + s3);
}

/** y += factor x, on y[yStart .. yStart + length) and x[xStart .. xStart + length). */
export function addScaled(y: Float64Array, yStart: number, factor: number, x: Float64Array, xStart: number, length: number): void {
  for (let i = 0; i < length; i++) y[yStart + i]! += factor * x[xStart + i]!;
}
