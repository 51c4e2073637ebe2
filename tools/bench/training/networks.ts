import type { NetworkDescription, NetworkSpec } from '@memgeo/network';

/** A network of the benchmark of training, without what its images are like. */
export type BenchedNetwork = { readonly title: string; readonly batchSize: number; readonly description: NetworkDescription };

function bench(title: string, spec: NetworkSpec, { inputShape, classCount, batchSize }: { inputShape: [number, number, number]; classCount: number; batchSize: number }): BenchedNetwork {
  return { title, batchSize, description: { spec, inputShape, classCount, normalization: { mean: 0.5, standardDeviation: 0.3 } } };
}

const gray: [number, number, number] = [28, 28, 1];
const color: [number, number, number] = [32, 32, 3];
const small: NetworkSpec = { kind: 'vgg', channels: [16, 32, 64, 64], convolutionsPerBlock: 2, dense: [], batchNorm: true };

/** By name, from the cheapest. */
export const benchedNetworks: { readonly [name: string]: BenchedNetwork } = {
  mlp: bench('784-512-512-10', { kind: 'mlp', hidden: [512, 512] }, { inputShape: gray, classCount: 10, batchSize: 64 }),
  quickstart: bench('VGG 8-16-32, 2 convolutions a block, dense 128, 28x28x1', { kind: 'vgg', channels: [8, 16, 32], convolutionsPerBlock: 2, dense: [128], batchNorm: true }, { inputShape: gray, classCount: 36, batchSize: 40 }),
  vgg28: bench('VGG 16-32-64-64, 2 convolutions a block, 28x28x1', small, { inputShape: gray, classCount: 10, batchSize: 64 }),
  vgg32: bench('VGG 16-32-64-64, 2 convolutions a block, 32x32x3, 100 classes', small, { inputShape: color, classCount: 100, batchSize: 64 }),
  'resnet18-w16': bench('ResNet-18, 16 channels, 32x32x3, 100 classes', { kind: 'resnet18', channels: 16 }, { inputShape: color, classCount: 100, batchSize: 32 }),
  'resnet18-w64': bench('ResNet-18, 64 channels, 32x32x3, 100 classes', { kind: 'resnet18', channels: 64 }, { inputShape: color, classCount: 100, batchSize: 32 }),
  vgg16: bench('VGG-16, dense 512, 32x32x3, 100 classes', { kind: 'vgg', depth: 16, dense: [512], batchNorm: true }, { inputShape: color, classCount: 100, batchSize: 128 }),
};
