import { activationsSchema, checkpointSchema, exampleSets, labeledExamples } from '@memgeo/artifacts/contract';
import { backendSchema } from '@memgeo/network/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';

export const extractParams = z.strictObject({
  layers: z.union([z.enum(['hidden', 'all']), z.array(z.string()).min(1)]).default('hidden')
    .describe('hidden: each hidden layer after ReLU and pooling. all: every step, with the input. Or names as in conv1, conv1.norm, conv1.relu, conv2.pool.'),
  sets: z.array(z.enum(exampleSets)).min(1).default([...exampleSets]).describe('Example sets to run; those without examples are left out.'),
  pointsPerManifold: z.int().min(1).default(40).describe('Examples per class in each of the four sets. Compare capacities at equal numbers only.'),
  projectionLimit: z.int().min(1).default(5000).describe('Layers with more features are projected.'),
  projectTo: z.int().min(1).default(5000).describe('Features after a random projection.'),
  projection: z.enum(['gaussian', 'hadamard']).default('gaussian')
    .describe('gaussian: a random matrix, as the paper. hadamard: random signs and a Hadamard transform, which costs next to nothing and keeps distances as well.'),
  backend: backendSchema,
  seed: z.int().min(0).default(1).describe('Seed of the choice of examples and of the projections.'),
}).refine(({ projectTo, projectionLimit }) => projectTo <= projectionLimit, { path: ['projectTo'], error: 'must not be larger than projectionLimit' });

export const stage = defineStage({
  id: 'activations/extract',
  version: 1,
  description: 'Runs a checkpoint on chosen examples of the four sets and keeps the activations of layers.',
  params: extractParams,
  inputs: {
    data: { form: 'bundle', description: 'Images and the books of their labels.', parts: labeledExamples },
    checkpoint: { form: 'artifact', kind: 'tensor-set', schema: checkpointSchema, description: 'The network.' },
  },
  outputs: {
    activations: { kind: 'tensor', schema: activationsSchema, isCollection: true, description: 'By layer: one row per point, with columns exampleId, set, manifold.' },
  },
  resources: { threads: 1 },
  run: async (context) => (await import('./extract-activations.js')).extractActivations(context),
});
