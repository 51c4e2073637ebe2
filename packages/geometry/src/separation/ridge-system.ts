import { crossProducts, gramOfRows, invertPositive } from '@memgeo/numerics';
import { transpose } from './compact-rows.js';

/** Ridge regression at one penalty: what chooses between penalties, and how to finish if it is chosen. */
export type RidgeSolution = {
  /** n |residuals|^2 / Tr(I - H)^2, [golub1979generalized]. */
  readonly crossValidation: number;
  readonly finish: () => {
    /** Shape (classes, samples). */
    readonly residuals: Float64Array;
    /** 1 - h_ii with the intercept in H, shape (samples). */
    readonly freedom: Float64Array;
    /** Shape (classes, features). */
    readonly weights: Float64Array;
  };
};

/** Solves for centered targets, shape (classes, samples), at one penalty. Targets must not change between penalties. */
export type RidgeSystem = {
  /** Mean of the eigenvalues of X'X that are not zero by the shape of X. */
  readonly meanEigenvalue: number;
  readonly at: (penalty: number) => ((targets: Float64Array, classCount: number) => RidgeSolution) | undefined;
};

/**
 * Prepares ridge regression on samples X with an intercept, through the smaller of X X' and X'X.
 *
 * X centered over its samples; A = X X' + penalty I or X'X + penalty I; H = 11'/n + X (X'X + penalty I)^-1 X'.
 *
 * @param rows  X, shape (samples, features).
 */
export function ridgeSystem(rows: Float64Array, { samples, features }: { samples: number; features: number }): RidgeSystem {
  return samples <= features ? dualSystem(rows, samples, features) : primalSystem(rows, samples, features);
}

function dualSystem(X: Float64Array, samples: number, features: number): RidgeSystem {
  const gram = gramOfRows(X, samples, features);
  const columns = transpose(X, samples, features);
  return {
    meanEigenvalue: sumDiagonal(gram, samples) / Math.min(samples - 1, features),
    at: (penalty) => {
      const inverse = invertPositive(addToDiagonal(gram, samples, penalty), samples);
      if (inverse === undefined) return undefined;
      const freedomLeft = penalty * sumDiagonal(inverse, samples) - 1;
      return (targets, classCount) => {
        const coefficients = crossProducts(targets, classCount, inverse, samples, samples);
        return {
          crossValidation: (samples * penalty ** 2 * sumSquares(coefficients)) / freedomLeft ** 2,
          finish: () => ({
            residuals: coefficients.map((value) => penalty * value),
            freedom: Float64Array.from({ length: samples }, (_, i) => penalty * inverse[i * samples + i]! - 1 / samples),
            weights: crossProducts(coefficients, classCount, columns, features, samples),
          }),
        };
      };
    },
  };
}

/** Rows multiplied by the inverse at once. */
const rowsAtOnce = 512;

function primalSystem(X: Float64Array, samples: number, features: number): RidgeSystem {
  const columns = transpose(X, samples, features);
  const gram = gramOfRows(columns, features, samples);
  /** X'Y by targets, the same at every penalty. */
  const momentsOf = new WeakMap<Float64Array, Float64Array>();
  return {
    meanEigenvalue: sumDiagonal(gram, features) / Math.min(samples - 1, features),
    at: (penalty) => {
      const inverse = invertPositive(addToDiagonal(gram, features, penalty), features);
      if (inverse === undefined) return undefined;
      const freedomLeft = samples - 1 - features + penalty * sumDiagonal(inverse, features);
      let freedom: Float64Array | undefined;
      return (targets, classCount) => {
        const moments = momentsOf.get(targets) ?? crossProducts(targets, classCount, columns, features, samples);
        momentsOf.set(targets, moments);
        const weights = crossProducts(moments, classCount, inverse, features, features);
        const explained = moments.reduce((sum, value, i) => sum + value * weights[i]!, 0) + penalty * sumSquares(weights);
        return {
          crossValidation: (samples * Math.max(0, sumSquares(targets) - explained)) / freedomLeft ** 2,
          finish: () => {
            const fitted = crossProducts(weights, classCount, X, samples, features);
            freedom ??= primalFreedom(X, inverse, samples, features);
            return { residuals: targets.map((value, i) => value - fitted[i]!), freedom, weights };
          },
        };
      };
    },
  };
}

/** 1 - 1/n - x_i' A^-1 x_i. */
function primalFreedom(X: Float64Array, inverse: Float64Array, samples: number, features: number): Float64Array {
  const freedom = new Float64Array(samples);
  for (let start = 0; start < samples; start += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, samples - start);
    const block = X.subarray(start * features, (start + count) * features);
    const products = crossProducts(block, count, inverse, features, features);
    for (let i = 0; i < count; i++) {
      let leverage = 1 / samples;
      for (let j = 0; j < features; j++) leverage += products[i * features + j]! * block[i * features + j]!;
      freedom[start + i] = 1 - leverage;
    }
  }
  return freedom;
}

function addToDiagonal(matrix: Float64Array, size: number, value: number): Float64Array {
  const sum = matrix.slice();
  for (let i = 0; i < size; i++) sum[i * size + i]! += value;
  return sum;
}

function sumDiagonal(matrix: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += matrix[i * size + i]!;
  return sum;
}

function sumSquares(values: Float64Array): number {
  return values.reduce((sum, x) => sum + x * x, 0);
}
