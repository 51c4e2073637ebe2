import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { activationsSchema, geometryTable, readTable, writeTensor, writeTensorFile } from '@memgeo/artifacts';
import { executeJob } from '@memgeo/stage';
import { intrinsicDimensions, spectralDimensions } from '../../src/index.js';
import { stage } from '../../src/stages/spectra.js';
import { clouds } from '../clouds.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-spectra-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const points = clouds({ manifolds: 6, points: 5, features: 26, seed: 9 });
const data = Float32Array.from(points.data);

async function run(activations: { [layer: string]: string }, params = {}) {
  const result = await executeJob({
    format: 1, stage: stage.id, point: 'geometry', params, inputs: { activations }, files: {},
    outputFolder: join(folder, 'out'), stateFolder: join(folder, 'state'), resultFile: join(folder, 'result.json'), threads: 2, lineage: [],
  }, stage, () => {});
  if (result.status === 'failed') throw new Error(result.error.message);
  return readTable(join(folder, 'out', 'geometry'), geometryTable);
}

test('the stage writes for each set what the functions return for its rows, and nothing where there is nothing', async () => {
  await writeTensor(join(folder, 'a'), {
    data: Float32Array.from([...data, ...data.map(() => 2)]), shape: [60, 26],
    rows: { set: [...Array<string>(30).fill('test'), ...Array<string>(30).fill('dead')], manifold: Int32Array.from([...points.manifoldOf, ...points.manifoldOf]) },
    metadata: { layer: 'conv1.relu', layerIndex: 2, epoch: 4 },
  }, { schema: activationsSchema });
  const rows = await run({ 'conv1.relu': join(folder, 'a') }, { varianceShare: 0.8, neighbors: 4, errorGroups: 3 });
  const direct = { ...spectralDimensions({ ...points, data }, { varianceShare: 0.8, errorGroups: 3 }), ...intrinsicDimensions({ ...points, data }, { neighbors: 4 }) };
  expect(rows.filter((row) => row.set === 'test').map(({ measure, value, standardError, note }) => ({ measure, value, standardError, note })))
    .toEqual(Object.entries(direct).map(([measure, { value, standardError }]) => ({ measure, value, standardError: Number.isFinite(standardError) ? standardError : null, note: '' })));
  expect(rows[0]).toMatchObject({ epoch: 4, layer: 'conv1.relu', layerIndex: 2, measure: 'participationRatio', manifolds: 6, pointsPerManifold: 5, ambientDimension: 26 });
  for (const { measure, value, note } of rows.filter((row) => row.set === 'dead')) {
    // Of identical points that are not zero, the uncentered ranks are 1.
    if (measure === 'rankMe' || measure === 'stableRank') expect(value).toBeCloseTo(1, 9);
    else expect([measure, value, note]).toEqual([measure, null, expect.stringMatching(/\w+/)]);
  }
});

test('a value that is not finite is refused with the place', async () => {
  const path = join(folder, 'diverged.arrow');
  await writeTensorFile(path, { data: data.map((x, i) => (i === 3 ? Infinity : x)), shape: [30, 26], rows: { manifold: points.manifoldOf }, metadata: {} });
  await expect(run({ features: path })).rejects.toThrow(/geometry\/spectra: features, all: .*point 0, feature 3 is Infinity/);
});
