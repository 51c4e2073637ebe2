import type { RandomStream } from '@memgeo/numerics';
import { meanAbsoluteCosine } from './center-correlation.js';
import { classCenters, directionsInFeatures } from './class-centers.js';
import { groupByManifold, type LabeledPoints } from '../points/labeled-points.js';
import { findLowRankStructure, type LowRank } from './low-rank.js';
import { drawGaussianVectors, localCoordinates, manifoldStatistics, type ManifoldStatistics } from './manifold-statistics.js';
import { relativePoints } from './relative-points.js';
import { meanOf, type Estimate } from '../statistics/estimate.js';

export type ManifoldGeometry = {
  /** Largest number of manifolds per feature that random labels still separate linearly, alpha_M; 2/M by chance. */
  readonly capacity: Estimate;
  /** Size of the anchor points relative to the center's norm, R_M. */
  readonly radius: Estimate;
  /** Spread of the anchor points along random directions, D_M; the form behind published values, low for D below about 5. */
  readonly dimension: Estimate;
  /** The same by [chung2018classification, eq. 29], right at small D too. */
  readonly dimensionPrx: Estimate;
  /** Mean |cosine| between globally centered class centers, before their shared structure is removed. */
  readonly centerCorrelation: Estimate;
  /** Number of directions shared by the centers and removed, K. */
  readonly centerRank: number;
  /** By manifold, in ascending order of its number; NaN where the center has collapsed. */
  readonly perManifold: {
    readonly manifold: Int32Array;
    readonly capacity: Float64Array;
    readonly radius: Float64Array;
    readonly dimension: Float64Array;
    readonly dimensionPrx: Float64Array;
  };
  readonly manifoldCount: number;
  /** Points per manifold; the smallest if they differ. */
  readonly pointsPerManifold: number;
  readonly ambientDimension: number;
  readonly diagnostics: {
    /** Mean |cosine| of what is left of the centers, by the number of directions removed, from 0. */
    readonly residuals: readonly number[];
    /** Smallest norm a center keeps after the removal, as a fraction. */
    readonly stability: number;
    readonly lowRankIterations: number;
    readonly hasConverged: boolean;
    /** Anchor problems that needed the slow, safe path. */
    readonly fallbacks: number;
    /** What a reader should know before trusting the numbers. */
    readonly warnings: readonly string[];
  };
};

/** The theory is exact for many manifolds; below this number it shows trends. */
const manyManifolds = 30;

/**
 * Measures the geometry of class manifolds by mean-field theory: capacity, radius, dimension, center correlation.
 *
 * Removes the low-dimensional structure that the centers share, then averages the anchor points of each manifold over Gaussian
 * vectors, each found exactly by non-negative least squares. Follows [stephenson2021geometry; chung2018classification;
 * cohen2020separability]; differs from their program where docs in this package's README say so. Radius and dimension are
 * measured after the removal, the center correlation before. Capacities compare only at equal points per manifold.
 *
 * @param points  Points with their manifolds: data, shape (points, features), float32 or float64, finite. Not modified.
 * @param options.margin  kappa, in units of a center's norm, >= 0. Default 0.
 * @param options.gaussianVectors  Gaussian vectors per manifold, n_t; the standard error falls with its root. Default 200.
 * @param options.lowRank  `optimal` searches how many shared directions to remove, `none` or a number sets it. Default `optimal`.
 * @param options.restarts  Random starts of the search per rank. Default 4.
 * @param options.random  Stream of randomness; the same stream gives the same result.
 * @param options.onProgress  Called after each manifold.
 * @returns estimates with the standard error over manifolds, values per manifold, diagnostics.
 * @throws RangeError if sizes disagree, a value is not finite, there are fewer than 2 manifolds, or every center has collapsed.
 */
