import { expect, test } from '@jest/globals';
import { layersOf } from '@memgeo/network';
import { checkWasmMemory } from '../../src/plan/check-memory.js';

test('a batch that the memory of wasm can\'t hold is refused with one that it can', () => {
  const inputShape = [32, 32, 3] as const;
  const layers = layersOf({ spec: { kind: 'resnet18' }, inputShape, classCount: 100, normalization: { mean: 0, standardDeviation: 1 } });
  expect(() => checkWasmMemory(layers, { workers: 1, inputShape, batchSize: 128 })).not.toThrow();
  let message = '';
  try {
    checkWasmMemory(layers, { workers: 1, inputShape, batchSize: 512 });
  } catch (cause) {
    message = (cause as Error).message;
  }
  expect(message).toMatch(/with 512 training takes about \d+\.\d GiB, and there are 3\.3\. Use batchSize \d+ or less/);
  const batchSize = Number(/Use batchSize (\d+)/.exec(message)![1]);
  expect(() => checkWasmMemory(layers, { workers: 1, inputShape, batchSize })).not.toThrow();
  expect(() => checkWasmMemory(layers, { workers: 1, inputShape, batchSize: batchSize + 1 })).toThrow(RangeError);
});

test('workers share a batch, and each has a memory of its own', () => {
  const inputShape = [32, 32, 3] as const;
  const layers = layersOf({ spec: { kind: 'resnet18' }, inputShape, classCount: 100, normalization: { mean: 0, standardDeviation: 1 } });
  const largest = (workers: number): number => {
    let batchSize = 1;
    try {
      for (; ; batchSize++) checkWasmMemory(layers, { workers, inputShape, batchSize });
    } catch {
      return batchSize - 1;
    }
  };
  expect(largest(2)).toBe(2 * largest(1));
  expect(() => checkWasmMemory(layers, { workers: 2, inputShape, batchSize: largest(2) + 1 })).toThrow(/each of 2 workers takes about .* Use batchSize/);
});
