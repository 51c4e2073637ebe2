import { Threads } from '@memgeo/numerics';
import type { StageContext } from '@memgeo/stage';
import { estimateSeconds, measureRates } from '../mftma/cost-model.js';
import { manifoldGeometry, type ManifoldGeometryOptions } from '../mftma/manifold-geometry.js';
import { exactly } from '../statistics/estimate.js';
import { measureEachSet } from './measure-sets.js';

type Params = Required<Omit<ManifoldGeometryOptions, 'threads' | 'random' | 'onProgress'>> & { readonly seed: number };
type Context = Pick<StageContext, 'progress' | 'warn' | 'log' | 'outputs' | 'threads'> & {
  readonly params: Params;
  readonly inputs: { readonly activations: { readonly [layer: string]: string } };
};

/** For the estimate of the time: what `auto` comes to for 100 manifolds of 50 points. */
const usualVectors = 150;

/** Measures capacity, radius, dimension and center correlation of each set of each layer. */
export async function measureMftma(context: Context): Promise<{ analyses: number }> {
  const { seed: _, ...options } = context.params;
  const threads = new Threads(context.threads);
  const rates = measureRates();
  const { gaussianVectors, lowRank, restarts } = options;
  const perSet = { gaussianVectors: gaussianVectors === 'auto' ? usualVectors : gaussianVectors, lowRank, restarts };
  try {
    return await measureEachSet(context, {
      stage: 'geometry/mftma',
      estimateSeconds: (size) => estimateSeconds({ ...size, ...perSet }, rates, { threads: context.threads }),
      measure: ({ points, random, onProgress }) => {
        const { perManifold: __, centerRank, diagnostics, manifoldCount, pointsPerManifold, ambientDimension, ...measures } = manifoldGeometry(points, { ...options, threads, random, onProgress });
        return {
          measures: { ...measures, centerRank: exactly(centerRank) },
          warnings: diagnostics.warnings,
          manifoldCount,
          pointsPerManifold,
          ambientDimension,
        };
      },
    });
  } finally {
    threads.close();
  }
}
