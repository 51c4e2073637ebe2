import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { principalVariances } from './readme-example.js';

test('the example of the README is the one tested here', () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(import.meta.dirname, '../README.md'), 'utf8'))!;
  expect(example).toBe(readFileSync(join(import.meta.dirname, 'readme-example.ts'), 'utf8').replaceAll("'../src/index.js'", "'@memgeo/numerics'"));
});

test('the variances of the example sum to the squared length of the points, largest first', () => {
  const variances = principalVariances(20, 400);
  expect(variances).toHaveLength(20);
  expect([...variances].sort((a, b) => b - a)).toEqual(variances);
  // 8000 squares of standard normal numbers over 20: mean 400, standard deviation sqrt(2 * 8000) / 20 = 6.3; five of them.
  expect(Math.abs(variances.reduce((sum, value) => sum + value, 0) - 400)).toBeLessThan(32);
});
