import { RandomStream, Threads, toShared, type DivisibleWork } from '@memgeo/numerics';
import type { LabeledPoints, ManifoldRows } from '../points/labeled-points.js';
import type { Estimate } from '../statistics/estimate.js';
import { layOutRows } from './class-centers.js';
import { localManifold, type Removed } from './local-manifold.js';
import { manifoldStatistics, type ManifoldStatistics } from './manifold-statistics.js';

type Points = Pick<LabeledPoints, 'data' | 'shape'>;

type Context = {
  readonly points: Points;
  /** Rows of the points, manifold after manifold, and where each manifold begins: shape (points) and (manifolds + 1). */
  readonly rows: Int32Array;
  readonly starts: Int32Array;
  /** Number of each manifold, which names its stream of randomness. */
  readonly manifolds: Int32Array;
  readonly removed: Removed;
  readonly margin: number;
  readonly gaussianVectors: number;
  readonly stream: string;
  /** Receives the results, shape (manifolds, fields). */
  readonly results: Float64Array;
};

/** What was measured of one manifold. */
export type MeasuredManifold = ManifoldStatistics & { readonly isDependent: boolean };

const estimates = ['inverseCapacity', 'radius', 'dimension', 'dimensionPrx', 'gaussianRadius', 'gaussianDimension'] as const;
/** State of a manifold, fallbacks and violation, then value and standard error of each estimate. */
const fieldCount = 3 + 2 * estimates.length;
const [collapsed, independent, dependent] = [0, 1, 2];

/** The anchor points of one manifold: fit for any thread. */
export const manifoldWork: DivisibleWork<Context> = { module: import.meta.url, name: 'prepareManifolds', prepare: prepareManifolds };

/**
 * Measures every manifold by itself, on all threads.
 *
 * The Gaussian vectors of a manifold come from a stream of its own, so that the number of threads changes nothing, and the first
 * vectors stay the same when there are more.
 *
 * @param points  In shared memory if there are several threads.
 * @returns one per group; undefined where the center has collapsed.
 */
export function measureManifolds(
  points: Points, groups: readonly ManifoldRows[], removed: Removed,
  options: { margin: number; gaussianVectors: number; random: RandomStream; threads: Threads; onProgress?: ((done: number, total: number) => void) | undefined },
): (MeasuredManifold | undefined)[] {
  const { margin, gaussianVectors, random, threads, onProgress } = options;
  const share = threads.count > 1 ? toShared : <T>(array: T) => array;
  const context: Context = {
    points: { data: points.data, shape: points.shape },
    ...layOutRows(groups),
    manifolds: Int32Array.from(groups, ({ manifold }) => manifold),
    removed: { globalMean: share(removed.globalMean), directions: share(removed.directions), rank: removed.rank },
    margin,
    gaussianVectors,
    stream: random.path,
    results: share(new Float64Array(groups.length * fieldCount)),
  };
  threads.run(manifoldWork, context, { pieces: groups.length, onProgress: onProgress && ((done) => onProgress(done, groups.length)) });
  return groups.map((_, p) => readResult(context.results.subarray(p * fieldCount, (p + 1) * fieldCount)));
}

/** Prepares a thread for {@link manifoldWork}. */
export function prepareManifolds({ points, rows, starts, manifolds, removed, margin, gaussianVectors, stream, results }: Context): (p: number) => void {
  return (p) => {
    const result = results.subarray(p * fieldCount, (p + 1) * fieldCount);
    const local = localManifold(points, rows.subarray(starts[p], starts[p + 1]), removed);
    if (local === undefined) {
      result[0] = collapsed;
      return;
    }
    const random = new RandomStream(stream).fork('manifold', manifolds[p]!);
    const gaussian = random.fillNormal(new Float64Array(gaussianVectors * (local.dimension + 1)));
    const statistics = manifoldStatistics(local, { margin, gaussian });
    result.set([local.isDependent ? dependent : independent, statistics.fallbacks, statistics.violation]);
    estimates.forEach((name, i) => result.set([statistics[name].value, statistics[name].standardError], 3 + 2 * i));
  };
}

function readResult(result: Float64Array): MeasuredManifold | undefined {
  const [state, fallbacks, violation] = result as unknown as [number, number, number];
  if (state === collapsed) return undefined;
  const measured = Object.fromEntries(estimates.map((name, i): [string, Estimate] => [name, { value: result[3 + 2 * i]!, standardError: result[4 + 2 * i]! }]));
  return { ...(measured as { [name in (typeof estimates)[number]]: Estimate }), fallbacks, violation, isDependent: state === dependent };
}
