import { describe, expect, test } from '@jest/globals';
import type { Point } from '../src/planning/pipeline.js';
import { matrixSelection, parseReference, type Reference } from '../src/reading/references.js';
import { StagePoints } from '../src/reading/stage-points.js';

describe('matrixSelection()', () => {
  test.each<[string, ReturnType<typeof matrixSelection>]>([
    ['a[x=${matrix.y}]', { axes: ['x'], names: ['y'] }],
    [' a[ x = ${ matrix.y } , z=${matrix.z}].out/4 ', { axes: ['x', 'z'], names: ['y', 'z'] }],
    ...['a', 'a[*]', 'a[]', 'a[x=1]', 'a[x=1,y=${matrix.y}]', 'a[x=${params.y}]', 'a[x=${matrix.y}|2]', 'a[x!=${matrix.y}]', 'a[x=${matrix.y},x=${matrix.z}]', 'a[x=${matrix.y}].${matrix.z}', '${matrix.a}[x=${matrix.y}]'].map((text): [string, undefined] => [text, undefined]),
  ])('of "%s"', (text, expected) => expect(matrixSelection(text)).toEqual(expected));
});

describe('StagePoints', () => {
  const values = [1, 0.001, 1e21, -2, '1x', 'a b', '1.0', true];
  const points = values.flatMap((x) => ['u', 2].map((y) => ({ id: `a[x=${x},y=${y}]`, coordinates: { x, y } }) as unknown as Point));
  const stage = new StagePoints('a', {} as Point['stage'], points);
  const select = (x: unknown): readonly Point[] | undefined => {
    try {
      return stage.select((parseReference(`a[x=${x}]`) as Reference).selection, (message) => { throw new Error(message); });
    } catch {
      return undefined;
    }
  };

  test.each([...values, '1', '0.001', 'true', '1e-3', '01', 'b', 3, false])('spelled() finds what select() does for the value %p, or nothing', (value) => {
    const found = stage.spelled(['x'], [value]);
    if (found) expect(found).toEqual(select(value));
    else expect(values.filter((one) => one !== '1.0')).not.toContain(value);
  });
});
