import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { estimateMemory, largestBatch, layersOf, Network, networkSchema, openBackend, wasmMemoryBytes, type NetworkDescription, type NetworkSpec } from '../../src/index.js';
import { disposeGradientStep, gradientStep } from '../../src/training/gradient-step.js';
import { Optimizer } from '../../src/training/optimizer.js';

/** Counts the bytes of distinct buffers in the backend, which tf.memory() counts once for each tensor that shares them. */
class LiveBytes {
  readonly #sizes = new Map<object, number>();
  #now = 0;
  peak = 0;

  constructor(backend: { move: (...given: never[]) => void; disposeData: (id: object, force?: boolean) => boolean }) {
    const [move, dispose] = [backend.move.bind(backend), backend.disposeData.bind(backend)];
    backend.move = (...given) => {
      const [id, , shape] = given as unknown as [object, unknown, number[]];
      if (!this.#sizes.has(id)) this.#sizes.set(id, shape.reduce((product, size) => product * size, 4));
      this.#now = [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
      this.peak = Math.max(this.peak, this.#now);
      move(...given);
    };
    backend.disposeData = (id, force) => {
      const isGone = dispose(id, force);
      if (isGone) this.#sizes.delete(id);
      return isGone;
    };
  }
}

let live: LiveBytes;
beforeAll(async () => {
  await openBackend('wasm');
  live = new LiveBytes(tf.backend() as unknown as ConstructorParameters<typeof LiveBytes>[0]);
});

const describeNetwork = (spec: NetworkSpec, inputShape: readonly [number, number, number]): NetworkDescription =>
  ({ spec: networkSchema.parse(spec), inputShape, classCount: 10, normalization: { mean: 0, standardDeviation: 1 } });

const MiB = 2 ** 20;
const nets: readonly (readonly [string, NetworkSpec, readonly [number, number, number], number])[] = [
  ['a wide MLP', { kind: 'mlp', hidden: [512, 512], batchNorm: true }, [28, 28, 1], 64],
  ['VGG with batch normalization', { kind: 'vgg', channels: [8, 16] }, [28, 28, 1], 20],
  ['VGG without, with dropout', { kind: 'vgg', channels: [8, 16], dense: [256], batchNorm: false, dropout: 0.5 }, [28, 28, 1], 20],
  ['ResNet-18, where shortcuts are read twice', { kind: 'resnet18', channels: 8 }, [16, 16, 3], 10],
  ['DenseNet, where all is read many times', { kind: 'densenet', blocks: [3, 3] }, [16, 16, 3], 10],
];

describe.each(nets)('%s', (_, spec, inputShape, batch) => {
  test.each([['sgd'], ['adam']] as const)('with %s: the estimate is never below what a step takes, and at most a fifth or half a MiB above', (kind) => {
    const network = Network.initialize(describeNetwork(spec, inputShape), 1);
    const optimizer = new Optimizer(network, { method: { kind }, momentum: 0.9, weightDecay: 0 });
    live.peak = 0;
    const x = tf.zeros<tf.Rank.R4>([batch, ...inputShape]);
    const step = gradientStep(network, x, {
      labels: new Array<number>(batch).fill(0), names: optimizer.names, dropoutMask: (_step, shape) => new Float32Array(shape.reduce((product, size) => product * size, 1)),
    });
    optimizer.step(step.gradients, { learningRate: 0.1 });
    disposeGradientStep(step);
    x.dispose();
    const { backward, update } = estimateMemory(network.layers, { inputShape, batchSize: batch, method: { kind } });
    optimizer.dispose();
    network.dispose();
    expect(Math.max(backward, update)).toBeGreaterThanOrEqual(live.peak);
    expect(Math.max(backward, update)).toBeLessThan(Math.max(live.peak * 1.2, live.peak + MiB / 2));
  });
});

test('the largest batch is found where the step of the optimizer takes most', () => {
  const inputShape = [28, 28, 1] as const;
  const options = { inputShape, method: { kind: 'adam' }, isClipped: true } as const;
  const layers = layersOf(describeNetwork({ kind: 'mlp', hidden: [3000, 3000] }, inputShape));
  const limit = estimateMemory(layers, { ...options, batchSize: 10 }).bytes;
  expect(largestBatch(layers, options, limit)).toBeGreaterThanOrEqual(10);
  expect(estimateMemory(layers, { ...options, batchSize: largestBatch(layers, options, limit) }).bytes).toBeLessThanOrEqual(limit);
});

test('the largest batch fits, and one more does not', () => {
  const inputShape = [32, 32, 3] as const;
  const layers = layersOf(describeNetwork({ kind: 'resnet18' }, inputShape));
  const batch = largestBatch(layers, { inputShape }, wasmMemoryBytes);
  expect(batch).toBeGreaterThan(64);
  expect(estimateMemory(layers, { inputShape, batchSize: batch }).bytes).toBeLessThanOrEqual(wasmMemoryBytes);
  expect(estimateMemory(layers, { inputShape, batchSize: batch + 1 }).bytes).toBeGreaterThan(wasmMemoryBytes);
  expect(largestBatch(layers, { inputShape }, 100 * MiB)).toBe(0);
});
