import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkpointSchema, examplesSchema, gradientsTable, labelsTable, readManifest, readTable, writeTable, writeTensor, writeTensorSet, type LabelsRow } from '@memgeo/artifacts';
import { initialParameters, networkSchema, type NetworkDescription } from '@memgeo/network';
import { randomStream } from '@memgeo/numerics';
import { executeJob, type StageEvent } from '@memgeo/stage';
import { stage } from '../src/stages/split.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memgeo-split-'));
  await writeData(true);
  await writeCheckpoint([4, 4, 1], 3);
});
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

/** 3 classes of 4 x 4 images: 60 training images, 24 of them permuted by one class or not at all, and 24 for test. */
async function writeData(hasPermuted: boolean) {
  const random = randomStream(1, 'images');
  const rows: LabelsRow[] = Array.from({ length: 84 }, (_, exampleId) => {
    const [split, trueLabel] = [exampleId < 60 ? 'train' : 'test', exampleId % 3];
    const isPermuted = hasPermuted && exampleId < 24;
    return { exampleId, split, trueLabel, assignedLabel: isPermuted ? (trueLabel + 1 + (exampleId % 2)) % 3 : trueLabel, isPermuted };
  });
  const data = Uint8Array.from({ length: 84 * 16 }, (_, i) => Math.min(255, Math.max(0, (Math.floor(i / 16) % 3 === i % 3 ? 200 : 60) + 20 * random.nextNormal())));
  await rm(join(folder, 'examples'), { recursive: true, force: true });
  await rm(join(folder, 'labels'), { recursive: true, force: true });
  await writeTensor(join(folder, 'examples'), { data, shape: [84, 16], rows: {}, metadata: { height: 4, width: 4, channels: 1, classNames: ['a', 'b', 'c'] } }, { schema: examplesSchema });
  await writeTable(join(folder, 'labels'), labelsTable, rows);
}

async function writeCheckpoint(inputShape: [number, number, number], classCount: number) {
  const description: NetworkDescription = { spec: networkSchema.parse({ kind: 'vgg', channels: [4], dense: [8] }), inputShape, classCount, normalization: { mean: 0.4, standardDeviation: 0.3 } };
  await rm(join(folder, 'checkpoint'), { recursive: true, force: true });
  await writeTensorSet(join(folder, 'checkpoint'), {
    tensors: new Map(initialParameters(description, 1).map(({ name, layer, shape, data }) => [name, { data, shape, rows: {}, metadata: { layer } }])),
    metadata: { epoch: 2, network: JSON.parse(JSON.stringify(description)) },
  }, { schema: checkpointSchema });
}

async function run(name: string, given: { [name: string]: unknown } = {}, emit: (event: StageEvent) => void = () => {}) {
  const params = stage.params.parse({ batches: 4, ...given });
  const result = await executeJob({
    format: 1, stage: stage.id, point: 'gradients', params: JSON.parse(JSON.stringify(params)),
    inputs: { data: { examples: join(folder, 'examples'), labels: join(folder, 'labels') }, checkpoint: join(folder, 'checkpoint') }, files: {},
    outputFolder: join(folder, name), stateFolder: join(folder, `${name}-state`), resultFile: join(folder, `${name}.json`), threads: 1, lineage: [],
  }, stage, emit);
  if (result.status === 'failed') throw new Error(result.error.message);
  return { facts: result.facts, rows: await readTable(join(folder, name, 'gradients'), gradientsTable) };
}

describe('gradients/split', () => {
  test('writes every measure of every layer and set, with errors', async () => {
    const { rows, facts } = await run('out');
    expect(facts).toMatchObject({ epoch: 2, examples: 36 + 24 + 24 + 24 });
    const names = (pick: (row: (typeof rows)[number]) => unknown) => [...new Set(rows.map(pick))];
    expect(names(({ layer }) => layer)).toEqual(['conv1', 'conv2', 'dense1', 'output', '(all layers)']);
    expect(names(({ layerIndex }) => layerIndex)).toEqual([1, 2, 3, 4, null]);
    expect(names(({ set }) => set)).toEqual(['unpermuted', 'permuted', 'restored', 'test']);
    expect(names(({ measure }) => measure).sort()).toEqual([
      'alignment', 'labelDependentNorm', 'labelDependentNormUnbiased', 'labelDependentProjection', 'labelDependentRatio',
      'labelIndependentNorm', 'labelIndependentProjection', 'labelIndependentRatio',
    ]);
    expect(rows).toHaveLength(5 * (4 * 6 + 2));
    for (const { value, standardError, epoch } of rows) {
      expect(epoch).toBe(2);
      expect(Number.isFinite(value)).toBe(true);
      expect(standardError).toBeGreaterThan(0);
    }
    // Of conv1: a kernel of 3 x 3 x 1 x 4, scale and offset; running statistics are not parameters.
    expect(rows[0]!.parameters).toBe(36 + 8);
    const ratios = rows.filter(({ measure }) => measure.endsWith('Ratio'));
    expect(new Set(ratios.map(({ set }) => set))).toEqual(new Set(['permuted']));
  });

  test('gives the same bytes again, and other errors from another seed', async () => {
    const digest = async (name: string) => (await readManifest(join(folder, name, 'gradients'))).digest;
    await run('one');
    await run('two');
    await run('other', { seed: 2 });
    expect(await digest('two')).toBe(await digest('one'));
    expect(await digest('other')).not.toBe(await digest('one'));
  });

  test('without permuted examples measures the other sets and says so', async () => {
    await writeData(false);
    const messages: string[] = [];
    const { rows } = await run('clean', {}, (event) => { if (event.type === 'log') messages.push(event.message); });
    expect([...new Set(rows.map(({ set }) => set))]).toEqual(['unpermuted', 'test']);
    expect(messages).toEqual(['left out, for data has no such examples: permuted, restored.', 'ratios of permuted to unpermuted are left out: they take both sets.']);
    await expect(run('none', { sets: ['permuted'] })).rejects.toThrow(/must have examples of permuted; it has only unpermuted, test\. Change sets/);
  });

  test('a cap on examples is kept and said', async () => {
    const messages: string[] = [];
    const { rows } = await run('capped', { examplesPerSet: 24 }, (event) => { if (event.type === 'log') messages.push(event.message); });
    expect(new Set(rows.map(({ examples }) => examples))).toEqual(new Set([24]));
    expect(messages).toEqual([expect.stringMatching(/at most 24 examples of unpermuted \(has 36\); raise examplesPerSet/)]);
  });

  test('data of another size or with other classes are refused, and so are unknown sets', async () => {
    await writeCheckpoint([8, 8, 1], 3);
    await expect(run('large')).rejects.toThrow(/gradients\/split: data must have images of 8 x 8 x 1 as the network takes them; they have 16 values/);
    await writeCheckpoint([4, 4, 1], 5);
    await expect(run('many')).rejects.toThrow(/must have the 5 classes of the network; it has 3/);
    expect(() => stage.params.parse({ sets: ['clean'] })).toThrow();
  });
});
