import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkpointSchema, distancesTable, labelsTable, readManifest, readTable, readTensorSet, rewindingTable, writeTable, writeTensorSet, type HistoryRow, type RewindingRow } from '@memgeo/artifacts';
import { stage } from '../../src/stages/evaluate.js';
import { runStage } from './run-stage.js';
import { toyData, writeToyRun } from './toy-run.js';

const finalEpoch = 20;
let folder: string;
let history: HistoryRow[];
let bestEpoch: number;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memgeo-rewinding-'));
  ({ history } = await writeToyRun(folder, { epochs: finalEpoch }));
  bestEpoch = history.filter(({ set }) => set === 'test').reduce((best, row) => (row.accuracy > best.accuracy ? row : best)).epoch;
});
afterAll(async () => { await rm(folder, { recursive: true, force: true }); });

const data = () => ({ examples: join(folder, 'data', 'examples'), labels: join(folder, 'data', 'labels') });
const checkpointsOf = (run: string, epochs: readonly number[]) => Object.fromEntries(epochs.map((epoch) => [String(epoch), join(run, 'checkpoints', String(epoch))]));
const allEpochs = Array.from({ length: finalEpoch + 1 }, (_, epoch) => epoch);
const inputs = (epochs: readonly number[] = allEpochs) => ({ data: data(), checkpoints: checkpointsOf(folder, epochs), history: join(folder, 'history') });
const run = (name: string, params: { [name: string]: unknown }, given: unknown = inputs()) => runStage(stage, { folder, name, params, inputs: given });
const rowsOf = (name: string) => readTable(join(folder, name, 'rewinding'), rewindingTable);

/** Values by set and measure of the rows that fit. */
function valuesOf(rows: readonly RewindingRow[], wanted: Partial<RewindingRow>) {
  const fitting = rows.filter((row) => Object.entries(wanted).every(([column, value]) => row[column as keyof RewindingRow] === value));
  return Object.fromEntries(fitting.map(({ set, measure, value }) => [`${set} ${measure}`, value]));
}
/** The same from the history of training. */
const historyAt = (epoch: number) => Object.fromEntries(history.filter((row) => row.epoch === epoch).flatMap(({ set, accuracy, loss }) => [[`${set} accuracy`, accuracy], [`${set} loss`, loss]]));
const expectSame = (actual: { [key: string]: number | null }, expected: { [key: string]: number }) => {
  expect(Object.keys(actual)).toEqual(expect.arrayContaining(Object.keys(expected)));
  // Batches of another size round differently in float32.
  for (const [key, value] of Object.entries(expected)) expect(Math.abs(actual[key]! - value)).toBeLessThan(1e-4 * (1 + value));
};

