import type { RandomStream } from '@memgeo/numerics';
import type { LabeledPoints } from '../points/labeled-points.js';
import { exactly, type Estimate } from '../statistics/estimate.js';
import { classStatistics, type ClassStatistics } from './class-statistics.js';
import { estimateOverClasses, trace } from './class-subsets.js';
import { betweenClassDiscrimination, classDistanceVariance, withinClassCompression } from './compression.js';
import { fisherRatio } from './fisher-ratio.js';
import { fractionOf } from './fraction.js';
import { cosineSpread, frameDistance, normVariation, withinClassVariability } from './neural-collapse.js';

/** A measured number, and why there is none or what to know of it. */
export type NotedEstimate = Estimate & { readonly note?: string };

/** Each is described at its own function, as told at {@link classSeparation}. */
export type SeparationMeasure =
  | 'nc1' | 'withinClassCompression' | 'betweenClassDiscrimination' | 'cdnv' | 'nc2FrameDistance' | 'nc2NormVariation' | 'nc2CosineSpread'
  | 'fisherRatio' | 'nearestCenterAccuracy';

/** How the classes of a cloud of points stand apart. */
export type ClassSeparation = {
  /** By name. */
  readonly measures: { readonly [measure in SeparationMeasure]: NotedEstimate };
  /** Classes, points of the smallest class, features. */
  readonly manifoldCount: number;
  readonly pointsPerManifold: number;
  readonly ambientDimension: number;
  /** The classes, ascending, shape (K). */
  readonly manifolds: readonly number[];
  /** Their globally centered centers, shape (K, features). */
  readonly centered: Float64Array;
  /** The class whose center is nearest to each point, shape (points). */
  readonly nearest: Int32Array;
};

/** Squared distances between centers below this fraction of the points' mean squared norm are rounding of float32 values. */
const smallestSquare = 1e-13;

/**
 * Measures how classes stand apart: neural collapse NC1 and NC2 [papyan2020prevalence], compression and discrimination
 * [wang2023understanding], class-distance normalized variance [galanti2022role], the Fisher ratio and nearest-center accuracy.
 *
 * Each measure is described at its own function. Nearest-center accuracy leaves each point out of its own center and
 * corrects distances for the sampling error of centers, so that without class structure it is at chance. Standard errors are by the jackknife over classes, of the accuracy binomial
 * over points; the maximum in betweenClassDiscrimination has none. A measure that does not exist is NaN, and its note says why.
 *
 * @param points  Shape (points, features), with the class of each; at least 2 classes. Two passes, a float64 copy of few rows at a time.
 * @param options.limit  Size of the largest matrix to invert for the Fisher ratio. Default 1000.
 * @param options.random  Stream of the projection that the Fisher ratio needs beyond `limit`.
 * @throws RangeError if sizes disagree, a value is not finite or there are fewer than 2 classes.
 */
export function classSeparation(points: LabeledPoints, { limit = 1000, random }: { limit?: number; random: RandomStream }): ClassSeparation {
  const statistics = classStatistics(points, 'classSeparation');
  const { manifolds, counts, features, nearest, nearestHeldOut, classOf, centered } = statistics;
  const { single, coinciding, atMean, atOrigin, tooFew } = findDegeneracies(statistics);
  const heldOut = [...nearestHeldOut].flatMap((decision, i) => (decision < 0 ? [] : [decision === classOf[i]]));
  return {
    measures: {
      nc1: unless(single ?? coinciding.all, () => estimateOverClasses(statistics, withinClassVariability)),
      withinClassCompression: unless(single ?? coinciding.all, () => estimateOverClasses(statistics, withinClassCompression)),
      betweenClassDiscrimination: unless(atOrigin, () => exactly(estimateOverClasses(statistics, betweenClassDiscrimination).value)),
      cdnv: unless(single ?? coinciding.two, () => estimateOverClasses(statistics, classDistanceVariance)),
      nc2FrameDistance: unless(tooFew ?? coinciding.all, () => estimateOverClasses(statistics, frameDistance, { fewest: 3 })),
      nc2NormVariation: unless(tooFew ?? coinciding.all, () => estimateOverClasses(statistics, normVariation, { fewest: 3 })),
      nc2CosineSpread: unless(tooFew ?? atMean, () => estimateOverClasses(statistics, cosineSpread, { fewest: 3 })),
      fisherRatio: describeFisherRatio(fisherRatio(points, { limit, random }), single, limit),
      nearestCenterAccuracy: unless(single ?? coinciding.all, () => fractionOf(heldOut)),
    },
    manifoldCount: manifolds.length, pointsPerManifold: Math.min(...counts), ambientDimension: features, manifolds, centered, nearest: nearest.map((k) => manifolds[k]!),
  };
}

/** The measurement, or NaN where there is a reason against it. */
function unless(reason: string | undefined, measure: () => Estimate): NotedEstimate {
  return reason === undefined ? measure() : { ...exactly(NaN), note: reason };
}

function describeFisherRatio({ value, standardError, isProjected }: ReturnType<typeof fisherRatio>, single: string | undefined, limit: number): NotedEstimate {
  if (Number.isNaN(value)) return { ...exactly(NaN), note: single ?? 'The points of each class coincide: the ratio has no upper bound.' };
  return { value, standardError, ...(isProjected ? { note: `Measured in a random projection to ${limit} features.` } : {}) };
}

/** Reasons why a measure does not exist, in words; undefined where there is none. */
function findDegeneracies({ counts, manifolds, centerProducts, centeredProducts, meanSquare }: ClassStatistics): {
  single: string | undefined; coinciding: { all: string | undefined; two: string | undefined }; atMean: string | undefined; atOrigin: string | undefined; tooFew: string | undefined;
} {
  const size = manifolds.length;
  const least = smallestSquare * meanSquare;
  const when = (condition: boolean, reason: string) => (condition ? reason : undefined);
  const isAt = (products: Float64Array) => manifolds.some((_, k) => !(products[k * size + k]! > least));
  const distance = (j: number, k: number) => centeredProducts[j * size + j]! - 2 * centeredProducts[j * size + k]! + centeredProducts[k * size + k]!;
  return {
    single: when(counts.every((count) => count < 2), 'Each class has a single point: there is no spread within classes.'),
    coinciding: {
      all: when(!(trace(centeredProducts, size) / size > least), 'The class centers coincide.'),
      two: when(manifolds.some((_, j) => manifolds.some((__, k) => j < k && !(distance(j, k) > least))), 'Two class centers coincide.'),
    },
    atMean: when(isAt(centeredProducts), 'A class center coincides with the mean of the centers: it has no direction.'),
    atOrigin: when(isAt(centerProducts), 'A class center lies at the origin: it has no direction.'),
    tooFew: when(size < 3, 'Two centers always form a simplex frame; there must be 3 classes or more.'),
  };
}
