import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareWithChance } from './readme-example.js';

test('the example of the README is the one tested here', () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(import.meta.dirname, '../README.md'), 'utf8'))!;
  expect(example).toBe(readFileSync(join(import.meta.dirname, 'readme-example.ts'), 'utf8'));
});

test('clouds without centers of their own have the capacity of chance, distant ones more', () => {
  const near = compareWithChance(0);
  const far = compareWithChance(2);
  // Chance is the limit of many manifolds; 40 are some percent away from it.
  expect(Math.abs(near.capacity / near.chance - 1)).toBeLessThan(0.1);
  expect(far.capacity).toBeGreaterThan(2 * far.chance);
});
