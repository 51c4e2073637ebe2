import { tridiagonalEigenvalues, tridiagonalize, type Tridiagonal } from '@memgeo/numerics';
import { blockwiseGram } from '../points/blockwise-gram.js';
import type { LabeledPoints } from '../points/labeled-points.js';
import { meanOfRows } from '../points/mean-of-rows.js';

/** The squared singular values of a cloud of points. */
export type CloudSpectrum = {
  /** Of the centered points, largest first: n times the eigenvalues of the covariance. Those lost in rounding are 0. */
  readonly centered: Float64Array;
  /** Of the points as they are, largest first. */
  readonly uncentered: Float64Array;
  /** Sum over points of the fourth power of their distance from the mean. */
  readonly fourthPowers: number;
  readonly pointCount: number;
};

/**
 * Computes the spectra of some rows of a matrix, centered and not, from one reduction to tridiagonal form.
 *
 * Works on the inner products of points or of features, whichever are fewer: about m^2 numbers of memory for the smaller count m.
 * The points are centered explicitly, so an offset costs no accuracy.
 *
 * @param rows  The rows to take, at least 1.
 */
export function cloudSpectrum({ data, shape: [, features] }: Pick<LabeledPoints, 'data' | 'shape'>, rows: ArrayLike<number>): CloudSpectrum {
  const pointCount = rows.length;
  const mean = meanOfRows(data, features, rows);
  const meanSquare = mean.reduce((sum, x) => sum + x * x, 0);
  const alongMean = new Float64Array(pointCount);
  let fourthPowers = 0;
  for (let i = 0; i < pointCount; i++) {
    let square = 0;
    for (let j = 0, k = rows[i]! * features; j < features; j++, k++) {
      const x = data[k]! - mean[j]!;
      square += x * x;
      alongMean[i]! += x * mean[j]!;
    }
    fourthPowers += square * square;
  }

  let [centered, uncentered]: Tridiagonal[] = [];
  if (pointCount <= features) {
    const gram = blockwiseGram((start, count) => {
      const block = new Float64Array(count * features);
      for (let i = 0; i < count; i++) for (let j = 0, k = rows[start + i]! * features; j < features; j++, k++) block[i * features + j] = data[k]! - mean[j]!;
      return block;
    }, pointCount, features);
    centered = tridiagonalize(gram, pointCount, { first: alongMean });
    // In the direction of all ones, which is orthogonal to every centered feature, the mean adds one row and column.
    const border = Math.sqrt(pointCount * alongMean.reduce((sum, x) => sum + x * x, 0));
    uncentered = { diagonal: Float64Array.of(pointCount * meanSquare, ...centered.diagonal), offDiagonal: Float64Array.of(border, ...centered.offDiagonal) };
  } else {
    const scatter = blockwiseGram((start, count) => {
      const block = new Float64Array(count * pointCount);
      for (let i = 0; i < pointCount; i++) for (let j = 0, k = rows[i]! * features + start; j < count; j++, k++) block[j * pointCount + i] = data[k]! - mean[start + j]!;
      return block;
    }, features, pointCount);
    centered = tridiagonalize(scatter, features, { first: mean });
    uncentered = { ...centered, diagonal: Float64Array.from(centered.diagonal) };
    uncentered.diagonal[0]! += pointCount * meanSquare;
  }
  const most = Math.min(pointCount, features);
  const values = { centered: tridiagonalEigenvalues(centered).subarray(0, most), uncentered: tridiagonalEigenvalues(uncentered).subarray(0, most) };
  dropRounding(values, { size: Math.max(pointCount, features), isSingle: data instanceof Float32Array });
  return { ...values, fourthPowers, pointCount };
}

/** Sets to 0 what rounding alone would leave: of the inner products in float64, and of the data in their own precision. */
function dropRounding({ centered, uncentered }: { centered: Float64Array; uncentered: Float64Array }, { size, isSingle }: { size: number; isSingle: boolean }): void {
  const ofData = (isSingle ? 2 ** -23 : Number.EPSILON) ** 2 * uncentered[0]!;
  for (const values of [centered, uncentered]) {
    const least = size * (Number.EPSILON * values[0]! + ofData);
    for (let i = 0; i < values.length; i++) if (!(values[i]! > least)) values[i] = 0;
  }
}
