import { checkpointSchema, historyTable, labeledExamples, learningTable } from '@memgeo/artifacts/contract';
import { backendSchema, networkSchema } from '@memgeo/network/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';
import { checkpointsSchema, evaluateSchema } from '../plan/epoch-schemas.js';
import { augmentationSchema, optimizerSchema, scheduleSchema } from '../plan/optimizer-schemas.js';

export const trainParams = z.strictObject({
  network: networkSchema.describe('The network: its kind, and its sizes.'),
  epochs: z.int().min(1).max(1_000_000).default(30).describe('Passes over the training images.'),
  batchSize: z.int().min(1).default(50).describe('Images of a step; the last batch of an epoch may be smaller.'),
  optimizer: optimizerSchema.default({ kind: 'sgd', isNesterov: false }),
  learningRate: z.number().positive().max(1e30).default(0.01).describe('Before schedule and warm-up.'),
  momentum: z.number().min(0).lt(1).default(0.9).describe('Fraction of the last step that goes on; of Adam the memory of its mean gradient.'),
  schedule: scheduleSchema.default({ kind: 'constant' }).describe('How the learning rate falls.'),
  warmupEpochs: z.number().min(0).default(0).describe('Epochs, or a part of one, over which the learning rate rises step by step to the full one.'),
  weightDecay: z.number().min(0).max(1e30).default(0).describe('Of kernels: added to the gradient with sgd, apart from it with adam. Slows memorization.'),
  labelSmoothing: z.number().min(0).lt(1).default(0).describe('Share of each target that is spread over all classes.'),
  gradientNorm: z.number().positive().max(1e30).nullable().default(null).describe('Largest norm of all gradients together; larger ones are scaled down. null: no limit.'),
  augmentation: augmentationSchema.default({ isFlipped: false, cropPadding: 0 }).describe('Changes to training images, anew each epoch.'),
  inputNormalization: z.enum(['global', 'channels']).default('global').describe('Mean and deviation of training images, which all images are normalized by. global: of all values. channels: of each channel.'),
  stopWhenMemorized: z.int().min(1).nullable().default(null).describe('Stop once all training images were given their assigned labels in so many evaluations in a row. null: train to the end.'),
  checkpoints: checkpointsSchema.default('all')
    .describe('When to keep the network. all: after each epoch. log: 0, 1, 2, 3, 5, 7, 10, 15, 20, 30, ... { every: n }. { logFrom: 0.01 }: as log, within the first epoch too. Or epochs, as in [0, 0.1, 1, 30]; 0 is before training.'),
  evaluate: evaluateSchema.default('log').describe('When to evaluate the four sets: log as above, all, or { every: n }; and at every checkpoint, unless checkpoints is all.'),
  backend: backendSchema,
  workers: z.union([z.literal('auto'), z.int().min(1).max(64)]).default('auto')
    .describe('Threads: on wasm each takes a part of every batch, on tensorflow they share each operation. They decide the last bits of the result. auto: 2 for a convolutional network if a batch is worth it, else 1.'),
  seed: z.int().min(0).default(1).describe('Seed of the first weights, of the order of examples, of augmentation and dropout.'),
}).refine(({ checkpoints, epochs }) => !Array.isArray(checkpoints) || checkpoints.every((epoch) => epoch <= epochs), { path: ['checkpoints'], error: 'must not go beyond epochs' })
  .refine(({ warmupEpochs, epochs }) => warmupEpochs <= epochs, { path: ['warmupEpochs'], error: 'must not go beyond epochs' });

export const stage = defineStage({
  id: 'training/train',
  version: 2,
  description: 'Trains a network on the assigned labels, logs the four example sets and what becomes of each example, keeps checkpoints.',
  params: trainParams,
  inputs: {
    data: { form: 'bundle', description: 'Images and the books of their labels.', parts: labeledExamples },
  },
  outputs: {
    history: { kind: 'table', schema: historyTable.schema, description: 'Loss and accuracy of each example set at each evaluation.' },
    learning: { kind: 'table', schema: learningTable.schema, description: 'When each training example was learned and forgotten, and its margins.' },
    checkpoints: { kind: 'tensor-set', schema: checkpointSchema, isCollection: true, description: 'The network, by epoch.' },
  },
  resources: { threads: 1 },
  run: async (context) => (await import('./run-training.js')).runTraining(context),
});