describe('rewinding/evaluate', () => {
  let rows: RewindingRow[];
  let facts: { readonly [fact: string]: unknown };
  beforeAll(async () => {
    ({ facts } = await run('whole', { epochs: [0, 'best', finalEpoch], batchNorm: ['reestimate', 'rewind', 'keep'] }));
    rows = await rowsOf('whole');
  });

  test('sets back nothing: the final network is what training ended with, and restores nothing', () => {
    const final = valuesOf(rows, { variant: 'final', batchNorm: 'kept' });
    expectSame(final, historyAt(finalEpoch));
    expect(final['test restoration']).toBe(0);
    expect(rows[0]).toMatchObject({ variant: 'final', layer: '', layerIndex: null, layers: '', epoch: finalEpoch, finalEpoch, set: 'unpermuted', measure: 'accuracy', examples: 40 });
  });

  test('sets back everything, statistics too: the network of that epoch, and at the best epoch all is restored', () => {
    expectSame(valuesOf(rows, { variant: 'tail', layer: 'conv1', epoch: 0, batchNorm: 'rewound' }), historyAt(0));
    const best = valuesOf(rows, { variant: 'tail', layer: 'conv1', epoch: bestEpoch, batchNorm: 'rewound' });
    expectSame(best, historyAt(bestEpoch));
    expect(best['test restoration']).toBe(1);
    expect(valuesOf(rows, { variant: 'best' })).toEqual(best);
  });

  test('the last layer alone is the tail from the last layer, and one is not the other elsewhere', () => {
    for (const epoch of [0, bestEpoch]) {
      for (const batchNorm of ['reestimated', 'rewound', 'kept']) {
        const at = (variant: string, layer: string) => valuesOf(rows, { variant, layer, epoch, batchNorm });
        expect(Object.keys(at('single', 'output'))).toHaveLength(9);
        expect(at('single', 'output')).toEqual(at('tail', 'output'));
        expect(at('single', 'dense1')).not.toEqual(at('tail', 'dense1'));
      }
    }
  });

  test('sets back to the final epoch: the final network', () => {
    for (const layer of ['conv1', 'dense1', 'output']) {
      expect(valuesOf(rows, { variant: 'tail', layer, epoch: finalEpoch, batchNorm: 'rewound' })).toEqual(valuesOf(rows, { variant: 'final', batchNorm: 'kept' }));
      expect(valuesOf(rows, { variant: 'single', layer, epoch: finalEpoch, batchNorm: 'reestimated' })).toEqual(valuesOf(rows, { variant: 'final', batchNorm: 'reestimated' }));
    }
  });

  test('statistics kept from the final network cost what statistics estimated again do not', () => {
    const accuracy = (batchNorm: string, layer: string) => valuesOf(rows, { variant: 'tail', layer, epoch: bestEpoch, batchNorm })['test accuracy']!;
    for (const layer of ['conv1', 'dense1']) expect(accuracy('reestimated', layer) - accuracy('kept', layer)).toBeGreaterThan(0.12);
  });

  test('tails restore more the earlier they begin, and erase what was memorized', () => {
    const tails = ['output', 'dense1', 'conv1'].map((layer) => valuesOf(rows, { variant: 'tail', layer, epoch: bestEpoch, batchNorm: 'reestimated' }));
    const [output, dense, all] = tails.map((values) => values['test restoration']!) as [number, number, number];
    expect(output).toBeLessThan(dense);
    expect(dense).toBeLessThan(all);
    expect(all).toBeGreaterThan(0.7);
    expect(tails[2]!['permuted accuracy']).toBeLessThan(0.4);
  });

  test('runs each distinct network once', () => {
    // Final twice; per epoch 0 and best: 5 sets of layers, each in 3 kinds, but the output layer has no statistics of its own to rewind; all of best, rewound, is best.
    expect(facts).toMatchObject({ finalEpoch, bestEpoch, networks: 2 + 2 * (5 * 3 - 1) });
    expect(new Set(rows.map((row) => [row.variant, row.layer, row.epoch, row.batchNorm].join())).size).toBe(3 + 3 * 3 * 6);
  });

  test('says how far each layer has moved, from 0 at epoch 0', async () => {
    const distances = await readTable(join(folder, 'whole', 'distances'), distancesTable);
    expect(distances).toHaveLength(allEpochs.length * 4 * 3);
    const at = (epoch: number, layer: string) => Object.fromEntries(distances.filter((row) => row.epoch === epoch && row.layer === layer).map(({ measure, value }) => [measure, value!])) as { distance: number; relativeDistance: number; cosine: number };
    for (const layer of ['conv1', 'dense1', 'output', '(all layers)']) expect(at(0, layer)).toEqual({ distance: 0, relativeDistance: 0, cosine: 1 });
    const squares = ['conv1', 'dense1', 'output'].map((layer) => at(finalEpoch, layer).distance ** 2);
    expect(at(finalEpoch, '(all layers)').distance ** 2).toBeCloseTo(squares.reduce((sum, square) => sum + square, 0), 8);
    expect(at(1, 'output').relativeDistance).toBeGreaterThan(0);
    expect(at(1, 'output').relativeDistance).toBeLessThan(at(finalEpoch, 'output').relativeDistance);
    // 3 x 3 x 6 kernel, scale and offset of 6: running statistics are no weights.
    expect(distances[0]).toMatchObject({ epoch: 0, layer: 'conv1', layerIndex: 1, parameters: 54 + 12 });
  });

  test('without a history finds the best epoch by itself, and gives the same bytes', async () => {
    const { facts } = await run('alone', { epochs: [0, 'best', finalEpoch], batchNorm: ['reestimate', 'rewind', 'keep'] }, { data: data(), checkpoints: inputs().checkpoints });
    expect(facts).toMatchObject({ bestEpoch });
    for (const output of ['rewinding', 'distances']) expect((await readManifest(join(folder, 'alone', output))).digest).toBe((await readManifest(join(folder, 'whole', output))).digest);
  });

  test('the best epoch kept stands for a best epoch without checkpoint, and says so', async () => {
    const kept = [0, 2, 8, finalEpoch];
    const { messages, facts } = await run('sparse', { epochs: ['best'], layers: ['output'] }, inputs(kept));
    const best = kept.reduce((a, b) => (historyAt(b)['test accuracy']! > historyAt(a)['test accuracy']! ? b : a));
    expect(facts).toMatchObject({ bestEpoch: best });
    expect(messages).toEqual([expect.stringContaining(`The best test epoch, ${bestEpoch}, has no checkpoint; the best of those kept, ${best}`)]);
  });
});

describe('fresh weights and a retrained readout', () => {
  let rows: RewindingRow[];
  beforeAll(async () => {
    await run('renewed', { epochs: [0], variants: ['tail'], weights: ['stored', 'fresh'], readout: ['stored', 'retrained'] });
    rows = await rowsOf('renewed');
  });
  const at = (layer: string, weights: string, readout: string) => valuesOf(rows, { variant: 'tail', layer, weights, readout });

  test('fresh weights are not the initial ones, and know nothing', () => {
    const fresh = at('conv1', 'fresh', 'stored');
    expect(fresh).not.toEqual(at('conv1', 'stored', 'stored'));
    // 4 classes, 120 images: chance .25, standard error .04.
    expect(fresh['test accuracy']).toBeLessThan(0.45);
  });

  test('a readout fitted again finds in frozen features what an initial one does not, and has no loss', () => {
    for (const [weights, layer] of [['stored', 'dense1'], ['fresh', 'dense1'], ['stored', 'output']] as const) {
      expect(at(layer, weights, 'retrained')['unpermuted accuracy']).toBeGreaterThan(at(layer, weights, 'stored')['unpermuted accuracy']! + 0.1);
    }
    expect(at('dense1', 'fresh', 'retrained')['test loss']).toBeNull();
    expect(rows.find((row) => row.readout === 'retrained' && row.measure === 'loss')!.note).toContain('no cross-entropy');
  });

  test('a retrained output layer makes its own weights no matter', () => {
    expect(at('output', 'fresh', 'retrained')).toEqual(at('output', 'stored', 'retrained'));
  });
});

