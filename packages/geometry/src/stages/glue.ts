import { activationsSchema, geometryTable } from '@memgeo/artifacts/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';

export const stage = defineStage({
  id: 'geometry/glue',
  version: 1,
  description: 'Effective geometry of all manifolds together, GLUE: capacity, dimension, radius and alignments of anchors.',
  params: z.strictObject({
    samples: z.int().min(2).default(100).describe('Gaussian vectors, each with a random dichotomy; the error falls with their root.'),
    origin: z.enum(['asGiven', 'mean']).default('asGiven').describe('Planes go through the origin of the features, as GLUE does, or through the mean of all points.'),
    dichotomies: z.enum(['balanced', 'oneVersusRest']).default('balanced').describe('Half of the manifolds against the other half, or one against the rest.'),
    seed: z.int().min(0).default(1).describe('Seed of the Gaussian vectors and dichotomies.'),
  }),
  inputs: {
    activations: { form: 'collection', kind: 'tensor', schema: activationsSchema, description: 'Activations by layer, with a row column `manifold` and perhaps `set`.' },
  },
  outputs: { geometry: { kind: 'table', schema: geometryTable.schema, description: 'One row per layer, set and measure.' } },
  resources: { threads: 1 },
  run: async (context) => (await import('./measure-glue.js')).measureGlue(context),
});
