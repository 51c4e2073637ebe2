import { expect, test } from '@jest/globals';
import { exampleSetIndices } from '@memgeo/artifacts';
import { initialParameters, layersOf, networkSchema, openBackend } from '@memgeo/network';
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
