import { checkpointSchema, distancesTable, historyTable, labeledExamples, rewindingTable } from '@memgeo/artifacts/contract';
import { backendSchema } from '@memgeo/network/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';

export const evaluateParams = z.strictObject({
  epochs: z.union([z.literal('all'), z.array(z.union([z.number().min(0), z.literal('best')])).min(1)]).default([0, 'best'])
    .describe('Epochs to set layers back to; best is that of the highest test accuracy among those with a checkpoint.'),
  variants: z.array(z.enum(['single', 'tail'])).min(1).default(['single', 'tail']).describe('Set back one layer alone, a layer and all after it, or both.'),
  layers: z.union([z.literal('all'), z.array(z.string()).min(1)]).default('all').describe('Layers to set back, or tails to begin at, as in conv1, dense1, output.'),
  batchNorm: z.array(z.enum(['reestimate', 'rewind', 'keep'])).min(1).default(['reestimate'])
    .describe('Running statistics: all estimated again on the training images, those of the layers set back from their epoch, or all as they were at the end.'),
  statisticsBatchSize: z.int().min(2).default(500).describe('Most images in a batch of the estimation.'),
  weights: z.array(z.enum(['stored', 'fresh'])).min(1).default(['stored']).describe('Set layers back to checkpoints, to a new random start, or both.'),
  readout: z.array(z.enum(['stored', 'retrained'])).min(1).default(['stored'])
    .describe('Output layer as put together, or fitted again to the assigned labels on the frozen features, by ridge regression.'),
  backend: backendSchema,
  seed: z.int().min(0).default(1).describe('Seed of fresh weights and of the batches of the estimation.'),
});

export const stage = defineStage({
  id: 'rewinding/evaluate',
  version: 1,
  description: 'Sets layers of a trained network back to earlier epochs and evaluates what results; how far the weights of each layer have moved.',
  params: evaluateParams,
  inputs: {
    data: { form: 'bundle', description: 'Images and the books of their labels.', parts: labeledExamples },
    checkpoints: { form: 'collection', kind: 'tensor-set', schema: checkpointSchema, description: 'The network, by epoch.' },
    history: {
      form: 'artifact', kind: 'table', schema: historyTable.schema, isOptional: true,
      description: 'Tells the best test epoch; without it every checkpoint is evaluated on the test images.',
    },
  },
  outputs: {
    rewinding: { kind: 'table', schema: rewindingTable.schema, description: 'One row per network, example set and measure.' },
    distances: { kind: 'table', schema: distancesTable.schema, description: 'One row per checkpoint, layer and measure.' },
  },
  resources: { threads: 1 },
  run: async (context) => (await import('./evaluate-rewound.js')).evaluateRewound(context),
});
