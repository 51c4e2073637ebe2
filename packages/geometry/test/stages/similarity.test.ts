import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { activationsSchema, readTable, similarityTable, writeTensor, type RowColumn } from '@memgeo/artifacts';
import { randomStream } from '@memgeo/numerics';
import { executeJob, type InputPoint, type StageEvent } from '@memgeo/stage';
import { compareRepresentations, prepareRepresentation } from '../../src/index.js';
import { stage } from '../../src/stages/similarity.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-similarity-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const [count, features] = [24, 6];
/** The same 24 examples seen by a layer at an epoch, through more noise from epoch to epoch. */
const seen = (layer: string, epoch: number, rows = count): Float32Array => {
  const [signal, noise] = [randomStream(1, 'signal'), randomStream(2, layer, epoch)];
  const data = signal.fillNormal(new Float32Array(count * features)).subarray(0, rows * features);
  return data.map((x) => x + epoch * 0.1 * noise.nextNormal());
};

async function write(name: string, data: Float32Array, { rows = {}, layer, layerIndex, epoch }: { rows?: { [column: string]: RowColumn }; layer: string; layerIndex?: number; epoch?: number }): Promise<string> {
  const path = join(folder, name);
  const examples = data.length / features;
  await writeTensor(path, {
    data, shape: [examples, features],
    rows: { manifold: Int32Array.from({ length: examples }, (_, i) => i % 4), exampleId: Int32Array.from({ length: examples }, (_, i) => 100 + i), ...rows },
    metadata: { layer, ...(layerIndex !== undefined && { layerIndex }), ...(epoch !== undefined && { epoch }) },
  }, { schema: activationsSchema });
  return path;
}

async function run(activations: InputPoint<{ [layer: string]: string }>[], params = {}) {
  const events: StageEvent[] = [];
  const result = await executeJob({
    format: 1, stage: stage.id, point: 'similarity', params, inputs: { activations }, files: {},
    outputFolder: join(folder, 'out'), stateFolder: join(folder, 'state'), resultFile: join(folder, 'result.json'), threads: 1, lineage: [],
  }, stage, (event) => events.push(event));
  if (result.status === 'failed') throw new Error(result.error.message);
  const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
  return { rows: await readTable(join(folder, 'out', 'similarity'), similarityTable), warnings };
}

const point = (location: { [layer: string]: string }, coordinates = {}) => ({ coordinates, location });

test('every pair of layers of an epoch and of epochs of a layer stands once, with itself at 1, and agrees with the functions', async () => {
  const points = [];
  for (const epoch of [5, 1]) {
    const deep = await write(`deep-${epoch}`, seen('deep', epoch), { layer: 'dense', layerIndex: 7, epoch });
    points.push(point({ 'a-dense': deep, 'b-conv': await write(`conv-${epoch}`, seen('conv', epoch), { layer: 'conv', layerIndex: 1, epoch }) }));
  }
  const { rows, warnings } = await run(points, { methods: ['cka', 'procrustes'], maxExamples: 20 });
  expect(warnings).toEqual([]);
  const pairs = rows.filter(({ measure }) => measure === 'cka').map(({ comparison, layer, epoch, otherLayer, otherEpoch, value }) => [comparison, `${layer} ${epoch}`, `${otherLayer} ${otherEpoch}`, value === 1]);
  expect(pairs).toEqual([
    ['layers', 'conv 1', 'conv 1', true], ['layers', 'conv 1', 'dense 1', false], ['layers', 'dense 1', 'dense 1', true],
    ['layers', 'conv 5', 'conv 5', true], ['layers', 'conv 5', 'dense 5', false], ['layers', 'dense 5', 'dense 5', true],
    ['epochs', 'conv 1', 'conv 1', true], ['epochs', 'conv 1', 'conv 5', false], ['epochs', 'conv 5', 'conv 5', true],
    ['epochs', 'dense 1', 'dense 1', true], ['epochs', 'dense 1', 'dense 5', false], ['epochs', 'dense 5', 'dense 5', true],
  ]);
  const order = randomStream(1, 'geometry/similarity', 'all').shuffle(Array.from({ length: count }, (_, i) => i)).slice(0, 20);
  const [first, last] = [1, 5].map((epoch) => prepareRepresentation({ data: seen('deep', epoch), shape: [count, features] }, order));
  const direct = compareRepresentations(first!, last!);
  expect(rows.filter((row) => row.comparison === 'epochs' && row.layer === 'dense' && row.epoch !== row.otherEpoch).map(({ measure, value, standardError, examples, note }) => ({ measure, value, standardError, examples, note })))
    .toEqual((['cka', 'procrustesSimilarity', 'procrustesDistance'] as const).map((measure) => ({ measure, value: direct[measure]!.value, standardError: direct[measure]!.standardError, examples: 20, note: '' })));
});

