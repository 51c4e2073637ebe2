import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { examplesSchema, labelsTable, readTable, readTensor, writeTensorFile } from '@memgeo/artifacts';
import { executeJob } from '@memgeo/stage';
import { stage } from '../../src/stages/permute.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-permute-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

async function run(given: { [name: string]: unknown }) {
  const params = stage.params.parse(given);
  const result = await executeJob({
    format: 1, stage: stage.id, point: 'data', params: JSON.parse(JSON.stringify(params)), inputs: {}, files: { ...stage.files!(params) },
    outputFolder: join(folder, 'out'), stateFolder: join(folder, 'state'), resultFile: join(folder, 'result.json'), threads: 1, lineage: [],
  }, stage, () => {});
  if (result.status === 'failed') throw new Error(result.error.message);
  return { facts: result.facts, examples: await readTensor(join(folder, 'out', 'examples'), { schema: examplesSchema }), labels: await readTable(join(folder, 'out', 'labels'), labelsTable) };
}

test('glyphs: chosen classes, half of the labels deranged', async () => {
  const { facts, examples, labels } = await run({ source: 'glyphs', classes: ['A', 'B', '7'], trainPerClass: 20, testPerClass: 10, fixedPoints: 'forbid' });
  expect(facts).toEqual({ classes: 3, training: 60, permuted: 30, fixedPoints: 0, test: 30 });
  expect(examples.shape).toEqual([90, 784]);
  expect(examples.metadata).toMatchObject({ height: 28, width: 28, channels: 1, classNames: ['A', 'B', '7'], source: 'glyphs' });
  expect(labels.map(({ split }) => split)).toEqual([...Array(60).fill('train'), ...Array(30).fill('test')]);
  expect(labels.filter(({ isPermuted }) => isPermuted).every(({ trueLabel, assignedLabel }) => trueLabel !== assignedLabel)).toBe(true);
  // Every image is drawn: none is blank.
  for (let row = 0; row < 90; row++) expect(examples.data.subarray(row * 784, (row + 1) * 784).some((value) => value > 128)).toBe(true);
});

test('fashion-mnist is read whole', async () => {
  const { facts } = await run({ source: 'fashion-mnist' });
  expect(facts).toMatchObject({ classes: 10, training: 5000, test: 1000 });
});

test('an Arrow tensor with labels and splits', async () => {
  const path = join(folder, 'mine.arrow');
  await writeTensorFile(path, {
    data: Float32Array.from({ length: 8 * 4 }, (_, i) => i), shape: [8, 4], metadata: {},
    rows: { label: ['x', 'y', 'x', 'y', 'x', 'y', 'x', 'y'], split: ['train', 'train', 'train', 'train', 'test', 'test', 'test', 'test'] },
  });
  const { examples, facts } = await run({ source: { format: 'tensor', path, shape: [2, 2, 1] }, permutedFraction: 1 });
  expect(facts).toMatchObject({ classes: 2, training: 4, permuted: 4, test: 4 });
  expect(examples.data).toBeInstanceOf(Float32Array);
  await rm(join(folder, 'out'), { recursive: true });
  await expect(run({ source: { format: 'tensor', path } })).rejects.toThrow(/must be the 4 values of a row; got no shape\. Set shape/);
});

test.each([
  [{ source: 'glyphs', classes: ['A', 'Ab'] }, /there is no class "Ab"; the nearest is "A"/],
  [{ source: 'glyphs', classes: ['A', 'A'] }, /"A" stands there twice/],
  [{ source: 'glyphs', trainPerClass: 5000 }, /class "!" has \d+ training images; trainPerClass asks for 5000/],
  [{ source: { format: 'idx', path: '/nowhere' } }, /\/nowhere\/train-images-idx3-ubyte is missing/],
])('refuses %j', async (params, message) => {
  await expect(run(params)).rejects.toThrow(message);
});

test('a fraction above 1 is refused by the schema', () => {
  expect(stage.params.safeParse({ source: 'glyphs', permutedFraction: 1.5 }).error?.issues[0]).toMatchObject({ path: ['permutedFraction'], code: 'too_big' });
});
