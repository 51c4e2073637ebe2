import { activationsSchema, geometryTable } from '@memgeo/artifacts/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';

export const stage = defineStage({
  id: 'geometry/spectra',
  version: 1,
  description: 'How many dimensions a cloud of activations fills: participation ratio, explained variance, RankMe, stable rank, alpha-ReQ, TwoNN and nearest-neighbor likelihood.',
  params: z.strictObject({
    varianceShare: z.number().gt(0).max(1).default(0.9).describe('Share of the variance that explainedVarianceDimension explains.'),
    neighbors: z.int().min(2).default(10).describe('Nearest neighbors that mleDimension uses.'),
    errorGroups: z.int().min(0).default(8).describe('Most groups of classes of the jackknife for standard errors of the spectral measures; each costs as much as the values. 0: no standard errors.'),
  }),
  inputs: {
    activations: { form: 'collection', kind: 'tensor', schema: activationsSchema, description: 'Activations by layer, with a row column `manifold` and perhaps `set`.' },
  },
  outputs: { geometry: { kind: 'table', schema: geometryTable.schema, description: 'One row per layer, set and measure.' } },
  resources: { threads: 8 },
  run: async (context) => (await import('./measure-spectra.js')).measureSpectra(context),
});
