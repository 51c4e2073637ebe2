import { Threads, toShared, type DivisibleWork } from '@memgeo/numerics';
import { groupByManifold, type LabeledPoints } from '../points/labeled-points.js';
import { jackknifeError, type Estimate } from '../statistics/estimate.js';
import { cloudSpectrum } from './cloud-spectrum.js';
import { measureSpectrum, spectralMeasures, type Measured, type SpectralMeasure } from './spectral-measures.js';

export type SpectralDimensions = { readonly [measure in SpectralMeasure]: Measured & Estimate };

type Context = {
  readonly points: Pick<LabeledPoints, 'data' | 'shape'>;
  readonly varianceShare: number;
  /** Group of each point that is left out together, shape (points). */
  readonly groupOf: Int32Array;
  /** Receives the measures without each group, shape (groups, measures). */
  readonly results: Float64Array;
};

/** The measures without one group of points: fit for any thread. */
const leaveOutWork: DivisibleWork<Context> = { module: import.meta.url, name: 'prepareLeaveOut', prepare: prepareLeaveOut };

/**
 * Measures how many dimensions a cloud of points fills, from the spectrum of all its points together.
 *
 * All but `participationRatioCorrected` grow with the number of points while that is not far above the number of dimensions, so
 * compare them at equal numbers: n points of an isotropic N-dimensional Gaussian have a participation ratio of about nN/(n + N).
 * The correction replaces (tr C)^2 and tr C^2 by unbiased estimates, as [chun2026estimating] do for samples; the ratio keeps a bias
 * of order 1/n. It takes points for independent draws, which points of few classes are only roughly. RankMe leaves out the paper's
 * small constant (1e-7). The exponent of alpha-ReQ comes out too steep where the sample spectrum ends, at as many points as features.
 *
 * Standard errors: jackknife over groups of manifolds, one group left out at a time and every measure computed anew. It overstates
 * the error where the variance is the same in all directions, since a ratio of sums then hardly depends on the draw.
 *
 * @param points  Data, shape (points, features), float32 or float64, finite. Not modified.
 * @param options.varianceShare  Share of the variance to explain, above 0 and at most 1. Default 0.9.
 * @param options.errorGroups  Most groups of the jackknife; below 2 there are no standard errors. Each costs as much as the values. Default 8.
 * @param options.threads  Threads that share the groups. Default: this one alone.
 * @param options.onProgress  Called after each spectrum.
 * @returns by measure, see {@link spectralMeasures}: value, standard error, and a note where there is no value.
 * @throws RangeError if sizes disagree, a value is not finite, or an option is out of its range.
 */
export function spectralDimensions(
  points: LabeledPoints,
  options: { varianceShare?: number; errorGroups?: number; threads?: Threads; onProgress?: (done: number, total: number) => void } = {},
): SpectralDimensions {
  const { varianceShare = 0.9, errorGroups = 8, threads = new Threads(1), onProgress } = options;
  if (!(varianceShare > 0 && varianceShare <= 1)) throw new RangeError(`spectralDimensions: varianceShare must be above 0 and at most 1; got ${varianceShare}.`);
  if (!(Number.isInteger(errorGroups) && errorGroups >= 0)) throw new RangeError(`spectralDimensions: errorGroups must be a whole number of at least 0; got ${errorGroups}.`);
  const manifolds = groupByManifold(points, 'spectralDimensions', { fewest: 1 });
  const most = Math.min(errorGroups, manifolds.length);
  const groupCount = most < 2 ? 0 : most;
  const whole = measureSpectrum(cloudSpectrum(points, Int32Array.from({ length: points.shape[0] }, (_, row) => row)), { varianceShare });
  onProgress?.(1, 1 + groupCount);
  const groupOf = new Int32Array(points.shape[0]);
  manifolds.forEach(({ rows }, manifold) => rows.forEach((row) => { groupOf[row] = manifold % groupCount; }));
  const share = threads.count > 1 ? toShared : <T>(array: T) => array;
  const results = share(new Float64Array(groupCount * spectralMeasures.length));
  const context: Context = { points: { data: share(points.data), shape: points.shape }, varianceShare, groupOf, results };
  if (groupCount > 0) threads.run(leaveOutWork, context, { pieces: groupCount, onProgress: (done) => onProgress?.(1 + done, 1 + groupCount) });
  return Object.fromEntries(spectralMeasures.map((measure, i) => {
    const leftOut = Float64Array.from({ length: groupCount }, (_, group) => results[group * spectralMeasures.length + i]!);
    return [measure, { ...whole[measure], standardError: jackknifeError(leftOut) }];
  })) as SpectralDimensions;
}

/** Prepares a thread for {@link leaveOutWork}. */
export function prepareLeaveOut({ points, varianceShare, groupOf, results }: Context): (group: number) => void {
  return (group) => {
    const rows = Int32Array.from([...groupOf.keys()].filter((row) => groupOf[row] !== group));
    const measured = measureSpectrum(cloudSpectrum(points, rows), { varianceShare });
    results.set(spectralMeasures.map((measure) => measured[measure].value), group * spectralMeasures.length);
  };
}
