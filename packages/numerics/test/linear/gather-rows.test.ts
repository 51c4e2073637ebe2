import { expect, test } from '@jest/globals';
import { gatherRows } from '../../src/index.js';

test('gatherRows() copies rows in the order given, repeated ones too, and keeps the type', () => {
  const matrix = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const gathered = gatherRows(matrix, 2, [2, 0, 2]);
  expect(gathered).toEqual(Uint8Array.of(5, 6, 1, 2, 5, 6));
  gathered[0] = 9;
  expect(matrix[4]).toBe(5);
  expect(gatherRows(new Float32Array(4), 4, [])).toEqual(new Float32Array(0));
});
