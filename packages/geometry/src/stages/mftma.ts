import { activationsSchema, geometryTable } from '@memgeo/artifacts/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';

export const stage = defineStage({
  id: 'geometry/mftma',
  version: 2,
  description: 'Mean-field manifold geometry of activations: capacity, radius, dimension, center correlation.',
  params: z.strictObject({
    margin: z.number().min(0).default(0).describe('Margin kappa in units of a center\'s norm.'),
    gaussianVectors: z.union([z.int().min(1), z.literal('auto')]).default(200)
      .describe('Gaussian vectors per manifold; the sampling error falls with its root. auto: until that of the capacity is at most relativeError of it.'),
    relativeError: z.number().gt(0).lt(1).default(0.01).describe('Bound for gaussianVectors: auto.'),
    lowRank: z.union([z.enum(['optimal', 'none']), z.int().min(0)]).default('optimal')
      .describe('Shared directions to remove from the centers: the best number, none, or a number.'),
    restarts: z.int().min(1).default(4).describe('Starts of the low-rank search per rank.'),
    seed: z.int().min(0).default(1).describe('Seed of the Gaussian vectors and of the search.'),
  }),
  inputs: {
    activations: { form: 'collection', kind: 'tensor', schema: activationsSchema, description: 'Activations by layer, with a row column `manifold` and perhaps `set`.' },
  },
  outputs: { geometry: { kind: 'table', schema: geometryTable.schema, description: 'One row per layer, set and measure.' } },
  resources: { threads: 64 },
  run: async (context) => (await import('./measure-mftma.js')).measureMftma(context),
});
