import { z } from 'zod';
import { initializationSchema } from './initialization-spec.js';
import type { InputNormalization } from './input-normalization.js';

const size = z.int().min(1);
const width = z.number().positive().default(1).describe('Multiplies every width; rounded, at least 1.');
const batchNorm = z.boolean().default(true).describe('Batch normalization after every hidden layer but before its ReLU.');
const dropout = z.number().min(0).lt(1).default(0).describe('Share of outputs of each dense hidden layer that a training step leaves out. Slows memorization; the originals have 0.5.');
const initialization = initializationSchema.prefault({}).describe('How the first weights are drawn.');
const stem = (small: string, large: string) => z.enum(['small', 'large']).default('small').describe(`small: ${small}. large: ${large}.`);

const mlp = z.strictObject({
  kind: z.literal('mlp'),
  hidden: z.array(size).min(1).max(1000).default([256, 256, 256, 256]).describe('Units of each hidden layer.'),
  batchNorm: batchNorm.default(false),
  width, initialization,
});

const linear = z.strictObject({
  kind: z.literal('linear'),
  hidden: z.array(size).max(1000).default([256, 256, 256, 256]).describe('Units of each hidden layer; there is no ReLU. None for one linear map.'),
  bias: z.boolean().default(true).describe('Whether layers have biases, the output too.'),
  width, initialization,
});

const vgg = z.strictObject({
  kind: z.literal('vgg'),
  depth: z.literal([11, 13, 16, 19], { error: 'must be 11, 13, 16 or 19' }).optional().describe('Layers with weights of a published form: five blocks of 64, 128, 256, 512 and 512 channels. Takes the place of channels and convolutionsPerBlock.'),
  channels: z.array(size).min(1).max(100).optional().describe('Channels of each block; [8, 16, 32] without depth.'),
  convolutionsPerBlock: z.union([size.max(100), z.array(size.max(100)).min(1).max(100)]).optional().describe('3x3 convolutions in every block, or in each; 2 without depth.'),
  poolings: z.union([z.literal('all'), z.array(size)]).default('all').describe('Blocks that end with 2x2 max pooling, counted from 1.'),
  dense: z.array(size).max(100).optional().describe('Units of each dense layer before the output; [128], with depth [4096, 4096]. For images of 32 pixels often [] or [512].'),
  batchNorm: z.union([z.boolean(), z.literal('convolutions')]).default(true).describe('Batch normalization before the ReLU of every hidden layer, of none, or of convolutions only.'),
  dropout, width, initialization,
}).superRefine(({ depth, channels, convolutionsPerBlock, poolings }, context) => {
  const fail = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
  if (depth !== undefined && channels !== undefined) fail('channels', 'must be left out where depth is given');
  if (depth !== undefined && convolutionsPerBlock !== undefined) fail('convolutionsPerBlock', 'must be left out where depth is given');
  const blocks = depth === undefined ? (channels ?? freeChannels).length : publishedChannels.length;
  if (Array.isArray(convolutionsPerBlock) && convolutionsPerBlock.length !== blocks) fail('convolutionsPerBlock', `must have a number for each of ${blocks} blocks`);
  if (poolings !== 'all' && poolings.some((block) => block > blocks)) fail('poolings', `must be blocks from 1 to ${blocks}`);
});

/** Channels of the blocks of a VGG where none are given. */
export const freeChannels: readonly number[] = [8, 16, 32];
/** Channels of the blocks of the published forms of VGG [simonyan2015very]. */
export const publishedChannels: readonly number[] = [64, 128, 256, 512, 512];

const alexnet = z.strictObject({
  kind: z.literal('alexnet'),
  stem: stem('3x3 filters and 2x2 pooling, for images of about 32 pixels', 'the filters, strides and 3x3 pooling of the original, for 224 pixels'),
  dense: z.array(size).max(100).optional().describe('Units of each dense layer before the output; [1024, 1024], with the large stem [4096, 4096].'),
  batchNorm: batchNorm.default(false),
  dropout, width, initialization,
});

const resnet18 = z.strictObject({
  kind: z.literal('resnet18'),
  channels: size.default(64).describe('Channels k of the first stage; the others have 2 k, 4 k and 8 k.'),
  stem: stem('3x3, for images of about 32 pixels', '7x7 with stride 2, and pooling, for 224 pixels'),
  zeroResidual: z.boolean().default(false).describe('Whether blocks begin as the identity: the scale of their last normalization is 0 at first.'),
  width, initialization,
});

const densenet = z.strictObject({
  kind: z.literal('densenet'),
  growth: size.default(12).describe('Channels that each layer adds.'),
  blocks: z.array(size.max(200)).min(1).max(10).default([16, 16, 16]).describe('Layers of each block.'),
  bottleneck: z.boolean().default(true).describe('Whether a 1x1 convolution to 4 x growth channels comes before each 3x3 convolution.'),
  compression: z.number().positive().max(1).default(0.5).describe('Share of channels that pass from one block to the next.'),
  stem: stem('3x3, for images of about 32 pixels', '7x7 with stride 2, and pooling, for 224 pixels'),
  width, initialization,
});

const kinds = [mlp, linear, vgg, alexnet, resnet18, densenet].map(({ shape }) => shape.kind.value).join(', ');

/** A network as a user writes it: the family and its sizes. Hidden layers have ReLU, but those of linear. */
export const networkSchema = z.discriminatedUnion('kind', [mlp, linear, vgg, alexnet, resnet18, densenet], {
  error: ({ code, path }) => (code === 'invalid_union' && path?.at(-1) === 'kind' ? `must be one of ${kinds}` : undefined),
});

/** A network by what differs from the defaults. */
export type NetworkSpec = z.input<typeof networkSchema>;
/** A network of one family with all its sizes. */
export type CompleteSpec<Kind extends NetworkSpec['kind'] = NetworkSpec['kind']> = z.output<typeof networkSchema> & { readonly kind: Kind };

/** Everything that rebuilds a network but its parameters. */
export type NetworkDescription = {
  readonly spec: NetworkSpec;
  /** (height, width, channels) of an example. */
  readonly inputShape: readonly [number, number, number];
  readonly classCount: number;
  /** Inputs are (value - mean) / standardDeviation, by channel or for all; value of a uint8 image is pixel / 255. */
  readonly normalization: InputNormalization;
};