export function manifoldGeometry(
  points: LabeledPoints,
  options: {
    margin?: number; gaussianVectors?: number; lowRank?: LowRank; restarts?: number; random: RandomStream; onProgress?: (done: number, total: number) => void;
  },
): ManifoldGeometry {
  const { margin = 0, gaussianVectors = 200, lowRank = 'optimal', restarts = 4, random, onProgress } = options;
  validateOptions({ margin, gaussianVectors, lowRank, restarts });
  const groups = groupByManifold(points, 'manifoldGeometry');
  const [count, features] = [groups.length, points.shape[1]];
  const nameOf = (p: number) => { const { manifold } = groups[p]!; const name = points.manifoldNames?.[manifold]; return name === undefined ? `${manifold}` : `${manifold} ("${name}")`; };
  const centers = classCenters(points, groups);
  const structure = findShared(centers, count, { lowRank, restarts, random: random.fork('low-rank') });
  const directions = directionsInFeatures(centers, structure.directions, structure.rank, features);

  const statistics: (ManifoldStatistics | undefined)[] = [];
  const warnings: string[] = [];
  for (const [p, { rows }] of groups.entries()) {
    const relative = relativePoints(points, rows, { globalMean: centers.globalMean, directions, rank: structure.rank });
    if (relative === undefined) {
      warnings.push(`The center of manifold ${nameOf(p)} lies at the mean of all points; it is left out.`);
      statistics.push(undefined);
    } else {
      const local = localCoordinates(relative, rows.length, features);
      const gaussian = drawGaussianVectors(random.fork('manifold', groups[p]!.manifold), gaussianVectors, local.dimension);
      statistics.push(manifoldStatistics(local, { margin, gaussian }));
    }
    onProgress?.(p + 1, count);
  }
  const measured = statistics.filter((s) => s !== undefined);
  if (measured.length === 0) throw new RangeError('manifoldGeometry: at least one manifold must have a center of its own; all centers lie at the mean of all points. Is the layer dead?');
  const sizes = groups.map(({ rows }) => rows.length);
  if (count < manyManifolds) warnings.push(`The theory assumes many manifolds; with ${count}, below ${manyManifolds}, read trends only.`);
  if (new Set(sizes).size > 1) warnings.push(`Manifolds have between ${Math.min(...sizes)} and ${Math.max(...sizes)} points; capacities compare only at equal numbers.`);
  const inverse = meanOf(measured.map((s) => s.inverseCapacity));
  const perManifold = (measure: (s: ManifoldStatistics) => number) => Float64Array.from(statistics, (s) => (s ? measure(s) : Number.NaN));
  return {
    // The average over manifolds is harmonic; its error follows by the delta method.
    capacity: { value: 1 / inverse.value, standardError: inverse.standardError / inverse.value ** 2 },
    radius: meanOf(measured.map((s) => s.radius)),
    dimension: meanOf(measured.map((s) => s.dimension)),
    dimensionPrx: meanOf(measured.map((s) => s.dimensionPrx)),
    centerCorrelation: meanAbsoluteCosine(centers.gram, count),
    centerRank: structure.rank,
    perManifold: {
      manifold: Int32Array.from(groups, ({ manifold }) => manifold),
      capacity: perManifold((s) => 1 / s.inverseCapacity),
      radius: perManifold((s) => s.radius),
      dimension: perManifold((s) => s.dimension),
      dimensionPrx: perManifold((s) => s.dimensionPrx),
    },
    manifoldCount: count,
    pointsPerManifold: Math.min(...sizes),
    ambientDimension: features,
    diagnostics: {
      residuals: structure.residuals,
      stability: structure.stability,
      lowRankIterations: structure.iterations,
      hasConverged: structure.hasConverged,
      fallbacks: measured.reduce((sum, s) => sum + s.fallbacks, 0),
      warnings,
    },
  };
}

/** The structure shared by the centers that have a norm; with none, nothing is shared. */
function findShared(centers: ReturnType<typeof classCenters>, count: number, options: { lowRank: LowRank; restarts: number; random: RandomStream }) {
  const norms = Array.from({ length: count }, (_, p) => centers.gram[p * count + p]!);
  const largest = Math.max(...norms);
  const kept = norms.flatMap((norm, p) => (norm > 1e-16 * largest ? [p] : []));
  const { dimension } = centers;
  const coordinates = new Float64Array(kept.length * dimension);
  const gram = new Float64Array(kept.length ** 2);
  kept.forEach((p, i) => {
    coordinates.set(centers.coordinates.subarray(p * dimension, (p + 1) * dimension), i * dimension);
    kept.forEach((q, j) => { gram[i * kept.length + j] = centers.gram[p * count + q]!; });
  });
  const most = Math.min(kept.length - 2, dimension - 1);
  if (typeof options.lowRank === 'number' && options.lowRank > most) {
    throw new RangeError(`manifoldGeometry: lowRank must be at most ${Math.max(0, most)} for ${kept.length} manifolds in ${dimension} dimensions; got ${options.lowRank}.`);
  }
  return findLowRankStructure(coordinates, gram, { count: kept.length, dimension, ...options });
}

function validateOptions({ margin, gaussianVectors, lowRank, restarts }: { margin: number; gaussianVectors: number; lowRank: LowRank; restarts: number }): void {
  if (!(margin >= 0 && margin < Infinity)) throw new RangeError(`manifoldGeometry: margin must be finite and at least 0; got ${margin}.`);
  if (!(Number.isInteger(gaussianVectors) && gaussianVectors >= 1)) throw new RangeError(`manifoldGeometry: gaussianVectors must be a whole number of at least 1; got ${gaussianVectors}.`);
  if (!(Number.isInteger(restarts) && restarts >= 1)) throw new RangeError(`manifoldGeometry: restarts must be a whole number of at least 1; got ${restarts}.`);
  if (lowRank !== 'optimal' && lowRank !== 'none' && !(Number.isInteger(lowRank) && lowRank >= 0)) {
    throw new RangeError(`manifoldGeometry: lowRank must be "optimal", "none" or a whole number of at least 0; got ${lowRank}.`);
  }
}
