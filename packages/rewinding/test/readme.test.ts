import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Network, networkSchema, openBackend, Trainer, type NetworkDescription } from '@memgeo/network';
import type { Tensors } from '../src/index.js';
import { accuracyWithTailSetBack } from './readme-example.js';
import { toyData } from './stages/toy-run.js';

test('the example of the README is the one tested here', () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(import.meta.dirname, '../README.md'), 'utf8'))!;
  expect(example).toBe(readFileSync(join(import.meta.dirname, 'readme-example.ts'), 'utf8').replaceAll("'../src/index.js'", "'@memgeo/rewinding'"));
});

test('the example sets a network that knows its images back to one that does not', async () => {
  await openBackend('wasm');
  const { labels: rows, examples: images } = toyData();
  const labels = Int32Array.from(rows, ({ trueLabel }) => trueLabel);
  const description: NetworkDescription = { spec: networkSchema.parse({ kind: 'mlp', hidden: [16], batchNorm: true }), inputShape: [6, 6, 1], classCount: 4, normalization: { mean: 0, standardDeviation: 1 } };
  const network = Network.initialize(description, 1);
  const tensors = async (): Promise<Tensors> => new Map((await network.parameters()).map((parameter) => [parameter.name, parameter]));
  const earlier = await tensors();
  const trainer = new Trainer(network, { learningRate: 0.05, momentum: 0.9, weightDecay: 0 });
  for (let epoch = 0; epoch < 10; epoch++) await trainer.trainEpoch(images, labels, Int32Array.from(labels.keys()), { batchSize: 20 });
  const final = await tensors();
  const accuracy = (from: Tensors) => accuracyWithTailSetBack(description, final, { earlier: from, from: 'dense1', images, labels });
  expect(await accuracy(final)).toBeGreaterThan(0.95);
  // Chance is .25.
  expect(await accuracy(earlier)).toBeLessThan(0.5);
  trainer.dispose();
  network.dispose();
});
