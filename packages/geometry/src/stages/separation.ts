import { activationsSchema, checkpointSchema, geometryTable } from '@memgeo/artifacts/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';

export const stage = defineStage({
  id: 'geometry/separation',
  version: 1,
  description: 'How classes stand apart: neural collapse, compression by layer, linear and nearest-neighbor probes, prediction depth.',
  params: z.strictObject({
    neighbors: z.int().min(1).default(30).describe('Nearest neighbors that vote in the probe and for prediction depth.'),
    ridgePenalty: z.union([z.literal('cross-validated'), z.number().positive()]).default('cross-validated')
      .describe('Penalty of the linear probe in units of the mean eigenvalue, or the best of 1e-4 to 10.'),
    featureLimit: z.int().min(1).default(1000)
      .describe('Probes and Fisher ratio project a layer with more features to this many if there are more examples than this too.'),
    seed: z.int().min(0).default(1).describe('Seed of the projection.'),
  }),
  inputs: {
    activations: { form: 'collection', kind: 'tensor', schema: activationsSchema, description: 'Activations by layer, with a row column `manifold` and perhaps `set` and `exampleId`.' },
    checkpoint: { form: 'artifact', kind: 'tensor-set', schema: checkpointSchema, isOptional: true, description: 'The network, for NC3 and NC4 of its last hidden layer.' },
  },
  outputs: { geometry: { kind: 'table', schema: geometryTable.schema, description: 'One row per layer, set and measure; those of all layers together under `(all layers)`.' } },
  resources: { threads: 1 },
  run: async (context) => (await import('./measure-separation.js')).measureSeparation(context),
});