test('examples are matched by id and class, whatever their order, and those that some file lacks are left out with a warning', async () => {
  const data = seen('conv', 0);
  const backwards = Float32Array.from({ length: 20 * features }, (_, i) => data[(19 - Math.floor(i / features)) * features + (i % features)]!);
  const reversed = { exampleId: Int32Array.from({ length: 20 }, (_, i) => 119 - i), manifold: Int32Array.from({ length: 20 }, (_, i) => (19 - i) % 4) };
  const { rows, warnings } = await run([
    point({ conv: await write('a', data, { layer: 'conv' }) }, { epoch: '3' }),
    point({ conv: await write('b', backwards, { layer: 'conv', rows: reversed }) }, { epoch: 9 }),
  ], { methods: ['cka', 'rsa'] });
  expect(warnings).toEqual(['Of up to 24 examples of set "all", 20 are in every layer and epoch, and only they are compared.']);
  const between = rows.filter((row) => row.epoch !== row.otherEpoch);
  expect(between.map((row) => [row.epoch, row.otherEpoch, row.examples])).toEqual([[3, 9, 20], [3, 9, 20]]);
  for (const { value } of between) expect(value).toBeCloseTo(1, 12);
});

test('a set that a layer lacks is compared among the others, and an epoch that nothing tells is the position', async () => {
  const set = (name: string) => ({ set: Array<string>(count).fill(name) });
  const { rows, warnings } = await run([
    point({ conv: await write('a', seen('conv', 0), { layer: 'conv', rows: set('test') }), dense: await write('b', seen('dense', 0), { layer: 'dense', rows: set('test') }) }),
    point({ conv: await write('c', seen('conv', 1), { layer: 'conv', rows: set('test') }), dense: await write('d', seen('dense', 1), { layer: 'dense', rows: set('train') }) }),
  ], { methods: ['cka'], comparisons: ['epochs'] });
  expect(rows.filter((row) => row.epoch !== row.otherEpoch).map(({ set, layer, epoch, otherEpoch }) => [set, layer, epoch, otherEpoch])).toEqual([['test', 'conv', 0, 1]]);
  expect(warnings[0]).toBe('Set "test" is not in dense at epoch 1, and not compared there.');
});

test('without ids rows are matched by position, and refused where counts or classes differ', async () => {
  const path = async (name: string, rows: number, offset = 0) => {
    await writeTensor(join(folder, name), { data: seen(name, 1, rows), shape: [rows, features], rows: { manifold: Int32Array.from({ length: rows }, (_, i) => (i + offset) % 4) }, metadata: {} }, { schema: activationsSchema });
    return join(folder, name);
  };
  const [a, b] = [await path('a', 24), await path('b', 24)];
  expect((await run([point({ a, b })], { methods: ['cka'] })).rows.map(({ layer, otherLayer }) => layer + otherLayer)).toEqual(['aa', 'ab', 'bb']);
  await expect(run([point({ a, c: await path('c', 20) })])).rejects.toThrow('without a column exampleId, set "all" must have as many rows everywhere, in one order; a at epoch 0 has 24, c at epoch 0 has 20.');
  await expect(run([point({ a, d: await path('d', 24, 1) })])).rejects.toThrow(/same classes in the same order everywhere; row 0 is of class 0 in a at epoch 0, of 1 in d at epoch 0/);
  await expect(run([point({ a, e: await write('e', seen('e', 0), { layer: 'e' }) })])).rejects.toThrow(/e at epoch 0 has it, a at epoch 0 does not/);
});

test('nothing to compare, two activations of one layer and epoch, and no example in common are refused', async () => {
  const conv = await write('conv', seen('conv', 0), { layer: 'conv', epoch: 4 });
  await expect(run([point({ conv })])).rejects.toThrow(/two layers of one epoch or two epochs of one layer to compare; got conv at epoch 4/);
  await expect(run([point({ conv }, { seed: 1 }), point({ conv }, { seed: 2 })])).rejects.toThrow(/there are two of conv at epoch 4. Compare one seed or setting at a time/);
  const others = { exampleId: Int32Array.from({ length: count }, (_, i) => i) };
  await expect(run([point({ conv, dense: await write('dense', seen('dense', 0), { layer: 'dense', epoch: 4, rows: others }) })])).rejects.toThrow(/at least 2 examples of set "all" must be in every layer and epoch, to be compared; 0 are/);
});

test('the same seed gives the same table, another seed other examples', async () => {
  const points = [point({ conv: await write('a', seen('conv', 1), { layer: 'conv' }), dense: await write('b', seen('dense', 2), { layer: 'dense' }) })];
  const first = await run(points, { maxExamples: 10 });
  expect(await run(points, { maxExamples: 10 })).toEqual(first);
  expect((await run(points, { maxExamples: 10, seed: 2 })).rows).not.toEqual(first.rows);
});
