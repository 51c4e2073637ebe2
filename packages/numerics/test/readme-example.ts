import { gramOfRows, randomStream, symmetricEigenvalues } from '../src/index.js';

/** Variances of Gaussian points along their principal axes, largest first. */
export function principalVariances(count: number, features: number): number[] {
  const points = randomStream(1, 'example', 'points').fillNormal(new Float64Array(count * features));
  return symmetricEigenvalues(gramOfRows(points, count, features), count).map((value) => value / count);
}
