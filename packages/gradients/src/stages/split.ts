import { checkpointSchema, gradientsTable, labeledExamples } from '@memgeo/artifacts/contract';
import { backendSchema } from '@memgeo/network/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';

export const splitParams = z.strictObject({
  sets: z.array(z.enum(['unpermuted', 'permuted', 'restored', 'test'])).min(1).default(['unpermuted', 'permuted', 'restored', 'test'])
    .describe('Example sets to measure. permuted and restored have the same images and share most of the work.'),
  examplesPerSet: z.int().min(2).default(2000).describe('Most examples of a set; more are left out, classes in proportion.'),
  isCentered: z.boolean().default(true)
    .describe('Subtract 1 / classes from labels and softmax: then the label-dependent part of labels without relation to the images vanishes with more of them. Without, alignment and the unbiased norm are left out.'),
  batches: z.int().min(1).default(20).describe('Batches that each set is divided into; standard errors come from leaving one out.'),
  probes: z.int().min(0).default(1).describe('Random probes of the trace of the tangent kernel, for each batch. 0 leaves out alignment.'),
  backend: backendSchema,
  seed: z.int().min(0).default(1).describe('Seed of the batches and probes.'),
});

export const stage = defineStage({
  id: 'gradients/split',
  version: 1,
  description: 'Splits the gradient of the loss of a checkpoint, by layer and example set, into a part that depends on labels and one that does not.',
  params: splitParams,
  inputs: {
    data: { form: 'bundle', description: 'Images and the books of their labels.', parts: labeledExamples },
    checkpoint: { form: 'artifact', kind: 'tensor-set', schema: checkpointSchema, description: 'The network.' },
  },
  outputs: {
    gradients: { kind: 'table', schema: gradientsTable.schema, description: 'One row per layer, set and measure; those of all layers together under `(all layers)`.' },
  },
  resources: { threads: 1 },
  run: async (context) => (await import('./run-split.js')).runSplit(context),
});
