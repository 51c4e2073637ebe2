import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { activationsSchema, examplesSchema, geometryTable, labelsTable, phasesTable, readTable, writeTable, writeTensor, type RowColumn } from '@memgeo/artifacts';
import { randomStream } from '@memgeo/numerics';
import { executeJob, type InputPoint, type StageEvent } from '@memgeo/stage';
import { decodingTargets, reconstructLayer } from '../../src/index.js';
import { stage } from '../../src/stages/reconstruction.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-reconstruction-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const [count, side] = [240, 4];
const width = side * side;
const images = randomStream(1, 'images').fillNormal(new Float32Array(count * width));

async function writeData(own: string): Promise<{ examples: string; labels: string }> {
  const [examples, labels] = [join(own, 'examples'), join(own, 'labels')];
  await writeTensor(examples, { data: images, shape: [count, side, side, 1], rows: {}, metadata: {} }, { schema: examplesSchema });
  await writeTable(labels, labelsTable, []);
  return { examples, labels };
}

/** Every third example is unpermuted, permuted or test; those of permuted stand again as restored. */
const points = [...Array(count).keys()].flatMap((id) => (id % 3 === 1 ? [{ id, set: 'permuted' }, { id, set: 'restored' }] : [{ id, set: id % 3 === 0 ? 'unpermuted' : 'test' }]));

/** A layer that has lost more and more of the values of the input, and noise. */
function activationsOf(kept: number, noise: number): Float32Array {
  const disturbance = randomStream(2, 'noise');
  return Float32Array.from({ length: points.length * width }, (_, at) => {
    const j = at % width;
    return (j < kept ? images[points[Math.floor(at / width)]!.id * width + j]! : 0) + noise * disturbance.nextNormal();
  });
}

async function writeLayer(name: string, data: Float32Array, metadata: { layer: string; layerIndex: number; epoch?: number }, rows: { [column: string]: RowColumn } = { exampleId: Int32Array.from(points, ({ id }) => id) }): Promise<string> {
  const path = join(folder, name);
  await writeTensor(path, { data, shape: [points.length, width], rows: { set: points.map(({ set }) => set), manifold: Int32Array.from(points, ({ id }) => id % 5), ...rows }, metadata }, { schema: activationsSchema });
  return path;
}

async function run(activations: InputPoint<{ [layer: string]: string }>[], params = {}) {
  const events: StageEvent[] = [];
  const own = await mkdtemp(join(folder, 'run-'));
  const result = await executeJob({
    format: 1, stage: stage.id, point: 'reconstruction', params, inputs: { activations, data: await writeData(own) }, files: {},
    outputFolder: join(own, 'out'), stateFolder: join(own, 'state'), resultFile: join(own, 'result.json'), threads: 1, lineage: [],
  }, stage, (event) => events.push(event));
  if (result.status === 'failed') throw new Error(result.error.message);
  const [geometry, phases] = [await readTable(join(own, 'out', 'geometry'), geometryTable), await readTable(join(own, 'out', 'phases'), phasesTable)];
  return { geometry, phases, log: events.flatMap((event) => (event.type === 'log' ? [event.message] : [])) };
}

test('two layers over three epochs give a value per set as the function does, and the phases of each', async () => {
  const epochs = [[10, 12], [0, 4], [30, 4]] as const;
  const activations = await Promise.all(epochs.map(async ([epoch, kept]) => ({
    coordinates: {},
    location: {
      dense: await writeLayer(`dense-${epoch}`, activationsOf(kept, 0.3), { layer: 'dense', layerIndex: 2, epoch }),
      conv: await writeLayer(`conv-${epoch}`, activationsOf(8, 0.3), { layer: 'conv', layerIndex: 1, epoch }),
    },
  })));
  const { geometry, phases, log } = await run(activations);
  expect(log).toContain('restored holds the images of permuted, and is not decoded again');
  expect(geometry).toHaveLength(2 * 3 * 3);
  expect(new Set(geometry.map(({ measure }) => measure))).toEqual(new Set(['reconstructionR2']));
  for (const { set, manifolds, pointsPerManifold, ambientDimension, note, samplingError, lower } of geometry) expect({ set, manifolds, pointsPerManifold, ambientDimension, note, samplingError, lower }).toEqual({ set, manifolds: 5, pointsPerManifold: 16, ambientDimension: 16, note: '', samplingError: null, lower: null });

  const rowsOf = (set: string) => [...points.keys()].filter((row) => points[row]!.set === set);
  const data = activationsOf(12, 0.3);
  const sets = ['unpermuted', 'permuted', 'test'].map((set) => ({
    set, exampleIds: rowsOf(set).map((row) => points[row]!.id),
    points: { data: Float32Array.from(rowsOf(set).flatMap((row) => [...data.subarray(row * width, (row + 1) * width)])), shape: [80, width] as const, manifoldOf: new Int32Array(80) },
  }));
  const direct = reconstructLayer(sets, decodingTargets({ data: images, shape: [count, width] }, { directions: 128, random: randomStream(1) }), { random: randomStream(1) });
  for (const [set, { r2 }] of direct) expect(geometry.find((row) => row.set === set && row.layer === 'dense' && row.epoch === 10)).toMatchObject({ value: r2.value, standardError: r2.standardError });

  expect(phases.map(({ layer, set, phase, fromEpoch, toEpoch }) => [layer, set, phase, fromEpoch, toEpoch])).toEqual([
    ...['unpermuted', 'permuted', 'test'].map((set) => ['conv', set, 'none', null, null]),
    ...['unpermuted', 'permuted', 'test'].flatMap((set) => [['dense', set, 'falling', 0, 10], ['dense', set, 'rising', 10, 30]]),
  ]);
  expect(phases[0]!.note).toBe('No phases seen: no change between epochs is clear against its error.');
  const [at0, at10] = [0, 10].map((epoch) => geometry.find((row) => row.set === 'test' && row.layer === 'dense' && row.epoch === epoch)!);
  const falling = phases.find((row) => row.set === 'test' && row.phase === 'falling')!;
  expect(falling.change).toBeCloseTo(at0!.value! - at10!.value!, 12);
  expect(falling.standardError).toBeCloseTo(Math.hypot(at0!.standardError!, at10!.standardError!), 12);
});

