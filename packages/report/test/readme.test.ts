import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quickstartGeometry } from './quickstart-rows.js';
import { drawCapacity } from './readme-example.js';

test('the example of the README is the one tested here', () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(import.meta.dirname, '../README.md'), 'utf8'))!;
  expect(example).toBe(readFileSync(join(import.meta.dirname, 'readme-example.ts'), 'utf8'));
});

test('the example draws a panel per epoch', () => {
  const svg = drawCapacity(new Map([0, 4, 30].map((epoch) => [epoch, quickstartGeometry(epoch)])));
  expect(svg.match(/<svg x=/g)).toHaveLength(3);
});
