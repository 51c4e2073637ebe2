import { exactly, meanOf, type Estimate } from '../statistics/estimate.js';

/**
 * Fits a straight line by least squares.
 *
 * The standard error of the slope is that of independent residuals of one variance. Layers of one network are not
 * independent, so it measures how straight the line is, not how far another network's would differ.
 *
 * @returns slope; determination: R^2, NaN if y is constant. Both NaN for fewer than 3 points, or if x is constant or a value is
 *   not finite.
 */
export function fitLine(x: readonly number[], y: readonly number[]): { slope: Estimate; determination: number } {
  const [{ value: meanX }, { value: meanY }] = [meanOf(x), meanOf(y)];
  let [xx, xy, yy] = [0, 0, 0];
  x.forEach((value, i) => {
    xx += (value - meanX) ** 2;
    xy += (value - meanX) * (y[i]! - meanY);
    yy += (y[i]! - meanY) ** 2;
  });
  if (x.length < 3 || !(xx > 0) || !Number.isFinite(yy)) return { slope: exactly(NaN), determination: NaN };
  const residual = Math.max(0, yy - xy ** 2 / xx);
  return { slope: { value: xy / xx, standardError: Math.sqrt(residual / (x.length - 2) / xx) }, determination: yy > 0 ? 1 - residual / yy : NaN };
}
