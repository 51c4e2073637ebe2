import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { activationsSchema, checkpointSchema, geometryTable, readTable, writeTensor, writeTensorFile, writeTensorSet, type Tensor } from '@memgeo/artifacts';
import { executeJob } from '@memgeo/stage';
import { classSeparation, probeLayer, randomStream } from '../../src/index.js';
import { stage } from '../../src/stages/separation.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-separation-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const [classes, perClass, features] = [3, 20, 6];
const count = classes * perClass;
const sets = ['unpermuted', 'permuted', 'restored', 'test'] as const;
const trueLabels = Int32Array.from({ length: count }, (_, i) => i % classes);
const wrongLabels = trueLabels.map((label, i) => (label + 1 + (Math.floor(i / classes) % (classes - 1))) % classes);

/** A layer in which classes by true label, or by assigned label of permuted images, stand as far apart as told. */
function layerOf(layer: string, layerIndex: number, apart: { true: number; assigned: number }): Tensor<Float32Array> {
  const stream = randomStream(7, layer);
  const images = (labels: Int32Array, distance: number) => Float32Array.from({ length: count * features }, (_, i) => 0.3 * stream.nextNormal() + (i % features === labels[Math.floor(i / features)] ? distance : 0));
  const permuted = apart.assigned > 0 ? images(wrongLabels, apart.assigned) : images(trueLabels, apart.true);
  const blocks = [images(trueLabels, apart.true), permuted, permuted, images(trueLabels, apart.true)];
  return {
    data: Float32Array.from(blocks.flatMap((block) => [...block])), shape: [4 * count, features],
    rows: {
      set: sets.flatMap((set) => Array<string>(count).fill(set)),
      manifold: Int32Array.from(sets.flatMap((set) => [...(set === 'permuted' ? wrongLabels : trueLabels)])),
      exampleId: Int32Array.from([0, 1, 1, 2].flatMap((block) => Array.from({ length: count }, (_, i) => block * count + i))),
    },
    metadata: { layer, layerIndex, epoch: 4 },
  };
}

async function run(activations: { [layer: string]: string }, { checkpoint, params = {} }: { checkpoint?: string; params?: { [name: string]: number } } = {}) {
  const messages: string[] = [];
  const result = await executeJob({
    format: 1, stage: stage.id, point: 'geometry', params: { neighbors: 9, ...params }, inputs: { activations, ...(checkpoint ? { checkpoint } : {}) }, files: {},
    outputFolder: join(folder, 'out'), stateFolder: join(folder, 'state'), resultFile: join(folder, 'result.json'), threads: 1, lineage: [],
  }, stage, (event) => { if (event.type !== 'progress') messages.push(event.message); });
  if (result.status === 'failed') throw new Error(result.error.message);
  const rows = await readTable(join(folder, 'out', 'geometry'), geometryTable);
  return { rows, messages, find: (layer: string, set: string, measure: string) => rows.find((row) => row.layer === layer && row.set === set && row.measure === measure) };
}

async function writeLayers(layers: readonly Tensor[]): Promise<{ [layer: string]: string }> {
  const paths: { [layer: string]: string } = {};
  for (const tensor of layers) {
    const name = String(tensor.metadata.layer);
    paths[name] = join(folder, name);
    await writeTensor(paths[name], tensor, { schema: activationsSchema });
  }
  return paths;
}

test('the stage writes what classSeparation() and probeLayer() return for each set, and trends over layers in order of depth', async () => {
  const first = layerOf('dense1.relu', 1, { true: 0.6, assigned: 0 });
  // Given out of order.
  const paths = await writeLayers([layerOf('dense3.relu', 3, { true: 4, assigned: 3 }), first, layerOf('dense2.relu', 2, { true: 2, assigned: 0 })]);
  const { rows, find, messages } = await run(paths);
  const setOf = (set: (typeof sets)[number]) => {
    const block = sets.indexOf(set);
    return {
      set, exampleIds: (first.rows.exampleId as Int32Array).subarray(block * count, (block + 1) * count),
      points: { data: first.data.subarray(block * count * features, (block + 1) * count * features), shape: [count, features] as [number, number], manifoldOf: (first.rows.manifold as Int32Array).subarray(block * count, (block + 1) * count) },
    };
  };
  const random = randomStream(1, 'geometry/separation', 'dense1.relu');
  const direct = classSeparation(setOf('permuted').points, { random }).measures;
  expect(find('dense1.relu', 'permuted', 'nc1')).toMatchObject({
    epoch: 4, layerIndex: 1, value: direct.nc1.value, standardError: direct.nc1.standardError, manifolds: classes, pointsPerManifold: perClass, ambientDimension: features, note: '',
  });
  const probes = probeLayer(sets.map(setOf), { random, neighbors: 9 }) as { probes: ReadonlyMap<string, { measures: { [name: string]: { value: number; standardError: number } } }> };
  for (const [name, { value, standardError }] of Object.entries(probes.probes.get('test')!.measures)) {
    expect(find('dense1.relu', 'test', name)).toMatchObject({ value, standardError });
  }
  // Compression falls as distances between centers grow, for unpermuted images at each layer.
  const unpermuted = [1, 2, 3].map((i) => find(`dense${i}.relu`, 'unpermuted', 'withinClassCompression')!.value!);
  const ratio = find('(all layers)', 'unpermuted', 'compressionRatio')!;
  expect(ratio).toMatchObject({ layerIndex: null, epoch: 4 });
  expect(ratio.value).toBeCloseTo(Math.sqrt(unpermuted[2]! / unpermuted[0]!), 10);
  expect(find('(all layers)', 'unpermuted', 'compressionFit')!.value).toBeGreaterThan(0.5);
  // Permuted images turn to their assigned label in the last layer only; restored ones are the same images.
  const depth = (set: string) => find('(all layers)', set, 'predictionDepth')!;
  expect(depth('permuted').value).toBeGreaterThan(2.5);
  expect(depth('restored').value).toBe(depth('permuted').value);
  expect(depth('test').value).toBeLessThan(depth('permuted').value! - 0.5);
  expect(depth('test').note).toContain('vote in the last layer');
  expect(messages).toEqual([]);
  expect(new Set(rows.map(({ layer, set, measure }) => [layer, set, measure].join())).size).toBe(rows.length);
});

