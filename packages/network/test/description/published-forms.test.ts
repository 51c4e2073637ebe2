import { describe, expect, test } from '@jest/globals';
import { forwardFlops, parameterCount } from '../../src/description/forward-flops.js';
import { layersOf } from '../../src/description/layers.js';
import type { NetworkSpec } from '../../src/index.js';
import { describeNetwork } from './describe-network.js';

/** num_params and _ops (in units of 1e9 multiply-adds) of the weights' metadata in torchvision 0.15, for images of 224 pixels and 1,000 classes. */
const torchvision: [name: string, spec: NetworkSpec, parameters: number, multiplyAdds: number][] = [
  ['vgg11', { kind: 'vgg', depth: 11, batchNorm: false }, 132863336, 7.609],
  ['vgg13', { kind: 'vgg', depth: 13, batchNorm: false }, 133047848, 11.308],
  ['vgg16', { kind: 'vgg', depth: 16, batchNorm: false }, 138357544, 15.47],
  ['vgg19', { kind: 'vgg', depth: 19, batchNorm: false }, 143667240, 19.632],
  ['alexnet', { kind: 'alexnet', stem: 'large' }, 61100840, 0.714],
  ['resnet18', { kind: 'resnet18', stem: 'large' }, 11689512, 1.814],
  ['densenet121', { kind: 'densenet', growth: 32, blocks: [6, 12, 24, 16], stem: 'large' }, 7978856, 2.834],
];

describe.each(torchvision)('%s', (_, spec, parameters, multiplyAdds) => {
  const description = describeNetwork(spec, { side: 224, classCount: 1000 });

  test('has as many parameters as published', () => expect(parameterCount(description)).toBe(parameters));

  test('takes as many multiply-adds as published, to the digits given', () => expect(forwardFlops(description).total / 2e9).toBeCloseTo(multiplyAdds, 3));
});

test.each([[11, 132868840, 2752], [13, 133053736, 2944], [16, 138365992, 4224], [19, 143678248, 5504]] as const)(
  'vgg%i_bn of torchvision has a bias in front of each norm, and nothing else that ours has not', (depth, published, biases) => {
    const description = describeNetwork({ kind: 'vgg', depth, batchNorm: 'convolutions' }, { side: 224, classCount: 1000 });
    expect(layersOf(description).filter(({ kind }) => kind === 'convolution').reduce((sum, { shape }) => sum + shape[2]!, 0)).toBe(biases);
    expect(parameterCount(description)).toBe(published - biases);
  });

// ResNet18 and VGG('VGG16') of github.com/kuangliu/pytorch-cifar; DenseNet-BC-100-12 and DenseNet-40-12: the 0.8 and 1.0 million of [huang2017densely, table 2], to the digit as in its PyTorch versions.
test.each<[string, NetworkSpec, number]>([
  ['ResNet-18', { kind: 'resnet18' }, 11173962],
  ['VGG-16 with norms, without its 4,224 biases in front of them', { kind: 'vgg', depth: 16, dense: [] }, 14728266 - 4224],
  ['DenseNet-BC-100-12', { kind: 'densenet' }, 769162],
  ['DenseNet-40-12', { kind: 'densenet', blocks: [12, 12, 12], bottleneck: false, compression: 1 }, 1019722],
])('%s for CIFAR-10 has as many parameters as published', (_, spec, parameters) => {
  expect(parameterCount(describeNetwork(spec))).toBe(parameters);
});

test('AlexNet and VGG have the layer sizes of their papers', () => {
  const sizes = (spec: NetworkSpec) => layersOf(describeNetwork(spec, { side: 224, classCount: 1000 })).filter(({ kind }) => kind === 'pool' || kind === 'dense').map(({ name, shape }) => `${name} ${shape.join('x')}`);
  expect(sizes({ kind: 'alexnet', stem: 'large' })).toEqual(['conv1.pool 27x27x64', 'conv2.pool 13x13x192', 'conv5.pool 6x6x256', 'dense1 4096', 'dense2 4096', 'output 1000']);
  expect(sizes({ kind: 'vgg', depth: 16 })).toEqual([
    'conv2.pool 112x112x64', 'conv4.pool 56x56x128', 'conv7.pool 28x28x256', 'conv10.pool 14x14x512', 'conv13.pool 7x7x512', 'dense1 4096', 'dense2 4096', 'output 1000']);
});

test('forwardFlops() counts two for each product, layer by layer', () => {
  expect(forwardFlops(describeNetwork({ kind: 'mlp', hidden: [512, 512] }, { side: 28, channels: 1 }))).toEqual({
    total: 2 * (784 * 512 + 512 * 512 + 512 * 10),
    layers: [{ name: 'dense1', flops: 2 * 784 * 512 }, { name: 'dense2', flops: 2 * 512 * 512 }, { name: 'output', flops: 2 * 512 * 10 }],
  });
  const strided = forwardFlops(describeNetwork({ kind: 'resnet18', channels: 2, stem: 'large' }, { side: 15, channels: 1 }));
  expect(strided.layers[0]).toEqual({ name: 'conv1', flops: 2 * 8 * 8 * 7 * 7 * 2 });
  expect(strided.total).toBe(strided.layers.reduce((sum, { flops }) => sum + flops, 0));
});

test('the networks of the benchmarks take 16.0 and 22.2 million operations', () => {
  const vgg: NetworkSpec = { kind: 'vgg', channels: [16, 32, 64, 64], dense: [] };
  expect(forwardFlops(describeNetwork(vgg, { side: 28, channels: 1 })).total / 1e6).toBeCloseTo(16.0, 1);
  expect(forwardFlops(describeNetwork(vgg, { classCount: 100 })).total / 1e6).toBeCloseTo(22.2, 1);
});
