import { kernels, Threads, toShared, type DivisibleWork } from '@memgeo/numerics';
import type { LabeledPoints } from '../points/labeled-points.js';

type Context = {
  readonly data: Float32Array | Float64Array;
  readonly features: number;
  /** Rows of the points, manifold after manifold, and where each manifold begins. */
  readonly rows: Int32Array;
  readonly starts: Int32Array;
  /** Receives the sums, shape (manifolds, features). */
  readonly sums: Float64Array;
};

/** The sum of the points of one manifold: fit for any thread. */
export const sumWork: DivisibleWork<Context> = { module: import.meta.url, name: 'prepareSums', prepare: prepareSums };

/** Sums the points of each manifold, on all threads. @returns shape (manifolds, features). */
export function sumManifolds(points: LabeledPoints, { rows, starts }: { rows: Int32Array; starts: Int32Array }, threads: Threads): Float64Array {
  const [manifolds, features] = [starts.length - 1, points.shape[1]];
  const sums = new Float64Array(manifolds * features);
  const context: Context = { data: points.data, features, rows, starts, sums: threads.count > 1 ? toShared(sums) : sums };
  threads.run(sumWork, context, { pieces: manifolds });
  return context.sums;
}

/** Prepares a thread for {@link sumWork}. */
export function prepareSums({ data, features, rows, starts, sums }: Context): (p: number) => void {
  return (p) => kernels().borrow((allocate) => {
    const [row, sum] = [allocate(features), allocate(features)];
    for (let i = starts[p]!; i < starts[p + 1]!; i++) {
      kernels().load(row, data, rows[i]! * features);
      kernels().functions.addScaled(sum.byteOffset, 1, row.byteOffset, features);
    }
    sums.set(sum, p * features);
  });
}