describe('networks without batch normalization', () => {
  test('have one kind of statistics, none', async () => {
    const plain = join(folder, 'plain');
    const { history } = await writeToyRun(plain, { spec: { kind: 'mlp', hidden: [12] }, epochs: 3 });
    await run('plain-out', { epochs: 'all', batchNorm: ['reestimate', 'keep'], variants: ['tail'] }, { data: data(), checkpoints: checkpointsOf(plain, [0, 1, 2, 3]), history: join(plain, 'history') });
    const rows = await rowsOf('plain-out');
    expect(new Set(rows.map(({ batchNorm }) => batchNorm))).toEqual(new Set(['none']));
    expect(rows.filter(({ variant }) => variant === 'final')).toHaveLength(9);
    for (const epoch of [0, 1, 2, 3]) {
      expect(valuesOf(rows, { variant: 'tail', layer: 'dense1', epoch })['test accuracy']).toBeCloseTo(history.find((row) => row.epoch === epoch && row.set === 'test')!.accuracy, 10);
    }
  });
});

describe('wrong input is refused', () => {
  test('an epoch without checkpoint, with those there are', async () => {
    await expect(run('bad', { epochs: [7] }, inputs([0, 3, 20]))).rejects.toThrow(/no checkpoint of epoch 7; those there are: 0, 3, 20\. Change epochs, or keep more/);
  });

  test('a layer that is not there, with the nearest', async () => {
    await expect(run('bad', { layers: ['dens1'] })).rejects.toThrow(/no layer "dens1" with weights; the nearest is "dense1"\. Layers: conv1, dense1, output/);
  });

  test('a checkpoint of another network, with what differs', async () => {
    const other = join(folder, 'other');
    await writeToyRun(other, { spec: { kind: 'mlp', hidden: [12] }, epochs: 1 });
    const mixed = { ...inputs([0, 20]), checkpoints: { ...inputs([0, 20]).checkpoints, stray: join(other, 'checkpoints', '1') } };
    await expect(run('bad', {}, mixed)).rejects.toThrow(/"stray" differs from "0" in its layers/);
    const twice = { ...inputs([0, 20]), checkpoints: { ...inputs([0, 20]).checkpoints, again: join(folder, 'checkpoints', '20') } };
    await expect(run('bad', {}, twice)).rejects.toThrow(/"again" is a second one of epoch 20/);
  });

  test('data of other images or classes', async () => {
    const { tensors, metadata } = await readTensorSet(join(folder, 'checkpoints', '3'), { schema: checkpointSchema });
    const write = async (name: string, change: object) => {
      await writeTensorSet(join(folder, name), { tensors, metadata: { ...metadata, network: { ...(metadata.network as object), ...change } } }, { schema: checkpointSchema });
      return { data: data(), checkpoints: { '3': join(folder, name) } };
    };
    await expect(run('bad', { epochs: [3] }, await write('larger', { inputShape: [7, 6, 1] }))).rejects.toThrow(/images of 7 x 6 x 1 as the network takes them; they have 36 values/);
    await expect(run('bad', { epochs: [3] }, await write('more', { classCount: 5 }))).rejects.toThrow(/the 5 classes of the network; it has 4/);
  });

  test('the best epoch without test examples', async () => {
    await writeTable(join(folder, 'untested'), labelsTable, toyData().labels.filter(({ split }) => split === 'train'));
    const untested = { ...inputs([0, 20]), data: { ...data(), labels: join(folder, 'untested') } };
    await expect(run('bad', {}, untested)).rejects.toThrow(/no test examples to tell which is; name epochs among 0, 20/);
    await run('untested-out', { epochs: [0], layers: ['output'] }, untested);
    expect(new Set((await rowsOf('untested-out')).map(({ variant, measure }) => `${variant} ${measure}`))).toEqual(new Set(['final accuracy', 'final loss', 'single accuracy', 'single loss', 'tail accuracy', 'tail loss']));
  });

  test('distances without epoch 0 have no value, and a note', async () => {
    const { messages } = await run('late', { epochs: [3], layers: ['output'] }, inputs([3, 20]));
    expect(messages.at(-1)).toContain('no checkpoint of epoch 0');
    const distances = await readTable(join(folder, 'late', 'distances'), distancesTable);
    expect(distances.every(({ value, note }) => value === null && note.includes('epoch 0'))).toBe(true);
  });
});
