import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { openBackend } from '../../src/index.js';
import { runSteps, stepsFor } from '../../src/model/run-steps.js';

beforeAll(() => openBackend('wasm'));

const chain = Array.from({ length: 40 }, (_, i) => ({ name: `step${i + 1}`, inputs: [`step${i}`] }));
/** Each step reads the one before it, and every fifth also the one ten before. */
const withShortcuts = chain.map(({ name, inputs }, i) => ({ name, inputs: i % 5 === 4 && i >= 10 ? [...inputs, `step${i - 9}`] : inputs }));

function run(steps: readonly { name: string; inputs: string[] }[], wanted: ReadonlySet<string>): { values: { [name: string]: number }; mostHeld: number } {
  const given = new Map([['step0', tf.scalar(1)]]);
  let mostHeld = 0;
  const before = tf.memory().numTensors;
  const values = runSteps(steps, given, {
    wanted,
    run: (_, inputs) => {
      mostHeld = Math.max(mostHeld, tf.memory().numTensors - before);
      return tf.addN([...inputs, tf.scalar(1)]);
    },
  });
  const result = Object.fromEntries([...values].map(([name, value]) => [name, value.dataSync()[0]!]));
  tf.dispose([...values.values()]);
  expect(tf.memory().numTensors).toBe(before);
  tf.dispose([...given.values()]);
  return { values: result, mostHeld };
}

describe('runSteps()', () => {
  test('holds one value along a chain, those that shortcuts read beside it, and what is wanted', () => {
    expect(run(chain, new Set(['step40']))).toEqual({ values: { step40: 41 }, mostHeld: 1 });
    expect(run(withShortcuts, new Set(['step40'])).mostHeld).toBeLessThanOrEqual(10);
    expect(run(chain, new Set(['step0', 'step3', 'step40']))).toEqual({ values: { step0: 1, step3: 4, step40: 41 }, mostHeld: 3 });
  });

  test('a value that nothing reads is freed at once', () => {
    expect(run([...chain.slice(0, 3), { name: 'dead', inputs: ['step1'] }], new Set(['step3']))).toEqual({ values: { step3: 4 }, mostHeld: 2 });
  });
});

test('stepsFor() keeps what a value depends on, in order', () => {
  const names = (wanted: string[], given: string[]) => stepsFor(withShortcuts, { wanted: new Set(wanted), given: new Map(given.map((name) => [name, 0])) }).map(({ name }) => name);
  expect(names(['step3'], ['step0'])).toEqual(['step1', 'step2', 'step3']);
  expect(names(['step15'], ['step14', 'step4'])).toEqual(['step5', 'step15']);
  expect(names(['step15'], ['step14'])[0]).toBe('step1');
  expect(names(['step0'], ['step0'])).toEqual([]);
});
