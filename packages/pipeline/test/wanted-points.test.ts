import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Store } from '../src/index.js';
import { pointsNamed, wantedPoints } from '../src/planning/wanted-points.js';
import { ReadingWorkbench } from './reading-workbench.js';

const bench = new ReadingWorkbench();
const read = () => bench.readStages({ s: '{ uses: test/source, matrix: { w: [8, 16, 32], l: [x, y] } }', g: '{ uses: test/gather, in: { many: "s[*].numbers" } }' });
const store = () => Store.openForReading(join(bench.folder, 'nowhere'));

describe('a name of points', () => {
  test.each([
    ['s[l=x,w=8]', ['s[l=x,w=8]']],
    ['s[w=8,l=x]', ['s[l=x,w=8]']],
    ['s[w=8]', ['s[l=x,w=8]', 's[l=y,w=8]']],
    ['s[w>8,l!=x]', ['s[l=y,w=16]', 's[l=y,w=32]']],
    ['s[*]', ['s[l=x,w=8]', 's[l=x,w=16]', 's[l=x,w=32]', 's[l=y,w=8]', 's[l=y,w=16]', 's[l=y,w=32]']],
    ['g', ['g']],
    ['failed', []],
  ])('%s selects as a reference does', async (name, ids) => {
    expect([...pointsNamed(await read(), [name], store())].map(({ id }) => id)).toEqual(ids);
  });

  test.each([
    ['s[v=8]', /"s\[v=8\]": s has no axis "v"/],
    ['s[w=9]', /it selects no point of s\. There are w: 8, 16, 32\./],
    ['t[w=8]', /no stage or point "t\[w=8\]".*Known: s, g/],
    ['s[w', /no stage or point "s\[w"/],
    ['s[w=8].out', /no stage or point "s\[w=8\]\.out"/],
  ])('%s is an error that says what there is', async (name, message) => {
    const pipeline = await read();
    expect(() => pointsNamed(pipeline, [name], store())).toThrow(message);
  });

  test('brings what the points need', async () => {
    expect(wantedPoints(await read(), ['g'], store())).toHaveLength(7);
  });
});
