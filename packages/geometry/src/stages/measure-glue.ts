import type { StageContext } from '@memgeo/stage';
import type { Dichotomies } from '../cone/dichotomies.js';
import { glueGeometry } from '../glue/glue-geometry.js';
import type { Estimate } from '../statistics/estimate.js';
import { measureEachSet, type MeasuredValue } from './measure-sets.js';

type Context = Pick<StageContext, 'progress' | 'log' | 'warn' | 'outputs' | 'threads'> & {
  readonly params: { readonly samples: number; readonly origin: 'asGiven' | 'mean'; readonly dichotomies: Dichotomies; readonly seed: number };
  readonly inputs: { readonly activations: { readonly [layer: string]: string } };
};

/** Measures the effective geometry of each set of each layer. */
export async function measureGlue(context: Context): Promise<{ analyses: number }> {
  const { seed: _, ...options } = context.params;
  return measureEachSet(context, {
    stage: 'geometry/glue',
    measure: ({ points, random, onProgress }) => {
      const geometry = glueGeometry(points, { ...options, random, onProgress });
      const { diagnostics, manifoldCount, pointsPerManifold, ambientDimension } = geometry;
      return {
        measures: {
          glueCapacity: geometry.capacity,
          glueDimension: withConvention(geometry.dimension, 'manifolds that the plane does not touch count with their nearest point'),
          glueRadius: geometry.radius,
          glueCenterAlignment: withConvention(geometry.centerAlignment, 'the mean of absolute cosines'),
          glueAxisAlignment: withConvention(geometry.axisAlignment, 'the mean of absolute cosines'),
          glueCenterAxisAlignment: withConvention(geometry.centerAxisAlignment, 'the mean of absolute cosines'),
          glueGeometricCapacity: geometry.geometricCapacity,
          glueUtility: withConvention(geometry.utility, 'the ratio of mean b to mean a'),
        },
        warnings: diagnostics.warnings, manifoldCount, pointsPerManifold, ambientDimension,
      };
    },
  });
}

/** Says that a convention could not be compared with the authors' program, which is not public. */
function withConvention(estimate: Estimate, convention: string): MeasuredValue {
  return { ...estimate, note: `Convention not verified against the authors' program: ${convention}.` };
}
