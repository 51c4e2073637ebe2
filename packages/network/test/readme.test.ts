import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from '@memgeo/numerics';
import { memorize } from './readme-example.js';

test('the example of the README is the one tested here', () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(import.meta.dirname, '../README.md'), 'utf8'))!;
  expect(example).toBe(readFileSync(join(import.meta.dirname, 'readme-example.ts'), 'utf8').replaceAll("'../src/index.js'", "'@memgeo/network'"));
});

test('the example learns random labels of random images by heart', async () => {
  const count = 60;
  const random = randomStream(1, 'readme');
  const data = Uint8Array.from({ length: count * 64 }, () => random.nextInteger(256));
  const labels = Int32Array.from({ length: count }, () => random.nextInteger(3));
  expect(await memorize({ data, count }, labels, { classCount: 3, epochs: 30 })).toBe(1);
});
