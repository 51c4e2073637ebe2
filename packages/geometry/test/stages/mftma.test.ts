import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { activationsSchema, geometryTable, readTable, writeTensor, writeTensorFile, type Tensor } from '@memgeo/artifacts';
import { executeJob } from '@memgeo/stage';
import { manifoldGeometry, randomStream } from '../../src/index.js';
import { stage } from '../../src/stages/mftma.js';
import { clouds } from '../clouds.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-mftma-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const points = clouds({ manifolds: 6, points: 5, features: 12, seed: 9 });
const data = Float32Array.from(points.data);

async function run(activations: { [layer: string]: string }) {
  const result = await executeJob({
    format: 1, stage: stage.id, point: 'geometry', params: { gaussianVectors: 20 }, inputs: { activations }, files: {},
    outputFolder: join(folder, 'out'), stateFolder: join(folder, 'state'), resultFile: join(folder, 'result.json'), threads: 1, lineage: [],
  }, stage, () => {});
  if (result.status === 'failed') throw new Error(result.error.message);
  return readTable(join(folder, 'out', 'geometry'), geometryTable);
}

test('the stage writes for each set what manifoldGeometry() returns for its rows', async () => {
  const two: Tensor = {
    data: Float32Array.from([...data, ...data.map((x, i) => x + Math.sin(i))]), shape: [60, 12],
    rows: { set: [...Array<string>(30).fill('unpermuted'), ...Array<string>(30).fill('test')], manifold: Int32Array.from([...points.manifoldOf, ...points.manifoldOf]) },
    metadata: { layer: 'conv1.relu', layerIndex: 2, epoch: 4 },
  };
  await writeTensor(join(folder, 'a'), two, { schema: activationsSchema });
  const rows = await run({ 'conv1.relu': join(folder, 'a') });
  const direct = manifoldGeometry({ ...points, data }, { gaussianVectors: 20, random: randomStream(1, 'geometry/mftma', 'conv1.relu') });
  expect(rows).toHaveLength(20);
  expect(rows[0]).toEqual({
    epoch: 4, layer: 'conv1.relu', layerIndex: 2, set: 'unpermuted', measure: 'capacity', value: direct.capacity.value, standardError: direct.capacity.standardError,
    lower: direct.capacity.interval[0], upper: direct.capacity.interval[1], samplingError: direct.capacity.samplingError,
    manifolds: 6, pointsPerManifold: 5, ambientDimension: 12, note: expect.stringContaining('below 30'),
  });
  expect(rows[10]!.set).toBe('test');
  expect(rows[10]!.value).not.toBe(rows[0]!.value);
});

test('an Arrow file without sets, with names of manifolds, is measured as it is', async () => {
  const path = join(folder, 'features.arrow');
  await writeTensorFile(path, { data, shape: [30, 12], rows: { manifold: Array.from(points.manifoldOf, (p) => `class ${p}`) }, metadata: {} });
  const rows = await run({ features: path });
  expect(rows.map(({ layer, set, epoch }) => [layer, set, epoch])).toEqual(Array(10).fill(['features', 'all', null]));
});

test('activations without classes, or with a value that is not finite, are refused with the place', async () => {
  const path = join(folder, 'features.arrow');
  await writeTensorFile(path, { data, shape: [30, 12], rows: {}, metadata: {} });
  await expect(run({ features: path })).rejects.toThrow(/must have a column "manifold".*it has none/);
  const diverged = join(folder, 'diverged.arrow');
  await writeTensorFile(diverged, { data: data.map((x, i) => (i === 3 ? Infinity : x)), shape: [30, 12], rows: { manifold: points.manifoldOf }, metadata: {} });
  await expect(run({ features: diverged })).rejects.toThrow(/features, all: .*point 0, feature 3 is Infinity/);
});
