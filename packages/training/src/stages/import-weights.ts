import { checkpointSchema, labeledExamples } from '@memgeo/artifacts/contract';
import { networkSchema } from '@memgeo/network/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';

const size = z.int().min(1);
const perChannel = <T extends z.ZodNumber>(value: T) => z.union([value, z.array(value).min(1)], { error: 'must be a number, or a list of one for each channel' });

export const importWeightsParams = z.strictObject({
  file: z.string().min(1).describe('A .safetensors file of a PyTorch state_dict; relative to the pipeline file.'),
  network: networkSchema.describe('The network whose weights they are: its kind, and its sizes.'),
  matching: z.enum(['names', 'shapes']).default('names')
    .describe('names: as torchvision, pytorch-cifar or nn.Sequential name modules. shapes: by shapes, and by the numbers in names where shapes repeat.'),
  epoch: z.int().min(0).default(0).describe('The epoch that the checkpoint counts as.'),
  inputShape: z.tuple([size, size, size]).optional().describe('Height, width and channels of images; with data left out.'),
  classCount: z.int().min(2).optional().describe('With data left out.'),
  normalization: z.strictObject({ mean: perChannel(z.number()), standardDeviation: perChannel(z.number().min(1e-6)) }).optional()
    .describe('What the network was trained with, for pixels from 0 to 1: each a number, or a list of one for each channel. Default: that of the training images of data, a number.'),
});

export const stage = defineStage({
  id: 'training/import-weights',
  version: 1,
  description: 'Makes a checkpoint of weights trained with PyTorch, from a safetensors file.',
  params: importWeightsParams,
  inputs: {
    data: { form: 'bundle', isOptional: true, description: 'Images and the books of their labels: for the size of images, the number of classes and the normalization.', parts: labeledExamples },
  },
  outputs: {
    checkpoints: { kind: 'tensor-set', schema: checkpointSchema, isCollection: true, description: 'The network, under its epoch.' },
  },
  resources: { threads: 1 },
  files: ({ file }) => ({ weights: file }),
  run: async (context) => (await import('./import-weights-file.js')).importWeightsFile(context),
});
