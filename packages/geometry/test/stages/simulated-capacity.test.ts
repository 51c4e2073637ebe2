import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { geometryTable, readTable, writeTensorFile } from '@memgeo/artifacts';
import { executeJob } from '@memgeo/stage';
import { randomStream, simulatedCapacity } from '../../src/index.js';
import { stage } from '../../src/stages/simulated-capacity.js';
import { clouds } from '../clouds.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-simulated-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

async function run(points: ReturnType<typeof clouds>) {
  const path = join(folder, 'features.arrow');
  await writeTensorFile(path, { data: Float32Array.from(points.data), shape: points.shape, rows: { manifold: points.manifoldOf }, metadata: {} });
  const result = await executeJob({
    format: 1, stage: stage.id, point: 'geometry', params: { repetitions: 8 }, inputs: { activations: { features: path } }, files: {},
    outputFolder: join(folder, 'out'), stateFolder: join(folder, 'state'), resultFile: join(folder, 'result.json'), threads: 1, lineage: [],
  }, stage, () => {});
  if (result.status === 'failed') throw new Error(result.error.message);
  return readTable(join(folder, 'out', 'geometry'), geometryTable);
}

test('geometry/simulated-capacity writes what simulatedCapacity() returns', async () => {
  const points = clouds({ manifolds: 8, points: 3, features: 30, seed: 9 });
  const direct = simulatedCapacity({ ...points, data: Float32Array.from(points.data) }, { repetitions: 8, random: randomStream(1, 'geometry/simulated-capacity', 'features') });
  const rows = await run(points);
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ measure: 'simulatedCapacity', layer: 'features', set: 'all', value: direct.capacity.value, standardError: direct.capacity.standardError, manifolds: 8, pointsPerManifold: 3, ambientDimension: 30, note: '' });
  expect(rows[1]).toMatchObject({ measure: 'criticalDimension', value: direct.criticalDimension.value });
});

test('features too few to separate half of the dichotomies give a null that says so', async () => {
  const rows = await run(clouds({ manifolds: 12, points: 6, features: 8, seed: 9 }));
  expect(rows[0]).toMatchObject({ value: null, standardError: null, note: expect.stringMatching(/With all 8 features 0 of 8 .*below 1\.50/) });
});
