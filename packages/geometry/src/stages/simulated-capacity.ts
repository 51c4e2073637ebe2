import { activationsSchema, geometryTable } from '@memgeo/artifacts/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';

export const stage = defineStage({
  id: 'geometry/simulated-capacity',
  version: 1,
  description: 'Capacity by simulation: the number of random dimensions in which half of random dichotomies are linearly separable.',
  params: z.strictObject({
    repetitions: z.int().min(2).default(40).describe('Random dichotomies and projections; the error falls with their root, the time grows with their number.'),
    tolerance: z.number().min(0).lt(0.5).default(0)
      .describe('The search ends where the separable fraction is within this of one half; 0 brackets it to one dimension.'),
    seed: z.int().min(0).default(1).describe('Seed of the dichotomies and projections.'),
  }),
  inputs: {
    activations: { form: 'collection', kind: 'tensor', schema: activationsSchema, description: 'Activations by layer, with a row column `manifold` and perhaps `set`.' },
  },
  outputs: { geometry: { kind: 'table', schema: geometryTable.schema, description: 'One row per layer, set and measure.' } },
  resources: { threads: 1 },
  run: async (context) => (await import('./measure-simulated-capacity.js')).measureSimulatedCapacity(context),
});
