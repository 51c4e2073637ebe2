import { Network, openBackend, Trainer, type NetworkDescription, type NetworkSpec } from '@memgeo/network';
import { measure, type BenchmarkRow } from './measure.js';

const networks: { readonly [name: string]: { spec: NetworkSpec; inputShape: [number, number, number]; classCount: number; batchSize: number } } = {
  'quickstart: vgg 8-16-32 x 2, dense 128, 28x28x1': {
    spec: { kind: 'vgg', channels: [8, 16, 32], convolutionsPerBlock: 2, dense: [128], batchNorm: true, width: 1 }, inputShape: [28, 28, 1], classCount: 36, batchSize: 40,
  },
  'vgg 16-32-64-64 x 2, 28x28x1': {
    spec: { kind: 'vgg', channels: [16, 32, 64, 64], convolutionsPerBlock: 2, dense: [], batchNorm: true, width: 1 }, inputShape: [28, 28, 1], classCount: 10, batchSize: 64,
  },
  'mlp 784-512-512-10': { spec: { kind: 'mlp', hidden: [512, 512], batchNorm: false, width: 1 }, inputShape: [28, 28, 1], classCount: 10, batchSize: 64 },
};

/** Training and evaluation rates on the wasm backend, on one core. */
export async function benchNetwork(tell: (row: BenchmarkRow) => void): Promise<void> {
  await openBackend('wasm');
  for (const [name, { batchSize, ...about }] of Object.entries(networks)) {
    const description: NetworkDescription = { ...about, normalization: { mean: 0.5, standardDeviation: 0.3 } };
    const count = 16 * batchSize;
    const data = Uint8Array.from({ length: count * 784 }, (_, i) => (i * 2654435761) >>> 24);
    const labels = Int32Array.from({ length: count }, (_, i) => i % about.classCount);
    const order = Int32Array.from({ length: count }, (_, i) => i);
    const network = Network.initialize(description, 1);
    const trainer = new Trainer(network, { learningRate: 0.01, momentum: 0.9, weightDecay: 0 });
    const rate = (ms: number) => ({ 'examples/s': (1000 * count) / ms });
    const training = await measure(() => trainer.trainEpoch({ data, count }, labels, order, { batchSize }));
    tell({ what: `${name}, training`, timing: training, facts: rate(training.median) });
    const prediction = await measure(() => network.predict({ data, count }, order));
    tell({ what: `${name}, evaluation`, timing: prediction, facts: rate(prediction.median) });
    trainer.dispose();
    network.dispose();
  }
}
