import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { activationsSchema, geometryTable, readTable, writeTensor, type Tensor } from '@memgeo/artifacts';
import { executeJob } from '@memgeo/stage';
import { glueGeometry, randomStream } from '../../src/index.js';
import { stage } from '../../src/stages/glue.js';
import { clouds } from '../clouds.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-glue-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const points = clouds({ manifolds: 6, points: 5, features: 40, seed: 9 });
const data = Float32Array.from(points.data);

test('geometry/glue writes for each set what glueGeometry() returns for its rows, and says which conventions are open', async () => {
  const two: Tensor = {
    data: Float32Array.from([...data, ...data.map((x, i) => x + Math.sin(i) / 10)]), shape: [60, 40],
    rows: { set: [...Array<string>(30).fill('unpermuted'), ...Array<string>(30).fill('test')], manifold: Int32Array.from([...points.manifoldOf, ...points.manifoldOf]) },
    metadata: { layer: 'conv1.relu', layerIndex: 2, epoch: 4 },
  };
  await writeTensor(join(folder, 'a'), two, { schema: activationsSchema });
  const result = await executeJob({
    format: 1, stage: stage.id, point: 'geometry', params: { samples: 10, origin: 'mean' }, inputs: { activations: { 'conv1.relu': join(folder, 'a') } }, files: {},
    outputFolder: join(folder, 'out'), stateFolder: join(folder, 'state'), resultFile: join(folder, 'result.json'), threads: 1, lineage: [],
  }, stage, () => {});
  if (result.status === 'failed') throw new Error(result.error.message);
  const rows = await readTable(join(folder, 'out', 'geometry'), geometryTable);
  const direct = glueGeometry({ ...points, data }, { samples: 10, origin: 'mean', random: randomStream(1, 'geometry/glue', 'conv1.relu') });
  expect(rows.map(({ set, measure }) => `${set} ${measure}`)).toEqual(['unpermuted', 'test'].flatMap((set) => [
    'glueCapacity', 'glueDimension', 'glueRadius', 'glueCenterAlignment', 'glueAxisAlignment', 'glueCenterAxisAlignment', 'glueGeometricCapacity', 'glueUtility',
  ].map((measure) => `${set} ${measure}`)));
  expect(rows[0]).toMatchObject({ layer: 'conv1.relu', epoch: 4, value: direct.capacity.value, standardError: direct.capacity.standardError, manifolds: 6, pointsPerManifold: 5, ambientDimension: 40 });
  expect(rows[3]).toMatchObject({ value: direct.centerAlignment.value, note: expect.stringContaining('not verified') });
  expect(rows[8]!.value).not.toBe(rows[0]!.value);
});
