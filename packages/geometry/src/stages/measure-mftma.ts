import type { StageContext } from '@memgeo/stage';
import type { LowRank } from '../mftma/low-rank.js';
import { manifoldGeometry } from '../mftma/manifold-geometry.js';
import { exactly } from '../statistics/estimate.js';
import { measureEachSet } from './measure-sets.js';

type Params = { margin: number; gaussianVectors: number; lowRank: LowRank; restarts: number; seed: number };
type Context = Pick<StageContext, 'progress' | 'warn' | 'outputs'> & { readonly params: Params; readonly inputs: { readonly activations: { readonly [layer: string]: string } } };

/** Measures capacity, radius, dimension and center correlation of each set of each layer. */
export async function measureMftma(context: Context): Promise<{ analyses: number }> {
  const { seed: _, ...options } = context.params;
  return measureEachSet(context, {
    stage: 'geometry/mftma',
    measure: ({ points, random, onProgress }) => {
      const { capacity, radius, dimension, dimensionPrx, centerCorrelation, centerRank, diagnostics, ...sizes } = manifoldGeometry(points, { ...options, random, onProgress });
      return { ...sizes, measures: { capacity, radius, dimension, dimensionPrx, centerCorrelation, centerRank: exactly(centerRank) }, warnings: diagnostics.warnings };
    },
  });
}
