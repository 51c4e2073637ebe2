import { expect, test } from '@jest/globals';
import { exampleSetIndices } from '@memgeo/artifacts';
import { initialParameters, layerGroups, layersOf, networkSchema, openBackend, type NetworkDescription } from '@memgeo/network';
import { setBack } from '../../src/index.js';
import { evaluateNetwork, type EvaluationData } from '../../src/stages/network-evaluator.js';
import { SharedLayers } from '../../src/stages/shared-layers.js';
import { toyData } from './toy-run.js';

test('how much is held changes no number', async () => {
  await openBackend('wasm');
  const { labels, examples } = toyData();
  const data: EvaluationData = {
    description: { spec: networkSchema.parse({ kind: 'vgg', channels: [4], dense: [8] }), inputShape: [6, 6, 1], classCount: 4, normalization: { mean: 0, standardDeviation: 1 } },
    examples, sets: exampleSetIndices(labels), images: Int32Array.from(labels.keys()), trained: Int32Array.from({ length: 80 }, (_, i) => (7 * i) % 80), assigned: Int32Array.from(labels, ({ assignedLabel }) => assignedLabel), statisticsBatchSize: 30,
  };
  const final = new Map(initialParameters(data.description, 1).map((parameter) => [parameter.name, parameter]));
  const steps = [...layersOf(data.description).entries()].filter(([, { kind }]) => kind === 'convolution' || kind === 'dense').map(([step]) => step);
  // Room for nothing, for what reaches the dense layers (36 and 8 values by image), and for all.
  const [nothing, some, all] = await Promise.all([0, 36 * 280, 1e6].map(async (heldValues) => {
    const shared = new SharedLayers(final, data, { heldValues });
    const results: { begin: number; evaluation: unknown }[] = [];
    for (const step of steps) {
      for (const isReestimated of [false, true]) {
        const inputs = await shared.inputsOf(step, { isReestimated });
        results.push({ begin: inputs.evaluation.step, evaluation: await evaluateNetwork(final, data, { ...inputs, isRetrained: false }) });
      }
    }
    shared.dispose();
    return results;
  }));
  expect(new Set(nothing!.map(({ begin }) => begin))).toEqual(new Set([0]));
  expect(all!.map(({ begin }) => begin)).toEqual(steps.flatMap((step) => [step, step]));
  expect(some![2]!.begin).toBe(0);
  expect(some!.at(-1)!.begin).toBe(steps.at(-1));
  for (const results of [nothing!, some!]) expect(results.map(({ evaluation }) => evaluation)).toEqual(all!.map(({ evaluation }) => evaluation));
});

test('past shortcuts, what crosses is held with what reaches the layer', async () => {
  await openBackend('wasm');
  const { labels, examples } = toyData();
  const description: NetworkDescription = { spec: networkSchema.parse({ kind: 'resnet18', channels: 2 }), inputShape: [6, 6, 1], classCount: 4, normalization: { mean: 0, standardDeviation: 1 } };
  const data: EvaluationData = {
    description, examples, sets: exampleSetIndices(labels).slice(0, 1), images: Int32Array.from({ length: 40 }, (_, i) => i), trained: Int32Array.from({ length: 40 }, (_, i) => (7 * i) % 40),
    assigned: Int32Array.from(labels, ({ assignedLabel }) => assignedLabel), statisticsBatchSize: 20,
  };
  const withSets = { ...data, sets: [{ set: 'unpermuted' as const, indices: Int32Array.of(3, 30, 12), labels: Int32Array.of(0, 1, 2) }] };
  const final = new Map(initialParameters(description, 1).map((parameter) => [parameter.name, parameter]));
  const initial = new Map(initialParameters(description, 2).map((parameter) => [parameter.name, parameter]));
  const groups = layerGroups(description);
  const names = groups.map(({ name }) => name);
  // A shortcut with weights comes after the first convolution beside it: the tail from that is the whole block and all after it.
  expect(names.slice(names.indexOf('layer2.0.conv1'), names.indexOf('layer2.1.conv1'))).toEqual(['layer2.0.conv1', 'layer2.0.shortcut', 'layer2.0.conv2']);
  const chosen = ['layer1.0.conv2', 'layer2.0.conv1', 'layer2.0.shortcut', 'layer2.0.conv2', 'output'].map((name) => groups.find((group) => group.name === name)!);
  const [nothing, all] = await Promise.all([0, 1e7].map(async (heldValues) => {
    const shared = new SharedLayers(final, withSets, { heldValues });
    const results: unknown[] = [];
    for (const group of chosen) {
      const tensors = setBack(final, { earlier: initial, groups: groups.slice(groups.indexOf(group)), withStatistics: false });
      for (const isReestimated of [false, true]) {
        const inputs = await shared.inputsOf(layersOf(description).findIndex(({ index }) => index === group.index), { isReestimated });
        results.push(await evaluateNetwork(tensors, withSets, { ...inputs, isRetrained: false }));
      }
    }
    shared.dispose();
    return results;
  }));
  expect(nothing).toEqual(all);
});
