import { activationsSchema, geometryTable, labeledExamples, phasesTable } from '@memgeo/artifacts/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';

export const stage = defineStage({
  id: 'geometry/reconstruction',
  version: 1,
  description: 'How well the input can be read off each layer, and the phases of learning that this shows over epochs.',
  params: z.strictObject({
    maxExamples: z.int().min(2).default(1000).describe('Most examples of a set to decode, chosen at random, the same in every layer and epoch.'),
    featureLimit: z.int().min(1).default(200)
      .describe('A layer with more features is projected to this many if there are more training examples than this too. Time grows with the square.'),
    inputDirections: z.int().min(2).default(128)
      .describe('Inputs with more values are looked at along this many random directions; `samplingError` says what that costs.'),
    falsePositiveRate: z.number().gt(0).lt(1).default(0.05)
      .describe('Chance that a layer and set whose reconstruction never changes shows phases, at most.'),
    seed: z.int().min(0).default(1).describe('Seed of the projections.'),
  }),
  inputs: {
    activations: {
      form: 'collection', kind: 'tensor', schema: activationsSchema, isMany: true,
      description: 'Activations by layer, one collection per epoch, with row columns `exampleId`, `manifold` and perhaps `set`.',
    },
    data: { form: 'bundle', description: 'The images that the activations come from.', parts: labeledExamples },
  },
  outputs: {
    geometry: { kind: 'table', schema: geometryTable.schema, description: 'One row per epoch, layer and set: reconstructionR2.' },
    phases: { kind: 'table', schema: phasesTable.schema, description: 'One row per layer, set and phase; one that says none where no phases are seen.' },
  },
  resources: { threads: 1 },
  run: async (context) => (await import('./measure-reconstruction.js')).measureReconstruction(context),
});