test('a part of the examples is the same in every layer, whatever the order of rows, and the seed chooses it', async () => {
  const data = activationsOf(8, 0.3);
  const backwards = Float32Array.from(data, (_, at) => data[(points.length - 1 - Math.floor(at / width)) * width + (at % width)]!);
  const reversed = { exampleId: Int32Array.from(points, ({ id }) => id).reverse(), set: points.map(({ set }) => set).reverse(), manifold: Int32Array.from(points, ({ id }) => id % 5).reverse() };
  const location = { a: await writeLayer('a', data, { layer: 'a', layerIndex: 1, epoch: 0 }), b: await writeLayer('b', backwards, { layer: 'b', layerIndex: 2, epoch: 0 }, reversed) };
  const { geometry, phases } = await run([{ coordinates: {}, location }], { maxExamples: 30 });
  const valuesOf = (layer: string, rows: typeof geometry) => rows.filter((row) => row.layer === layer).sort((x, y) => (x.set < y.set ? -1 : 1)).map(({ value }) => value!);
  valuesOf('a', geometry).forEach((value, i) => expect(valuesOf('b', geometry)[i]).toBeCloseTo(value, 10));
  expect(geometry[0]!.pointsPerManifold).toBeLessThan(16);
  expect(phases.map(({ note }) => note)).toEqual(Array(6).fill('No phases: they take two epochs or more.'));
  expect(await run([{ coordinates: {}, location }], { maxExamples: 30 })).toMatchObject({ geometry });
  expect(valuesOf('a', (await run([{ coordinates: {}, location }], { maxExamples: 30, seed: 2 })).geometry)).not.toEqual(valuesOf('a', geometry));
});

test('wide layers and inputs are projected, and the row says so', async () => {
  const { geometry } = await run([{ coordinates: { epoch: '4' }, location: { conv: await writeLayer('conv', activationsOf(8, 0.3), { layer: 'conv', layerIndex: 1 }) } }], { featureLimit: 6, inputDirections: 9 });
  for (const row of geometry) expect(row).toMatchObject({ epoch: 4, ambientDimension: 6, note: 'Decoded from a random projection to 6 features.', samplingError: expect.any(Number) });
});

test('activations without exampleId, of other data, and two of one layer and epoch are refused', async () => {
  const data = activationsOf(8, 0.3);
  const conv = await writeLayer('conv', data, { layer: 'conv', layerIndex: 1, epoch: 4 });
  await expect(run([{ coordinates: { seed: 1 }, location: { conv } }, { coordinates: { seed: 2 }, location: { conv } }])).rejects.toThrow('geometry/reconstruction: the activations must differ in layer or epoch; there are two of conv at epoch 4. Compare one seed or setting at a time.');
  await expect(run([{ coordinates: {}, location: { conv: await writeLayer('bare', data, { layer: 'conv', layerIndex: 1 }, {}) } }])).rejects.toThrow(/conv must have a column "exampleId" that says which row of the data each row is of; it has none/);
  const other = { exampleId: Int32Array.from(points, ({ id }) => id + 1000) };
  await expect(run([{ coordinates: {}, location: { conv: await writeLayer('other', data, { layer: 'conv', layerIndex: 1, epoch: 4 }, other) } }])).rejects.toThrow(/conv at epoch 4: decodingTargets: an exampleId must be a row of the inputs, 0 to 239; got 1000/);
});
