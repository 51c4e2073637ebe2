import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkpointSchema, examplesSchema, historyTable, labelsTable, readManifest, readTable, readTensorSet, writeTable, writeTensor } from '@memgeo/artifacts';
import { randomStream } from '@memgeo/numerics';
import { executeJob, type StageEvent } from '@memgeo/stage';
import { stage } from '../src/stages/train.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memgeo-train-'));
  await writeData();
});
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

/** 3 classes of 4 x 4 images: 30 training images, a third of them permuted by one class, and 12 for test. */
async function writeData() {
  const random = randomStream(1, 'images');
  const rows = Array.from({ length: 42 }, (_, exampleId) => {
    const [split, trueLabel] = [exampleId < 30 ? 'train' : 'test', exampleId % 3];
    const isPermuted = split === 'train' && exampleId < 9;
    return { exampleId, split, trueLabel, assignedLabel: isPermuted && exampleId > 2 ? (trueLabel + 1) % 3 : trueLabel, isPermuted };
  });
  const data = Uint8Array.from({ length: 42 * 16 }, (_, i) => Math.min(255, Math.max(0, (Math.floor(i / 16) % 3 === i % 3 ? 200 : 60) + 20 * random.nextNormal())));
  await writeTensor(join(folder, 'examples'), { data, shape: [42, 16], rows: {}, metadata: { height: 4, width: 4, channels: 1, classNames: ['a', 'b', 'c'] } }, { schema: examplesSchema });
  await writeTable(join(folder, 'labels'), labelsTable, rows);
}

async function run(name: string, given: { [name: string]: unknown }, emit: (event: StageEvent) => void = () => {}) {
  const params = stage.params.parse({ network: { kind: 'vgg', channels: [4], dense: [8] }, epochs: 4, batchSize: 8, learningRate: 0.05, ...given });
  const result = await executeJob({
    format: 1, stage: stage.id, point: 'train', params: JSON.parse(JSON.stringify(params)), inputs: { data: { examples: join(folder, 'examples'), labels: join(folder, 'labels') } }, files: {},
    outputFolder: join(folder, name), stateFolder: join(folder, `${name}-state`), resultFile: join(folder, `${name}.json`), threads: 1, lineage: [],
  }, stage, emit);
  if (result.status === 'failed') throw new Error(result.error.message);
  return result.facts;
}
const digests = async (name: string) => Promise.all(['history', ...(await readdir(join(folder, name, 'checkpoints'))).map((epoch) => `checkpoints/${epoch}`)]
  .map(async (output) => [output, (await readManifest(join(folder, name, output))).digest]));

describe('training/train', () => {
  test('logs four sets each epoch and keeps every checkpoint', async () => {
    await run('out', {});
    const history = await readTable(join(folder, 'out', 'history'), historyTable);
    expect(history).toHaveLength(5 * 4);
    // 9 were drawn for permutation, of which 3 kept their label.
    expect(history.slice(0, 4).map(({ set, examples, learningRate }) => [set, examples, learningRate])).toEqual([['unpermuted', 21, 0], ['permuted', 6, 0], ['restored', 6, 0], ['test', 12, 0]]);
    expect(history.at(-1)!.accuracy).toBeGreaterThan(history[3]!.accuracy);
    expect(await readdir(join(folder, 'out', 'checkpoints'))).toEqual(['0', '1', '2', '3', '4']);
    const { metadata, tensors } = await readTensorSet(join(folder, 'out', 'checkpoints', '4'), { schema: checkpointSchema });
    expect(metadata).toMatchObject({ epoch: 4, network: { classCount: 3, inputShape: [4, 4, 1] } });
    expect([...tensors.keys()].slice(0, 3)).toEqual(['conv1.kernel', 'conv1.norm.scale', 'conv1.norm.offset']);
  });

  test('interrupted in the middle of an epoch and run again, gives the same bytes as without', async () => {
    await run('straight', {});
    const interrupt = (event: StageEvent) => { if (event.type === 'progress' && event.done > 2.4) throw new Error('interrupted'); };
    await expect(run('resumed', {}, interrupt)).rejects.toThrow('interrupted');
    const messages: string[] = [];
    await run('resumed', {}, (event) => { if (event.type === 'log') messages.push(event.message); });
    expect(messages).toContain('continues after epoch 2');
    expect(await digests('resumed')).toEqual(await digests('straight'));
  });

  test('keeps only the checkpoints asked for, and another seed gives another network', async () => {
    await run('some', { checkpoints: [0, 3] });
    expect(await readdir(join(folder, 'some', 'checkpoints'))).toEqual(['0', '3']);
    await run('other', { checkpoints: [0, 3], seed: 2 });
    expect(await digests('other')).not.toEqual(await digests('some'));
  });

  test('a diverging loss stops with advice and says where the checkpoints are', async () => {
    const attempt = run('bad', { learningRate: 1e30, network: { kind: 'mlp', hidden: [8] }, momentum: 0 });
    await expect(attempt).rejects.toThrow(/epoch \d: The loss became NaN.*Lower learningRate.*checkpoints up to epoch \d are kept in .*bad-state/s);
    expect(await readdir(join(folder, 'bad-state', 'checkpoints'))).toContain('0');
  });

  test('too many blocks for the image are refused', async () => {
    await expect(run('deep', { network: { kind: 'vgg', channels: [4, 4, 4] } })).rejects.toThrow(/use at most 2 blocks/);
    expect(() => stage.params.parse({ network: { kind: 'mlp' }, epochs: 3, checkpoints: [5] })).toThrow(/must not go beyond epochs/);
  });
});
