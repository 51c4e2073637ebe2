import { Threads, toShared, type RandomStream } from '@memgeo/numerics';
import { groupRows, type LabeledPoints, type ManifoldRows } from '../points/labeled-points.js';
import { bootstrapMean, drawResamples, type IntervalEstimate } from '../statistics/bootstrap.js';
import type { Estimate } from '../statistics/estimate.js';
import { ballCapacity, pointCapacity } from '../theory/capacities.js';
import { meanAbsoluteCosine } from './center-correlation.js';
import { classCenters, directionsInFeatures, type ClassCenters } from './class-centers.js';
import { describeTrouble } from './diagnostics.js';
import { chooseGaussianVectors } from './gaussian-vectors.js';
import { findLowRankStructure, type LowRank, type LowRankStructure } from './low-rank.js';
import { measureManifolds, type MeasuredManifold } from './measure-manifolds.js';

/** A number averaged over manifolds: standard error and 95 % interval are over manifolds, by the bootstrap. */
export type ManifoldEstimate = IntervalEstimate & {
  /** Standard error over Gaussian vectors alone: what more of them would still change. NaN if the measure draws none. */
  readonly samplingError: number;
};

export type ManifoldGeometry = {
  /** Largest number of manifolds per feature that random labels still separate linearly, alpha_M; 2/M by chance. */
  readonly capacity: ManifoldEstimate;
  /** Size of the anchor points relative to the center's norm, R_M. */
  readonly radius: ManifoldEstimate;
  /** Spread of the anchor points along random directions, D_M; the form behind published values, low for D below about 5. */
  readonly dimension: ManifoldEstimate;
  /** The same by [chung2018classification, eq. 29], right at small D too. */
  readonly dimensionPrx: ManifoldEstimate;
  /** Size and spread of the points farthest along random directions, R_g and D_g: the geometry that no task has shaped. */
  readonly gaussianRadius: ManifoldEstimate;
  readonly gaussianDimension: ManifoldEstimate;
  /** Capacity of balls of the mean radius and mean `dimensionPrx`, alpha_Ball(R_M, D_M). */
  readonly ballCapacity: Estimate;
  /** Capacity with the correlation of the centers: each of the K shared directions takes a feature, P / (P / alpha_M + K). */
  readonly correlatedCapacity: ManifoldEstimate;
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
    /** Gaussian vectors per manifold. */
    readonly gaussianVectors: number;
    /** Anchor problems that needed the slow, safe path. */
    readonly fallbacks: number;
    /** Largest violation of the optimality conditions of an anchor problem, relative to the largest projection of its vector. */
    readonly violation: number;
    /** What a reader should know before trusting the numbers. */
    readonly warnings: readonly string[];
  };
};

/** How {@link manifoldGeometry} measures; every option but `random` has a default. */
export type ManifoldGeometryOptions = {
  readonly margin?: number;
  readonly gaussianVectors?: number | 'auto';
  readonly relativeError?: number;
  readonly lowRank?: LowRank;
  readonly restarts?: number;
  readonly threads?: number | Threads;
  readonly random: RandomStream;
  readonly onProgress?: (done: number, total: number) => void;
};

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
 * @param options.gaussianVectors  Gaussian vectors per manifold, n_t; the sampling error falls with its root. `auto` draws
 *   until that of the capacity is at most `relativeError` of it. Default 200.
 * @param options.relativeError  Bound for `auto`, in (0, 1). Default 0.01.
 * @param options.lowRank  `optimal` searches how many shared directions to remove, `none` or a number sets it. Default `optimal`.
 * @param options.restarts  Starts of the search per rank. Default 4.
 * @param options.threads  Threads to divide the work among, or a number of them to start and end; the result is the same. Default 1.
 *   Data outside a SharedArrayBuffer is copied for them.
 * @param options.random  Stream of randomness; the same stream gives the same result.
 * @param options.onProgress  Called after each manifold.
 * @returns estimates with their errors, values per manifold, diagnostics.
 * @throws RangeError if sizes disagree, a value is not finite, there are fewer than 2 manifolds, or every center has collapsed.
 */
export function manifoldGeometry(
  points: LabeledPoints,
  {
    margin = 0, gaussianVectors = 200, relativeError = 0.01, lowRank = 'optimal', restarts = 4, threads = 1, random, onProgress,
  }: ManifoldGeometryOptions,
): ManifoldGeometry {
  validateOptions({ margin, gaussianVectors, relativeError, lowRank, restarts });
  const pool = typeof threads === 'number' ? new Threads(threads) : threads;
  try {
    const groups = groupRows(points, 'manifoldGeometry');
    const features = points.shape[1];
    const shared = pool.count > 1 ? { ...points, data: toShared(points.data) } : points;
    const centers = classCenters(shared, groups, { threads: pool });
    const structure = findShared(centers, groups.length, { lowRank, restarts, random: random.fork('low-rank'), threads: pool });
    const removed = { globalMean: centers.globalMean, directions: directionsInFeatures(centers, structure.directions, structure.rank, features), rank: structure.rank };
    const measure = (vectors: number) => measureManifolds(shared, groups, removed, { margin, gaussianVectors: vectors, random, threads: pool, onProgress });
    const chosen = chooseGaussianVectors(gaussianVectors, { relativeError, measure });
    return summarize(points, groups, { ...chosen, centers, structure, margin, random: random.fork('bootstrap') });
  } finally {
    if (typeof threads === 'number') pool.close();
  }
}

type Measured = readonly (MeasuredManifold | undefined)[];