test('with the checkpoint, NC3 and NC4 are measured for the input of the last layer alone', async () => {
  const last = layerOf('dense2.relu', 2, { true: 4, assigned: 4 });
  const kernel = Float32Array.from({ length: features * classes }, (_, i) => Number(Math.floor(i / classes) === i % classes));
  const parameter = (layer: string, shape: number[], data = new Float32Array(shape.reduce((a, b) => a * b))) => ({ data, shape, rows: {}, metadata: { layer } });
  const writeCheckpoint = async (epoch: number) => {
    const path = join(folder, `checkpoint-${epoch}`);
    await writeTensorSet(path, {
      tensors: new Map([
        ['dense1.kernel', parameter('dense1', [features, features])], ['dense2.kernel', parameter('dense2', [features, features])], ['dense2.norm.scale', parameter('dense2.norm', [features])],
        ['output.kernel', parameter('output', [features, classes], kernel)], ['output.bias', parameter('output', [classes])],
      ]), metadata: { epoch },
    }, { schema: checkpointSchema });
    return path;
  };
  const paths = await writeLayers([layerOf('dense1.relu', 1, { true: 1, assigned: 0 }), last]);
  const { find, messages } = await run(paths, { checkpoint: await writeCheckpoint(4) });
  // Centers are 4 e_k and a little noise; weights e_k, which are not centered: |W - M|^2 with |W| = |M| = 1 is 2 - 2 sqrt(2/3).
  expect(find('dense2.relu', 'unpermuted', 'nc3')!.value).toBeCloseTo(Math.sqrt(2 - 2 * Math.sqrt(2 / 3)), 1);
  expect(find('dense2.relu', 'permuted', 'nc4')).toMatchObject({ value: 0, standardError: 0 });
  expect(find('dense1.relu', 'unpermuted', 'nc3')).toBeUndefined();
  expect(messages).toEqual([expect.stringContaining('3 layers of different depth')]);
  await rm(join(folder, 'out'), { recursive: true });
  const other = await run(paths, { checkpoint: await writeCheckpoint(9) });
  expect(other.find('dense2.relu', 'unpermuted', 'nc3')).toBeUndefined();
  expect(other.messages[0]).toContain('dense2.relu is of epoch 4, the checkpoint of epoch 9');
  await rm(join(folder, 'out'), { recursive: true });
  const { 'dense1.relu': only } = paths;
  expect((await run({ 'dense1.relu': only! }, { checkpoint: await writeCheckpoint(5) })).messages[0]).toContain('no layer is the input of the last one, dense2.relu');
});

test('an Arrow file without sets is cross-validated under its own labels, and a class without spread is told', async () => {
  const path = join(folder, 'features.arrow');
  await writeTensorFile(path, { data: new Float32Array(40 * 3).fill(2), shape: [40, 3], rows: { manifold: Array.from({ length: 40 }, (_, i) => `class ${i % 4}`) }, metadata: {} });
  const { find, rows } = await run({ features: path });
  expect(find('features', 'all', 'ridgeProbeTrue')).toMatchObject({ value: null, standardError: null, note: expect.stringContaining('same features') });
  expect(find('features', 'all', 'nc1')).toMatchObject({ value: null, note: 'The class centers coincide.' });
  expect(rows.some(({ measure }) => measure.endsWith('Assigned'))).toBe(false);
});

test('without exampleId, the four sets are measured but for the probes, and the log says why', async () => {
  const { exampleId: _, ...rows } = layerOf('dense1.relu', 1, { true: 1, assigned: 0 }).rows;
  const paths = await writeLayers([{ ...layerOf('dense1.relu', 1, { true: 1, assigned: 0 }), rows }]);
  const { find, messages } = await run(paths);
  expect(find('dense1.relu', 'test', 'cdnv')!.value).toBeGreaterThan(0);
  expect(find('dense1.relu', 'test', 'knnProbeTrue')).toBeUndefined();
  expect(messages[0]).toContain('no column exampleId');
});

test('a value that is not finite is refused with the place', async () => {
  const layer = layerOf('dense1.relu', 1, { true: 1, assigned: 0 });
  layer.data[7] = NaN;
  const paths = await writeLayers([layer]);
  await expect(run(paths)).rejects.toThrow(/geometry\/separation: dense1.relu, unpermuted: .*point 1, feature 1 is NaN/);
});
