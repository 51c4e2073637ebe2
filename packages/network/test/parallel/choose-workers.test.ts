import { describe, expect, test } from '@jest/globals';
import type { BackendName } from '../../src/backends/open-backend.js';
import { networkSchema, type NetworkDescription } from '../../src/description/network-spec.js';
import { chooseWorkers } from '../../src/parallel/choose-workers.js';

const describeNetwork = (spec: object, inputShape: NetworkDescription['inputShape']): NetworkDescription => ({ spec: networkSchema.parse(spec), inputShape, classCount: 10, normalization: { mean: 0.5, standardDeviation: 0.3 } });
const large = describeNetwork({ kind: 'resnet18', width: 0.25 }, [32, 32, 3]);
const small = describeNetwork({ kind: 'vgg', channels: [8, 16, 32], convolutionsPerBlock: 2, dense: [128] }, [28, 28, 1]);
const dense = describeNetwork({ kind: 'mlp', hidden: [4096, 4096] }, [28, 28, 1]);

describe('chooseWorkers()', () => {
  test.each<[string, NetworkDescription, BackendName, number, number]>([
    ['a large convolutional network on wasm', large, 'wasm', 32, 2],
    ['the same on tensorflow', large, 'tensorflow', 32, 2],
    ['the same on a GPU', large, 'webgpu', 32, 1],
    ['the same in small batches', large, 'wasm', 4, 1],
    ['a small convolutional network', small, 'wasm', 40, 1],
    ['the same in large batches', small, 'wasm', 400, 2],
    ['a dense network of any size', dense, 'wasm', 64, 1],
  ])('%s', (_, description, backend, batchSize, workers) => {
    expect(chooseWorkers(description, { backend, batchSize })).toBe(workers);
  });
});
