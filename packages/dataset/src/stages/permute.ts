import { labeledExamples } from '@memgeo/artifacts/contract';
import { defineStage } from '@memgeo/stage';
import { z } from 'zod';
import { embeddedSets, locateSource } from './locate-source.js';

const path = z.string().min(1).describe('File or folder; relative to the pipeline file.');

/** Where images come from. */
export const sourceSchema = z.union([
  z.enum(embeddedSets),
  z.discriminatedUnion('format', [
    z.strictObject({ format: z.literal('idx'), path }),
    z.strictObject({ format: z.literal('cifar10'), path }),
    z.strictObject({ format: z.literal('cifar100'), path, labels: z.enum(['fine', 'coarse']).default('fine') }),
    z.strictObject({ format: z.literal('image-folder'), path, channels: z.union([z.literal(1), z.literal(3)]).default(3).describe('1 averages the colors.') }),
    z.strictObject({ format: z.literal('tensor'), path, shape: z.tuple([z.int().min(1), z.int().min(1), z.int().min(1)]).optional().describe('Height, width, channels.') }),
  ]),
]).describe('An embedded data set, or the format and path of one of your own.');
export type Source = z.output<typeof sourceSchema>;

const count = z.int().min(1).optional();

export const stage = defineStage({
  id: 'dataset/permute',
  version: 1,
  description: 'Reads labelled images, permutes a fraction of the training labels, keeps the books of the example sets.',
  params: z.strictObject({
    source: sourceSchema,
    classes: z.union([z.literal('all'), z.array(z.string()).min(2)]).default('all').describe('Names of the classes to keep, in the order of the labels.'),
    trainPerClass: count.describe('Training images per class; all if left out.'),
    testPerClass: count.describe('Test images per class; all if left out.'),
    permutedFraction: z.number().min(0).max(1).default(0.5).describe('Fraction of the training labels of each class to permute.'),
    fixedPoints: z.enum(['allow', 'forbid']).default('allow').describe('Whether a permuted label may happen to be the true one.'),
    shrink: z.int().min(1).default(1).describe('Averages blocks of this many pixels along a side.'),
    seed: z.int().min(0).default(1).describe('Seed of the choice of images and of the permutation.'),
  }),
  inputs: {},
  outputs: labeledExamples,
  resources: { threads: 1 },
  files: ({ source }) => ({ source: locateSource(source) }),
  run: async (context) => (await import('./write-examples.js')).writeExamples(context),
});
