import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openBackend } from '@memgeo/network';
import { randomStream } from '@memgeo/numerics';
import { gaussianClasses, indicesOf, toyNetwork } from './gaussian-classes.js';
import { pullOfPermutedLabels } from './readme-example.js';

test('the example of the README is the one tested here', () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(import.meta.dirname, '../README.md'), 'utf8'))!;
  expect(example).toBe(readFileSync(join(import.meta.dirname, 'readme-example.ts'), 'utf8').replaceAll("'../src/index.js'", "'@memgeo/gradients'"));
});

test('the example finds that shuffled labels pull less at an untrained network', async () => {
  await openBackend('wasm');
  const { examples, labels } = gaussianClasses(400, { centers: randomStream(1, 'centers'), random: randomStream(1, 'readme') });
  const [first, second] = [indicesOf(200), indicesOf(200).map((i) => i + 200)];
  const permuted = Int32Array.from(randomStream(1, 'permutation').shuffle([...labels.slice(200)]));
  const { ratio, standardError } = await pullOfPermutedLabels(toyNetwork(), examples, { unpermuted: { indices: first, labels: labels.slice(0, 200) }, permuted: { indices: second, labels: permuted } });
  expect(ratio + 3 * standardError).toBeLessThan(0.8);
});
