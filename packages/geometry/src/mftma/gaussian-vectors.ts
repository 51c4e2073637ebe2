import type { MeasuredManifold } from './measure-manifolds.js';

type Measured = readonly (MeasuredManifold | undefined)[];

/** Vectors of the first try, and the most that are drawn. */
const [first, most] = [100, 20_000];
/** Draws somewhat more than the first try asks for, because its estimate of the error has an error itself. */
const reserve = 1.1;

/**
 * Measures with a number of Gaussian vectors per manifold, or with as many as it takes.
 *
 * @param wanted  The number, or `auto`: until the sampling error of the capacity is at most `relativeError` of it.
 * @param options.measure  Measures every manifold with so many vectors.
 */
export function chooseGaussianVectors(
  wanted: number | 'auto', { relativeError, measure }: { relativeError: number; measure: (vectors: number) => Measured },
): { vectors: number; measured: Measured } {
  if (wanted !== 'auto') return { vectors: wanted, measured: measure(wanted) };
  let vectors = first;
  for (;;) {
    const measured = measure(vectors);
    const excess = capacityError(measured) / relativeError;
    if (!(excess > 1) || vectors >= most) return { vectors, measured };
    vectors = Math.min(most, Math.ceil(vectors * Math.max(1.2, reserve * excess ** 2)));
  }
}

/** Relative sampling error of the capacity, which is that of the mean inverse capacity. */
function capacityError(measured: Measured): number {
  let [sum, squares] = [0, 0];
  for (const manifold of measured) {
    if (manifold === undefined) continue;
    sum += manifold.inverseCapacity.value;
    squares += manifold.inverseCapacity.standardError ** 2;
  }
  return Math.sqrt(squares) / sum;
}
