import { randomStream } from '@memgeo/numerics';
import { initialParameters, networkSchema, type NamedParameter, type NetworkDescription } from '../../src/index.js';

const describeNetwork = (spec: unknown, size: number): NetworkDescription => ({ spec: networkSchema.parse(spec), inputShape: [size, size - 1, 2], classCount: 3, normalization: { mean: 0, standardDeviation: 1 } });

/** A small network of each family. */
export const families: readonly (readonly [name: string, description: NetworkDescription])[] = [
  ['mlp', describeNetwork({ kind: 'mlp', hidden: [6, 5] }, 4)],
  ['vgg with batch normalization', describeNetwork({ kind: 'vgg', channels: [3, 5], dense: [6] }, 8)],
  ['vgg without', describeNetwork({ kind: 'vgg', channels: [3], dense: [], batchNorm: false }, 7)],
  ['alexnet', describeNetwork({ kind: 'alexnet', dense: [8], width: 0.03 }, 10)],
  ['resnet18', describeNetwork({ kind: 'resnet18', channels: 2 }, 9)],
  ['resnet18 with a large stem', describeNetwork({ kind: 'resnet18', channels: 2, stem: 'large' }, 34)],
  ['densenet', describeNetwork({ kind: 'densenet', growth: 2, blocks: [2, 2] }, 7)],
];

/** Parameters and running statistics as after some training: none at its start value. */
export function trainedParameters(description: NetworkDescription): NamedParameter[] {
  const random = randomStream(4, 'trained');
  return initialParameters(description, 1).map((parameter) => ({
    ...parameter,
    data: parameter.data.map((value) => (parameter.name.endsWith('.variance') ? 1.5 + random.nextUniform() : value + 0.3 * random.nextNormal())),
  }));
}

/** Normal images. */
export function normalImages({ inputShape }: NetworkDescription, count: number): { data: Float32Array; count: number } {
  return { data: randomStream(5, 'images').fillNormal(new Float32Array(count * inputShape[0] * inputShape[1] * inputShape[2])), count };
}
