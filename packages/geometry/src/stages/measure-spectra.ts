import { Threads } from '@memgeo/numerics';
import type { StageContext } from '@memgeo/stage';
import { intrinsicDimensions } from '../spectra/intrinsic-dimensions.js';
import { spectralDimensions } from '../spectra/spectral-dimensions.js';
import { measureEachSet } from './measure-sets.js';

type Params = { readonly varianceShare: number; readonly neighbors: number; readonly errorGroups: number };
type Context = Pick<StageContext, 'progress' | 'warn' | 'log' | 'outputs' | 'threads'> & {
  readonly params: Params;
  readonly inputs: { readonly activations: { readonly [layer: string]: string } };
};

/** Seconds per cubed size of one spectrum, and per multiply-add of the inner products, on a usual machine. */
const [spectrumSeconds, productSeconds] = [1.2e-9, 2e-10];

/** Measures the dimensions of each set of each layer, all classes together. */
export async function measureSpectra(context: Context): Promise<{ analyses: number }> {
  const { neighbors, ...options } = context.params;
  const threads = new Threads(context.threads);
  try {
    // Nothing here is random: there is no seed.
    return await measureEachSet({ ...context, params: {} }, {
      stage: 'geometry/spectra',
      estimateSeconds: ({ manifolds, pointsPerManifold, features }) => {
        const points = manifolds * pointsPerManifold;
        const spectra = 1 + Math.ceil(Math.min(options.errorGroups, manifolds) / context.threads);
        return spectra * (spectrumSeconds * Math.min(points, features) ** 3 + productSeconds * points * features * Math.min(points, features));
      },
      measure: ({ points, onProgress }) => {
        const measures = { ...spectralDimensions(points, { ...options, threads, onProgress }), ...intrinsicDimensions(points, { neighbors }) };
        const sizes = new Map<number, number>();
        for (let i = 0; i < points.shape[0]; i++) sizes.set(points.manifoldOf[i]!, (sizes.get(points.manifoldOf[i]!) ?? 0) + 1);
        return { measures, warnings: [], manifoldCount: sizes.size, pointsPerManifold: Math.min(...sizes.values()), ambientDimension: points.shape[1] };
      },
    });
  } finally {
    threads.close();
  }
}
