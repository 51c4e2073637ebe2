import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepActivations } from './readme-example.js';

test('the example of the README is the one tested here', () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(import.meta.dirname, '../README.md'), 'utf8'))!;
  expect(example).toBe(readFileSync(join(import.meta.dirname, 'readme-example.ts'), 'utf8').replaceAll("'../src/index.js'", "'@memgeo/artifacts'"));
});

test('the example reads back what it wrote, under the same digest wherever it lies', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'memgeo-readme-'));
  const [first, second] = [await keepActivations(join(folder, 'a')), await keepActivations(join(folder, 'b'))];
  await rm(folder, { recursive: true });
  expect(first.shape).toEqual([3, 2]);
  expect(first.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(second.digest).toBe(first.digest);
});
