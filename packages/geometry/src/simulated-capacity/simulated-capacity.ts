import { addScaled, crossProducts, orthonormalize, type RandomStream } from '@memgeo/numerics';
import { drawDichotomy } from '../cone/dichotomies.js';
import { groupByManifold, type LabeledPoints } from '../points/labeled-points.js';
import { exactly, type Estimate } from '../statistics/estimate.js';
import { findCriticalDimension, type CriticalDimension } from './critical-dimension.js';
import { certifySeparability } from './separability.js';

/** The capacity of manifolds as found by separating them. */
export type SimulatedCapacity = {
  /** Manifolds per dimension at which half of the random dichotomies are separable, P / N_c; NaN if the features are too few to tell. */
  readonly capacity: Estimate;
  /** N_c: dimensions in which half of the random dichotomies are separable. */
  readonly criticalDimension: Estimate;
  /** Numbers of dimensions that were tried, ascending, with the number of separable repetitions. */
  readonly visited: CriticalDimension['visited'];
  readonly repetitions: number;
  /** Why there is no capacity; empty if there is one. */
  readonly reason: string;
  readonly manifoldCount: number;
  /** Points per manifold; the smallest if they differ. */
  readonly pointsPerManifold: number;
  readonly ambientDimension: number;
  readonly diagnostics: {
    /** Dichotomies that were tested. */
    readonly tests: number;
    /** Tests without a certificate of either kind, counted as not separable. */
    readonly uncertified: number;
    /** What a reader should know before trusting the numbers. */
    readonly warnings: readonly string[];
  };
};

/**
 * Measures capacity by separating manifolds: the ground truth that mean-field capacity predicts.
 *
 * Projects all points on n random Gaussian directions, gives half of the manifolds one label and half the other, and tests whether a
 * hyperplane with a bias parts them, with a certificate either way; repeats, and searches by bisection the n at which half of the
 * repetitions are separable, as in [stephenson2021geometry; cohen2020separability]. Differs from their program in that a repetition keeps its
 * dichotomy and its directions for all n, of which n dimensions take the first n: at each n they are as random as fresh ones, so that p(n) is
 * unbiased, and p rises with n for sure, so that a repetition is tested only near its own threshold. Directions of unit norm are not
 * needed: separability does not depend on their length. Needs more than P / capacity features.
 *
 * @param points  Points with their manifolds: data, shape (points, features), float32 or float64, finite. Not modified.
 * @param options.repetitions  Random dichotomies and projections; the standard error falls with their root. Default 40.
 * @param options.tolerance  The search ends where the separable fraction is within this of one half; 0 brackets to one dimension. Default 0.
 * @param options.random  Stream of randomness; the same stream gives the same result.
 * @param options.onProgress  Called after each test, with the number of tests done and about how many there will be.
 * @throws RangeError if sizes disagree, a value is not finite or there are fewer than 2 manifolds.
 */
export function simulatedCapacity(
  points: LabeledPoints,
  options: { repetitions?: number; tolerance?: number; random: RandomStream; onProgress?: (done: number, total: number) => void },
): SimulatedCapacity {
  const { repetitions = 40, tolerance = 0, random, onProgress } = options;
  if (!(Number.isInteger(repetitions) && repetitions >= 2)) throw new RangeError(`simulatedCapacity: repetitions must be a whole number of at least 2; got ${repetitions}.`);
  if (!(tolerance >= 0 && tolerance < 0.5)) throw new RangeError(`simulatedCapacity: tolerance must be at least 0 and below 0.5; got ${tolerance}.`);
  const groups = groupByManifold(points, 'simulatedCapacity');
  const [manifoldCount, count, features] = [groups.length, ...points.shape];
  const { coordinates, width } = spanCoordinates(points);
  const sizes = groups.map(({ rows }) => rows.length);
  let [tests, uncertified] = [0, 0];
  const isSeparable = (repetition: number, n: number): boolean => {
    const sides = drawDichotomy(manifoldCount, random.fork('dichotomy', repetition));
    const labels = new Float64Array(count);
    groups.forEach(({ rows }, p) => { for (const row of rows) labels[row] = sides[p]!; });
    // As many directions as coordinates lose nothing.
    const projected = n === width ? coordinates.slice() : crossProducts(coordinates, count, random.fork('projection', repetition).fillNormal(new Float64Array(n * width)), n, width);
    const outcome = certifySeparability(projected, labels, n).isSeparable;
    tests++;
    if (outcome === undefined) uncertified++;
    onProgress?.(tests, Math.max(tests + 1, repetitions * (4 + Math.log2(width))));
    return outcome ?? false;
  };
  const { visited, ...critical } = findCriticalDimension({ repetitions, start: manifoldCount >> 1, largest: width, tolerance, isSeparable });
  const criticalDimension = Number.isFinite(critical.value) ? critical : exactly(Number.NaN);
  const warnings: string[] = [];
  if (uncertified > 0) warnings.push(`${uncertified} of ${tests} tests of separability ended without a certificate and count as not separable.`);
  if (new Set(sizes).size > 1) warnings.push(`Manifolds have between ${Math.min(...sizes)} and ${Math.max(...sizes)} points; capacities compare only at equal numbers.`);
  return {
    capacity: { value: manifoldCount / criticalDimension.value, standardError: (manifoldCount * criticalDimension.standardError) / criticalDimension.value ** 2 },
    criticalDimension,
    visited,
    repetitions,
    reason: Number.isFinite(critical.value) ? ''
      : `With all ${features} features ${visited.at(-1)!.separable} of ${repetitions} random dichotomies are separable, fewer than half: the capacity is below ${(manifoldCount / features).toPrecision(3)}.`,
    manifoldCount,
    pointsPerManifold: Math.min(...sizes),
    ambientDimension: features,
    diagnostics: { tests, uncertified, warnings },
  };
}

/** The centered points in at most as many coordinates as there are points, shape (points, width). */
function spanCoordinates({ data, shape: [count, features] }: LabeledPoints): { coordinates: Float64Array; width: number } {
  const centered = Float64Array.from(data);
  const mean = new Float64Array(features);
  for (let i = 0; i < count; i++) addScaled(mean, 0, 1 / count, centered, i * features, features);
  for (let i = 0; i < count; i++) addScaled(centered, i * features, -1, mean, 0, features);
  if (features <= count) return { coordinates: centered, width: features };
  const { coordinates, rank } = orthonormalize(centered, count, features);
  const width = Math.max(1, rank);
  const compact = new Float64Array(count * width);
  for (let i = 0; i < count; i++) compact.set(coordinates.subarray(i * count, i * count + rank), i * width);
  return { coordinates: compact, width };
}
