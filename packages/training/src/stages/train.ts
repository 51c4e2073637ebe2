import { checkpointSchema, historyTable, labeledExamples } from '@memgeo/artifacts/contract';
import { backendSchema, networkSchema } from '@memgeo/network/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';

export const trainParams = z.strictObject({
  network: networkSchema.describe('The network: kind mlp or vgg, and its sizes.'),
  epochs: z.int().min(1).default(30),
  batchSize: z.int().min(1).default(50),
  learningRate: z.number().positive().default(0.01).describe('Constant.'),
  momentum: z.number().min(0).lt(1).default(0.9),
  weightDecay: z.number().min(0).default(0).describe('Of kernels. Slows memorization.'),
  checkpoints: z.union([z.literal('all'), z.array(z.int().min(0)).min(1)]).default('all')
    .describe('Epochs after which to keep the network; 0 is before training. With all, a later analysis of another epoch needs no new training.'),
  backend: backendSchema,
  seed: z.int().min(0).default(1).describe('Seed of the first weights and of the order of examples.'),
}).refine(({ checkpoints, epochs }) => checkpoints === 'all' || checkpoints.every((epoch) => epoch <= epochs), { path: ['checkpoints'], error: 'must not go beyond epochs' });

export const stage = defineStage({
  id: 'training/train',
  version: 1,
  description: 'Trains a network on the assigned labels, logs the four example sets, keeps checkpoints.',
  params: trainParams,
  inputs: {
    data: { form: 'bundle', description: 'Images and the books of their labels.', parts: labeledExamples },
  },
  outputs: {
    history: { kind: 'table', schema: historyTable.schema, description: 'Loss and accuracy of each example set after each epoch.' },
    checkpoints: { kind: 'tensor-set', schema: checkpointSchema, isCollection: true, description: 'The network, by epoch.' },
  },
  resources: { threads: 1 },
  run: async (context) => (await import('./run-training.js')).runTraining(context),
});
