import type { StageContext } from '@memgeo/stage';
import { simulatedCapacity } from '../simulated-capacity/simulated-capacity.js';
import { measureEachSet } from './measure-sets.js';

type Context = Pick<StageContext, 'progress' | 'log' | 'warn' | 'outputs' | 'threads'> & {
  readonly params: { readonly repetitions: number; readonly tolerance: number; readonly seed: number };
  readonly inputs: { readonly activations: { readonly [layer: string]: string } };
};

/** Separates the manifolds of each set of each layer in random dimensions. */
export async function measureSimulatedCapacity(context: Context): Promise<{ analyses: number }> {
  const { seed: _, ...options } = context.params;
  return measureEachSet(context, {
    stage: 'geometry/simulated-capacity',
    measure: ({ points, random, onProgress }) => {
      const { capacity, criticalDimension, reason, diagnostics, manifoldCount, pointsPerManifold, ambientDimension } = simulatedCapacity(points, { ...options, random, onProgress });
      return {
        measures: { simulatedCapacity: { ...capacity, note: reason }, criticalDimension: { ...criticalDimension, note: reason } },
        warnings: diagnostics.warnings, manifoldCount, pointsPerManifold, ambientDimension,
      };
    },
  });
}
