import { expect, test } from '@jest/globals';
import { layersOf } from '@memgeo/network';
import { checkWasmMemory } from '../../src/plan/check-memory.js';

test('a batch that the memory of wasm can\'t hold is refused with one that it can', () => {
  const inputShape = [32, 32, 3] as const;
  const layers = layersOf({ spec: { kind: 'resnet18' }, inputShape, classCount: 100, normalization: { mean: 0, standardDeviation: 1 } });
  expect(() => checkWasmMemory(layers, { inputShape, batchSize: 128 })).not.toThrow();
  let message = '';
  try {
    checkWasmMemory(layers, { inputShape, batchSize: 512 });
  } catch (cause) {
    message = (cause as Error).message;
  }
  expect(message).toMatch(/with 512 training takes about \d+\.\d GiB, and there are 3\.3\. Use batchSize \d+ or less/);
  const batchSize = Number(/Use batchSize (\d+)/.exec(message)![1]);
  expect(() => checkWasmMemory(layers, { inputShape, batchSize })).not.toThrow();
  expect(() => checkWasmMemory(layers, { inputShape, batchSize: batchSize + 1 })).toThrow(RangeError);
});
