import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTableFile, writeTensor } from '@memgeo/artifacts';
import { executeJob } from '../src/index.js';
import { stage } from './readme-example.js';
import { jobIn } from './repeat-stage.js';

test('the example of the README is the one tested here', () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(import.meta.dirname, '../README.md'), 'utf8'))!;
  expect(example).toBe(readFileSync(join(import.meta.dirname, 'readme-example.ts'), 'utf8').replaceAll("'../src/index.js'", "'@memgeo/stage'"));
});

describe('the stage of the README', () => {
  let folder: string;
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-readme-')); });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const norms = async (data: Float32Array, params: { order?: number }) => {
    const points = join(folder, 'points');
    await writeTensor(points, { data, shape: [2, 2], rows: {}, metadata: {} }, { schema: 'points@1' });
    return executeJob(jobIn(folder, { stage: stage.id, params, inputs: { points } }), stage, () => undefined);
  };

  test.each([[{}, 5], [{ order: 1 }, 7]])('with %j writes the norm of each row', async (params, norm) => {
    expect(await norms(Float32Array.of(3, -4, 0, 0), params)).toMatchObject({ status: 'done', facts: { vectors: 2 } });
    expect(await readTableFile(join(folder, 'out/norms/table.parquet'))).toEqual([{ row: 0, norm }, { row: 1, norm: 0 }]);
  });

  test('refuses what is no number', async () => {
    expect(await norms(Float32Array.of(3, NaN, 0, 0), {})).toMatchObject({ status: 'failed', error: { name: 'StageError' } });
  });
});
