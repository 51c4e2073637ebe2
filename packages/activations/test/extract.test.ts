import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { activationsSchema, checkpointSchema, examplesSchema, labelsTable, readTensor, writeTable, writeTensor, writeTensorSet, type Json } from '@memgeo/artifacts';
import { initialParameters, Network, networkSchema, openBackend, type NetworkDescription } from '@memgeo/network';
import { executeJob } from '@memgeo/stage';
import { stage } from '../src/stages/extract.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-extract-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const description: NetworkDescription = {
  spec: networkSchema.parse({ kind: 'vgg', channels: [3], dense: [5] }), inputShape: [4, 4, 1], classCount: 2, normalization: { mean: 0.5, standardDeviation: 0.25 },
};
const parameters = initialParameters(description, 3);
// 2 classes: 4 unpermuted, 4 permuted and 4 test images each.
const rows = Array.from({ length: 24 }, (_, exampleId) => {
  const [group, trueLabel] = [Math.floor(exampleId / 8), exampleId % 2];
  return { exampleId, split: group === 2 ? 'test' : 'train', trueLabel, assignedLabel: group === 1 ? 1 - trueLabel : trueLabel, isPermuted: group === 1 };
});
const data = Uint8Array.from({ length: 24 * 16 }, (_, i) => (i * 97) % 251);

async function run(given: { [name: string]: unknown }) {
  await writeTensor(join(folder, 'examples'), { data, shape: [24, 16], rows: {}, metadata: { height: 4, width: 4, channels: 1, classNames: ['x', 'y'] } }, { schema: examplesSchema });
  await writeTable(join(folder, 'labels'), labelsTable, rows);
  await writeTensorSet(join(folder, 'checkpoint'), {
    tensors: new Map(parameters.map((p) => [p.name, { data: p.data, shape: p.shape, rows: {}, metadata: { layer: p.layer } }])), metadata: { epoch: 7, network: description as unknown as Json },
  }, { schema: checkpointSchema });
  const params = stage.params.parse({ pointsPerManifold: 3, ...given });
  const result = await executeJob({
    format: 1, stage: stage.id, point: 'activations', params: JSON.parse(JSON.stringify(params)),
    inputs: { data: { examples: join(folder, 'examples'), labels: join(folder, 'labels') }, checkpoint: join(folder, 'checkpoint') }, files: {},
    outputFolder: join(folder, 'out'), stateFolder: join(folder, 'state'), resultFile: join(folder, 'result.json'), threads: 1, lineage: [],
  }, stage, () => {});
  if (result.status === 'failed') throw new Error(result.error.message);
}
const layer = (name: string) => readTensor(join(folder, 'out', 'activations', name), { schema: activationsSchema });

describe('activations/extract', () => {
  test('writes for each hidden layer the activations of the same points, with set and manifold', async () => {
    await run({});
    expect((await readdir(join(folder, 'out', 'activations'))).sort()).toEqual(['conv1.relu', 'conv2.pool', 'dense1.relu']);
    const [first, last] = [await layer('conv1.relu'), await layer('dense1.relu')];
    expect(first.shape).toEqual([24, 48]);
    expect(last.rows).toEqual(first.rows);
    expect(first.metadata).toMatchObject({ epoch: 7, layer: 'conv1.relu', layerIndex: 1, layerShape: [4, 4, 3], isProjected: false, classNames: ['x', 'y'] });
    expect([...new Set(first.rows.set as string[])]).toEqual(['unpermuted', 'permuted', 'restored', 'test']);

    await openBackend('wasm');
    const network = Network.restore(description, parameters);
    const ids = first.rows.exampleId as Int32Array;
    await network.forEachBatch({ data, count: 24 }, ids, { taps: ['dense1.relu'] }, (_start, tapped) => {
      (last.data as Float32Array).forEach((value, i) => expect(Math.abs(value - tapped['dense1.relu']![i]!)).toBeLessThan(1e-5));
    });
    network.dispose();
  });

  test('projects layers with more features than the limit by one matrix per layer', async () => {
    await run({ layers: ['conv1', 'output'], projectionLimit: 20, projectTo: 10 });
    const [wide, narrow] = [await layer('conv1'), await layer('output')];
    expect(wide.shape).toEqual([24, 10]);
    expect(wide.metadata.isProjected).toBe(true);
    expect(narrow.shape).toEqual([24, 2]);
    // The same image in two sets has the same row.
    const ids = wide.rows.exampleId as Int32Array;
    const [a, b] = [ids.indexOf(ids[6]!), ids.lastIndexOf(ids[6]!)];
    expect(a).not.toBe(b);
    expect(wide.data.slice(10 * a, 10 * a + 10)).toEqual(wide.data.slice(10 * b, 10 * b + 10));
  });

  test.each([
    [{ layers: ['conv9.relu'] }, /there is no layer "conv9\.relu"; the nearest is "conv1\.relu"\. Layers: input, conv1, conv1\.norm, conv1\.relu, conv2/],
    [{ pointsPerManifold: 5 }, /class "x" has 4 examples in the unpermuted set; pointsPerManifold asks for 5/],
    [{ sets: [] }, /sets/],
  ])('refuses %j', async (given, message) => {
    await expect(run(given)).rejects.toThrow(message);
  });
});