/** Averages over manifolds, with errors and diagnostics. */
function summarize(
  points: LabeledPoints, groups: readonly ManifoldRows[],
  found: { measured: Measured; vectors: number; centers: ClassCenters; structure: LowRankStructure; margin: number; random: RandomStream },
): ManifoldGeometry {
  const { measured, structure, random, margin } = found;
  const present = measured.filter((manifold) => manifold !== undefined);
  if (present.length === 0) throw new RangeError('manifoldGeometry: at least one manifold must have a center of its own; all centers lie at the mean of all points. Is the layer dead?');
  const sizes = groups.map(({ rows }) => rows.length);
  const resamples = drawResamples(present.length, random);
  const average = (name: 'radius' | 'dimension' | 'dimensionPrx' | 'gaussianRadius' | 'gaussianDimension') => averageOf(present.map((manifold) => manifold[name]), resamples);
  const [capacity, radius, dimensionPrx] = [capacityOf(present, resamples), average('radius'), average('dimensionPrx')];
  const perManifold = (measure: (manifold: MeasuredManifold) => number) => Float64Array.from(measured, (manifold) => (manifold ? measure(manifold) : Number.NaN));
  const ball = radius.value > 0 ? ballCapacity(Math.max(1, dimensionPrx.value), radius.value, margin) : pointCapacity(margin);
  return {
    capacity,
    radius,
    dimension: average('dimension'),
    dimensionPrx,
    gaussianRadius: average('gaussianRadius'),
    gaussianDimension: average('gaussianDimension'),
    ballCapacity: { value: ball, standardError: Number.NaN },
    correlatedCapacity: withSharedDirections(capacity, { manifolds: groups.length, rank: structure.rank }),
    centerCorrelation: meanAbsoluteCosine(found.centers.gram, groups.length),
    centerRank: structure.rank,
    perManifold: {
      manifold: Int32Array.from(groups, ({ manifold }) => manifold),
      capacity: perManifold((manifold) => 1 / manifold.inverseCapacity.value),
      radius: perManifold((manifold) => manifold.radius.value),
      dimension: perManifold((manifold) => manifold.dimension.value),
      dimensionPrx: perManifold((manifold) => manifold.dimensionPrx.value),
    },
    manifoldCount: groups.length,
    pointsPerManifold: Math.min(...sizes),
    ambientDimension: points.shape[1],
    diagnostics: {
      residuals: structure.residuals,
      stability: structure.stability,
      lowRankIterations: structure.iterations,
      hasConverged: structure.hasConverged,
      gaussianVectors: found.vectors,
      fallbacks: present.reduce((sum, manifold) => sum + manifold.fallbacks, 0),
      violation: present.reduce((most, manifold) => Math.max(most, manifold.violation), 0),
      warnings: describeTrouble({ groups, centerGram: found.centers.gram, measured, hasConverged: structure.hasConverged, names: points.manifoldNames ?? {} }),
    },
  };
}

/** The average over manifolds is harmonic. */
function capacityOf(manifolds: readonly MeasuredManifold[], resamples: Int32Array): ManifoldEstimate {
  const { value: inverse, samplingError } = averageOf(manifolds.map((manifold) => manifold.inverseCapacity), resamples);
  const inverses = manifolds.map((manifold) => manifold.inverseCapacity.value);
  return { ...bootstrapMean(inverses, { resamples, statistic: (mean) => 1 / mean }), samplingError: samplingError / inverse ** 2 };
}

/** The capacity when each shared direction takes a feature of its own: P / (P / alpha + K). */
function withSharedDirections({ value, standardError, interval, samplingError }: ManifoldEstimate, { manifolds, rank }: { manifolds: number; rank: number }): ManifoldEstimate {
  const share = (capacity: number) => manifolds / (manifolds / capacity + rank);
  const slope = (share(value) / value) ** 2;
  return { value: share(value), standardError: slope * standardError, interval: [share(interval[0]), share(interval[1])], samplingError: slope * samplingError };
}

/** Mean over manifolds; their Gaussian vectors are independent, so their sampling errors add in squares. */
function averageOf(estimates: readonly Estimate[], resamples: Int32Array): ManifoldEstimate {
  const squares = estimates.reduce((sum, { standardError }) => sum + standardError ** 2, 0);
  return { ...bootstrapMean(estimates.map(({ value }) => value), { resamples }), samplingError: Math.sqrt(squares) / estimates.length };
}

/** The structure shared by the centers that have a norm; with none, nothing is shared. */
function findShared(centers: ClassCenters, count: number, options: { lowRank: LowRank; restarts: number; random: RandomStream; threads: Threads }): LowRankStructure {
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
  return findLowRankStructure({ coordinates, gram, count: kept.length, dimension }, options);
}

function validateOptions(
  { margin, gaussianVectors, relativeError, lowRank, restarts }: { margin: number; gaussianVectors: number | 'auto'; relativeError: number; lowRank: LowRank; restarts: number },
): void {
  if (!(margin >= 0 && margin < Infinity)) throw new RangeError(`manifoldGeometry: margin must be finite and at least 0; got ${margin}.`);
  if (gaussianVectors !== 'auto' && !(Number.isInteger(gaussianVectors) && gaussianVectors >= 1)) {
    throw new RangeError(`manifoldGeometry: gaussianVectors must be "auto" or a whole number of at least 1; got ${gaussianVectors}.`);
  }
  if (!(relativeError > 0 && relativeError < 1)) throw new RangeError(`manifoldGeometry: relativeError must lie between 0 and 1; got ${relativeError}.`);
  if (!(Number.isInteger(restarts) && restarts >= 1)) throw new RangeError(`manifoldGeometry: restarts must be a whole number of at least 1; got ${restarts}.`);
  if (lowRank !== 'optimal' && lowRank !== 'none' && !(Number.isInteger(lowRank) && lowRank >= 0)) {
    throw new RangeError(`manifoldGeometry: lowRank must be "optimal", "none" or a whole number of at least 0; got ${lowRank}.`);
  }
}
