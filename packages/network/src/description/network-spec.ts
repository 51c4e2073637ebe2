import { z } from 'zod';

const width = z.number().positive().default(1).describe('Multiplies every width; rounded, at least 1.');
const batchNorm = z.boolean().default(true).describe('Batch normalization after every hidden layer but before its ReLU.');

/** A network as a user writes it: the family and its sizes; hidden layers have ReLU. */
export const networkSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('mlp'),
    hidden: z.array(z.int().min(1)).min(1).default([256, 256, 256, 256]).describe('Units of each hidden layer.'),
    batchNorm: batchNorm.default(false),
    width,
  }),
  z.strictObject({
    kind: z.literal('vgg'),
    channels: z.array(z.int().min(1)).min(1).default([8, 16, 32]).describe('Channels of each block; a block ends with 2x2 max pooling.'),
    convolutionsPerBlock: z.int().min(1).default(2).describe('3x3 convolutions in each block.'),
    dense: z.array(z.int().min(1)).default([128]).describe('Units of each dense layer before the output.'),
    batchNorm,
    width,
  }),
  z.strictObject({
    kind: z.literal('alexnet'),
    dense: z.array(z.int().min(1)).default([1024, 1024]).describe('Units of each dense layer before the output.'),
    batchNorm: batchNorm.default(false),
    width,
  }),
  z.strictObject({
    kind: z.literal('resnet18'),
    channels: z.int().min(1).default(64).describe('Channels k of the first stage; the others have 2 k, 4 k and 8 k.'),
    stem: z.enum(['small', 'large']).default('small').describe('small: 3x3, for images of about 32 pixels. large: 7x7 with stride 2, and pooling.'),
    width,
  }),
  z.strictObject({
    kind: z.literal('densenet'),
    growth: z.int().min(1).default(12).describe('Channels that each layer adds.'),
    blocks: z.array(z.int().min(1)).min(1).default([16, 16, 16]).describe('Layers of each block, of a 1x1 and a 3x3 convolution.'),
    width,
  }),
]);
export type NetworkSpec = z.output<typeof networkSchema>;

/** Everything that rebuilds a network but its parameters. */
export type NetworkDescription = {
  readonly spec: NetworkSpec;
  /** (height, width, channels) of an example. */
  readonly inputShape: readonly [number, number, number];
  readonly classCount: number;
  /** Inputs are (value - mean) / standardDeviation; value of a uint8 image is pixel / 255. */
  readonly normalization: { readonly mean: number; readonly standardDeviation: number };
};
