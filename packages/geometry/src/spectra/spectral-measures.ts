import type { CloudSpectrum } from './cloud-spectrum.js';

/** A number, or NaN and the reason. */
export type Measured = { readonly value: number; readonly note?: string };

/**
 * The measures of a spectrum, in reading order.
 *
 * - `participationRatio`: directions that carry the variance, at most one fewer than points.
 * - `participationRatioCorrected`: the same of the population that the points were drawn from.
 * - `explainedVarianceDimension`: principal components needed for a share of the variance.
 * - `rankMe` and `stableRank`: effective ranks of the points as they are, not centered.
 * - `alphaReq`: decay exponent of the covariance's eigenvalues over indices 11 to 1000; `alphaReqFit`: R^2 of that fit.
 */
export const spectralMeasures = ['participationRatio', 'participationRatioCorrected', 'explainedVarianceDimension', 'rankMe', 'stableRank', 'alphaReq', 'alphaReqFit'] as const;
export type SpectralMeasure = (typeof spectralMeasures)[number];

/** The first index of the fit of alpha-ReQ, the last, and the fewest indices worth a fit. */
const [firstIndex, lastIndex, fewestIndices] = [11, 1000, 10];

const identical = 'All points are identical.';

/** Computes every measure of a spectrum. */
export function measureSpectrum(spectrum: CloudSpectrum, { varianceShare }: { varianceShare: number }): { readonly [measure in SpectralMeasure]: Measured } {
  const { exponent, fit } = alphaReq(spectrum);
  return {
    participationRatio: participationRatio(spectrum),
    participationRatioCorrected: participationRatioCorrected(spectrum),
    explainedVarianceDimension: explainedVarianceDimension(spectrum, varianceShare),
    rankMe: rankMe(spectrum),
    stableRank: stableRank(spectrum),
    alphaReq: exponent,
    alphaReqFit: fit,
  };
}

/** (sum e)^2 / sum e^2 of the covariance's eigenvalues e: how many directions carry the variance [gao2017theory]. */
function participationRatio({ centered }: CloudSpectrum): Measured {
  const { trace, traceOfSquare } = tracesOf(centered);
  return trace > 0 ? { value: trace ** 2 / traceOfSquare } : none(identical);
}

/** The participation ratio of the population, from unbiased estimates of its numerator and denominator. */
function participationRatioCorrected({ centered, fourthPowers, pointCount }: CloudSpectrum): Measured {
  if (pointCount < 4) return none(`The correction needs at least 4 points; there are ${pointCount}.`);
  const traces = tracesOf(centered);
  if (!(traces.trace > 0)) return none(identical);
  const { squareOfTrace, traceOfSquare } = unbiasedTraces({ ...traces, fourthPowers, pointCount });
  if (!(squareOfTrace > 0 && traceOfSquare > 0)) return none(`${pointCount} points are too few for the correction: an estimate of the squared covariance came out negative.`);
  return { value: squareOfTrace / traceOfSquare };
}

/**
 * Estimates (tr C)^2 and tr C^2 of the covariance C of a population without bias, from a sample with its mean unknown.
 *
 * For four different points, |a - b|^2 |c - d|^2 / 4 and ((a - b).(c - d))^2 / 4 have just these expectations, whatever the
 * distribution. The mean over all choices of four is, with t = tr S, f = tr S^2 of the scatter S about the sample mean and
 * q = sum |x - mean|^4,
 *
 *     (tr C)^2 :  ((n^2 - 3n + 1) t^2 - n (n - 1) q + 2 f) / (n (n - 1) (n - 2) (n - 3))
 *     tr C^2   :  (f - n q / (n - 2) + t^2 / ((n - 1) (n - 2))) / (n (n - 3))
 *
 * The second is the estimator of [himeno2014estimations] and the unbiased HSIC of [song2012feature] of the points with themselves.
 *
 * @param sample.pointCount  n, at least 4.
 */
export function unbiasedTraces(
  { trace: t, traceOfSquare: f, fourthPowers: q, pointCount: n }: { trace: number; traceOfSquare: number; fourthPowers: number; pointCount: number },
): { squareOfTrace: number; traceOfSquare: number } {
  return {
    squareOfTrace: ((n * n - 3 * n + 1) * t * t - n * (n - 1) * q + 2 * f) / (n * (n - 1) * (n - 2) * (n - 3)),
    traceOfSquare: (f - (n * q) / (n - 2) + (t * t) / ((n - 1) * (n - 2))) / (n * (n - 3)),
  };
}

/** The fewest principal components whose variances sum to at least `share` of the whole. */
function explainedVarianceDimension({ centered }: CloudSpectrum, share: number): Measured {
  const { trace } = tracesOf(centered);
  if (!(trace > 0)) return none(identical);
  // Rounding must not ask for one more component where the share is reached exactly.
  const wanted = share * trace * (1 - 1e-12);
  let sum = 0;
  for (let k = 0; k < centered.length; k++) {
    sum += centered[k]!;
    if (sum >= wanted) return { value: k + 1 };
  }
  return { value: centered.length };
}

/** exp of the entropy of the singular values as shares of their sum, of the points as they are [garrido2023rankme]. */
function rankMe({ uncentered }: CloudSpectrum): Measured {
  const singular = uncentered.map(Math.sqrt);
  const sum = singular.reduce((total, s) => total + s, 0);
  if (!(sum > 0)) return none('Every feature is zero.');
  return { value: Math.exp(-singular.reduce((total, s) => (s > 0 ? total + (s / sum) * Math.log(s / sum) : total), 0)) };
}

/** Squared Frobenius norm over squared spectral norm, of the points as they are [rangamani2023feature]. */
function stableRank({ uncentered }: CloudSpectrum): Measured {
  return uncentered[0]! > 0 ? { value: tracesOf(uncentered).trace / uncentered[0]! } : none('Every feature is zero.');
}

/** Decay exponent of the covariance's eigenvalues, and how straight they lie [agrawal2022alpha]: least squares of log e_i on log i. */
function alphaReq({ centered }: CloudSpectrum): { exponent: Measured; fit: Measured } {
  const rank = centered.findIndex((x) => x === 0);
  const last = Math.min(lastIndex, rank < 0 ? centered.length : rank);
  if (last - firstIndex + 1 < fewestIndices) {
    const reason = none(`The fit from index ${firstIndex} on needs a rank of at least ${firstIndex + fewestIndices - 1}; it is ${rank < 0 ? centered.length : rank}.`);
    return { exponent: reason, fit: reason };
  }
  const count = last - firstIndex + 1;
  const x = Float64Array.from({ length: count }, (_, i) => Math.log(firstIndex + i));
  const y = Float64Array.from({ length: count }, (_, i) => Math.log(centered[firstIndex - 1 + i]!));
  const [xMean, yMean] = [x, y].map((values) => values.reduce((sum, value) => sum + value, 0) / count) as [number, number];
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    xx += (x[i]! - xMean) ** 2;
    xy += (x[i]! - xMean) * (y[i]! - yMean);
    yy += (y[i]! - yMean) ** 2;
  }
  return { exponent: { value: -xy / xx }, fit: yy > 0 ? { value: xy ** 2 / (xx * yy) } : none('The eigenvalues are all equal: there is no decay to fit.') };
}

function tracesOf(values: Float64Array): { trace: number; traceOfSquare: number } {
  let [trace, traceOfSquare] = [0, 0];
  for (const value of values) {
    trace += value;
    traceOfSquare += value * value;
  }
  return { trace, traceOfSquare };
}

const none = (note: string): Measured => ({ value: Number.NaN, note });
