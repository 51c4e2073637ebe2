import { checkpointSchema } from '@memgeo/artifacts/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';

export const exportWeightsParams = z.strictObject({
  format: z.enum(['safetensors', 'tfjs-layers']).default('safetensors')
    .describe('safetensors: weights.safetensors, a state_dict for PyTorch. tfjs-layers: model.json and weights.bin, for tf.loadLayersModel.'),
  naming: z.string().optional().describe('Of modules in safetensors: torchvision, or pytorch-cifar for vgg without hidden dense layers and resnet18. Default: the usual one of the family.'),
}).refine(({ format, naming }) => format === 'safetensors' || naming === undefined, { path: ['naming'], error: 'must be left out with tfjs-layers, whose layers have our names' });

/** What a folder with weights for another program is called. */
export const weightsSchema = 'weights@1';

export const stage = defineStage({
  id: 'training/export-weights',
  version: 1,
  description: 'Writes a checkpoint as another program reads it: for PyTorch, or for tf.layers.',
  params: exportWeightsParams,
  inputs: {
    checkpoint: { form: 'artifact', kind: 'tensor-set', schema: checkpointSchema, description: 'The network.' },
  },
  outputs: {
    weights: { kind: 'folder', schema: weightsSchema, description: 'weights.safetensors; or model.json and weights.bin.' },
  },
  resources: { threads: 1 },
  run: async (context) => (await import('./export-weights-folder.js')).exportWeightsFolder(context),
});
