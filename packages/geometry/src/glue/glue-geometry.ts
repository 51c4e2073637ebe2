import { addScaled, gatherRows, gramOfRows, type RandomStream } from '@memgeo/numerics';
import { pointsByGram, pointsByRows } from '../cone/cone-points.js';
import type { Dichotomies } from '../cone/dichotomies.js';
import { groupByManifold, type LabeledPoints } from '../points/labeled-points.js';
import { exactly, jackknifeError, meanOf, type Estimate } from '../statistics/estimate.js';
import { anchorGeometry, type AnchorGeometry } from './anchor-geometry.js';
import { sampleAnchors } from './sample-anchors.js';

/** The effective geometry of manifolds in the space they share. */
export type GlueGeometry = {
  /** Manifolds per feature that random dichotomies still separate by a plane through the origin, 1 / alpha = E|v - t|^2 / P. */
  readonly capacity: Estimate;
  /** Spread of the anchors about their centers along random directions, D = E[c] / P. 0 if they do not move. */
  readonly dimension: Estimate;
  /** Size of that spread relative to the centers, R = sqrt(E[b] / E[c - b]). 0 if the anchors do not move. */
  readonly radius: Estimate;
  /** Mean |cosine| between anchor centers of two manifolds. */
  readonly centerAlignment: Estimate;
  /** Mean |cosine| between anchor axes of two manifolds. */
  readonly axisAlignment: Estimate;
  /** Mean |cosine| between the center of one and the axis of another manifold. */
  readonly centerAxisAlignment: Estimate;
  /** (1 + R^-2) / D: the capacity that radius and dimension alone give. */
  readonly geometricCapacity: Estimate;
  /** Psi = E[b] / E[a], with capacity = Psi (1 + R^-2) / D. */
  readonly utility: Estimate;
  readonly manifoldCount: number;
  /** Points per manifold; the smallest if they differ. */
  readonly pointsPerManifold: number;
  readonly ambientDimension: number;
  readonly diagnostics: {
    /** Mean fraction of manifolds without a point that the projection touches. */
    readonly inactiveFraction: number;
    /** Samples in which no vector but 0 is on the right side of every point. */
    readonly collapsed: number;
    /** Samples whose projection did not reach its tolerance. */
    readonly unsolved: number;
    /** What a reader should know before trusting the numbers. */
    readonly warnings: readonly string[];
  };
};

/** Groups of the jackknife. */
const mostGroups = 20;
/** Up to so many points all their inner products are kept, even if there are fewer features. */
const fewPoints = 2000;

/**
 * Measures the effective geometry of manifolds with all their correlations: GLUE [chou2025feature; chou2024geometry].
 *
 * For Gaussian vectors t and random dichotomies, projects t on the cone of vectors v with every manifold on its side, y_p x . v >= 0, and measures
 * the anchors: the mean of the points that hold v, by their multipliers. Needs no theory of many manifolds or random
 * orientations, unlike {@link manifoldGeometry}, and solves one problem for all manifolds at once. With centers S0 (means of anchors
 * over samples) and axes S1: a = |v - t|^2, b = (S1 t)'(G1 + G0)^+ (S1 t), c = (S1 t)' G1^+ (S1 t). Its authors' program is not public, and
 * conventions that papers leave open are decided here: see `sampleAnchors` for the sign of anchors and for manifolds that v does not touch;
 * averages come before ratios; alignments are mean absolute cosines. Where dichotomies are not separable by a plane
 * through the origin, capacity can not fall below P / N and means little. Standard errors are by the jackknife over 20 groups of samples.
 *
 * @param points  Points with their manifolds: data, shape (points, features), float32 or float64, finite. Not modified.
 * @param options.samples  Gaussian vectors and dichotomies, n_t; the standard error falls with its root. Default 100.
 * @param options.origin  `asGiven`: planes go through the origin of the features, as GLUE does; `mean`: through the mean of all points. Default `asGiven`.
 * @param options.dichotomies  Half of the manifolds against the other, or one against the rest. Default `balanced`.
 * @param options.random  Stream of randomness; the same stream gives the same result.
 * @param options.onProgress  Called after each sample.
 * @returns estimates; NaN where there is nothing to measure.
 * @throws RangeError if sizes disagree, a value is not finite or there are fewer than 2 manifolds.
 */
