import { expect, test } from '@jest/globals';
import { asStageError, StageError } from '../../src/index.js';

test('asStageError() turns errors of the named kinds into StageErrors with the place, and lets the rest pass', async () => {
  const cause = new RangeError('margin must be at least 0');
  const error = await asStageError('a/b', [RangeError], () => { throw cause; }).catch((thrown: unknown) => thrown as StageError);
  expect(error).toBeInstanceOf(StageError);
  expect(error).toMatchObject({ message: 'a/b: margin must be at least 0', cause });
  await expect(asStageError('a/b', [RangeError], () => Promise.reject(new TypeError('x')))).rejects.toThrow(TypeError);
  expect(await asStageError('a/b', [RangeError], () => 7)).toBe(7);
});
