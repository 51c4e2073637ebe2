import { activationsSchema, similarityTable } from '@memgeo/artifacts/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';

export const stage = defineStage({
  id: 'geometry/similarity',
  version: 1,
  description: 'How alike layers and epochs see the same examples: CKA, unbiased CKA, RSA, Procrustes.',
  params: z.strictObject({
    comparisons: z.array(z.enum(['layers', 'epochs'])).min(1).default(['layers', 'epochs']).describe('Compare the layers of each epoch, the epochs of each layer, or both.'),
    methods: z.array(z.enum(['cka', 'ckaUnbiased', 'rsa', 'procrustes'])).min(1).default(['cka', 'ckaUnbiased', 'rsa', 'procrustes']).describe('How to compare.'),
    maxExamples: z.int().min(2).default(1000).describe('Most examples of a set to compare, chosen at random, the same in every layer and epoch. Memory grows with the square.'),
    procrustesExamples: z.int().min(2).default(250).describe('Most of them that Procrustes compares; its time grows with the cube.'),
    batchSize: z.int().min(4).default(256).describe('Most examples in a batch of the unbiased CKA.'),
    errorGroups: z.int().min(0).max(20).default(10).describe('Groups of examples of the jackknife for standard errors; 0: no standard errors.'),
    seed: z.int().min(0).default(1).describe('Seed of the choice of examples.'),
  }),
  inputs: {
    activations: {
      form: 'collection', kind: 'tensor', schema: activationsSchema, isMany: true,
      description: 'Activations by layer, one collection per epoch, with row columns `manifold` and perhaps `set` and `exampleId`.',
    },
  },
  outputs: { similarity: { kind: 'table', schema: similarityTable.schema, description: 'One row per pair of layers or epochs, set and measure.' } },
  resources: { threads: 1 },
  run: async (context) => (await import('./measure-similarity.js')).measureSimilarity(context),
});