export function glueGeometry(
  points: LabeledPoints,
  options: { samples?: number; origin?: 'asGiven' | 'mean'; dichotomies?: Dichotomies; random: RandomStream; onProgress?: (done: number, total: number) => void },
): GlueGeometry {
  const { samples: sampleCount = 100, origin = 'asGiven', dichotomies = 'balanced', random, onProgress } = options;
  if (!(Number.isInteger(sampleCount) && sampleCount >= 2)) throw new RangeError(`glueGeometry: samples must be a whole number of at least 2; got ${sampleCount}.`);
  const groups = groupByManifold(points, 'glueGeometry');
  const [P, count, features] = [groups.length, ...points.shape];
  const rows = Float64Array.from(gatherRows(points.data, features, groups.flatMap((group) => [...group.rows])));
  if (origin === 'mean') center(rows, count, features);
  if (rows.every((x) => x === 0)) throw new RangeError('glueGeometry: at least one point must differ from the origin; all are 0. Is the layer dead?');
  const starts = Int32Array.from({ length: P + 1 }, (_, p) => groups.slice(0, p).reduce((sum, group) => sum + group.rows.length, 0));
  const conePoints = count <= Math.max(fewPoints, features) ? pointsByGram(gramOfRows(rows, count, features), count) : pointsByRows(rows, count, features);
  const samples = sampleAnchors(conePoints, { rows, features, starts, samples: sampleCount, dichotomies, random, onProgress });
  const [all, ...leftOut] = anchorGeometry(conePoints, samples, { starts, groups: Math.min(mostGroups, sampleCount) });
  const estimate = (statistic: (geometry: AnchorGeometry) => number): Estimate => ({ value: statistic(all!), standardError: jackknifeError(leftOut.map(statistic)) });
  const inverse = meanOf(samples.map(({ squaredDistance }) => squaredDistance / P));
  const hasAxes = all!.c > 0;
  const sizes = groups.map((group) => group.rows.length);
  const collapsed = samples.filter((sample) => sample.isCollapsed).length;
  const unsolved = samples.filter((sample) => !sample.isSolved).length;
  const warnings: string[] = [];
  if (collapsed > 0) warnings.push(`In ${collapsed} of ${sampleCount} samples no plane through the origin parts the manifolds; capacity can not fall below manifolds per feature, ${(P / features).toPrecision(3)}, and anchors mean little.`);
  if (unsolved > 0) warnings.push(`${unsolved} of ${sampleCount} projections did not reach their tolerance.`);
  if (new Set(sizes).size > 1) warnings.push(`Manifolds have between ${Math.min(...sizes)} and ${Math.max(...sizes)} points; capacities compare only at equal numbers.`);
  if (!hasAxes) warnings.push('The anchor of each manifold is the same in all samples, as with single points; dimension and radius are 0.');
  return {
    capacity: { value: 1 / inverse.value, standardError: inverse.standardError / inverse.value ** 2 },
    dimension: estimate(({ c }) => c / P),
    radius: hasAxes ? estimate(({ b, c }) => (c > b ? Math.sqrt(b / (c - b)) : Number.NaN)) : exactly(0),
    centerAlignment: estimate((geometry) => geometry.centerAlignment),
    axisAlignment: estimate((geometry) => geometry.axisAlignment),
    centerAxisAlignment: estimate((geometry) => geometry.centerAxisAlignment),
    geometricCapacity: hasAxes ? estimate(({ b }) => P / b) : exactly(Number.NaN),
    utility: estimate(({ a, b }) => b / a),
    manifoldCount: P,
    pointsPerManifold: Math.min(...sizes),
    ambientDimension: features,
    diagnostics: { inactiveFraction: meanOf(samples.map(({ inactive }) => inactive / P)).value, collapsed, unsolved, warnings },
  };
}

function center(rows: Float64Array, count: number, features: number): void {
  const mean = new Float64Array(features);
  for (let i = 0; i < count; i++) addScaled(mean, 0, 1 / count, rows, i * features, features);
  for (let i = 0; i < count; i++) addScaled(rows, i * features, -1, mean, 0, features);
}
