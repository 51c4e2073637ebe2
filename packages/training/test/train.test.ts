import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkpointSchema, examplesSchema, historyTable, labelsTable, learningTable, readManifest, readTable, readTensorSet, writeTable, writeTensor } from '@memgeo/artifacts';
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
async function writeData(classNames: readonly string[] = ['a', 'b', 'c'], rowCount = 42) {
  const random = randomStream(1, 'images');
  const rows = Array.from({ length: 42 }, (_, exampleId) => {
    const [split, trueLabel] = [exampleId < 30 ? 'train' : 'test', exampleId % 3];
    const isPermuted = split === 'train' && exampleId < 9;
    return { exampleId, split, trueLabel, assignedLabel: isPermuted && exampleId > 2 ? (trueLabel + 1) % 3 : trueLabel, isPermuted };
  });
  const data = Uint8Array.from({ length: 42 * 16 }, (_, i) => Math.min(255, Math.max(0, (Math.floor(i / 16) % 3 === (i % 16) % 3 ? 200 : 60) + 20 * random.nextNormal())));
  await writeTensor(join(folder, 'examples'), { data, shape: [42, 16], rows: {}, metadata: { height: 4, width: 4, channels: 1, classNames: [...classNames] } }, { schema: examplesSchema });
  await writeTable(join(folder, 'labels'), labelsTable, rows.slice(0, rowCount));
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
const digests = async (name: string) => Promise.all(['history', 'learning', ...(await readdir(join(folder, name, 'checkpoints'))).map((epoch) => `checkpoints/${epoch}`)]
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

  test('normalizes by all values of training images, or by those of each channel', async () => {
    // Of 30 training images the first channel is 0 or 255, the second 51 or 153; the others do not count.
    const data = Uint8Array.from({ length: 42 * 16 }, (_, i) => (i >= 30 * 16 ? 7 : [0, 51, 255, 153][i % 4]!));
    await writeTensor(join(folder, 'colors'), { data, shape: [42, 16], rows: {}, metadata: { height: 2, width: 4, channels: 2, classNames: ['a', 'b', 'c'] } }, { schema: examplesSchema });
    await rm(join(folder, 'examples'), { recursive: true });
    await rename(join(folder, 'colors'), join(folder, 'examples'));
    const normalizationOf = async (name: string, given: object) => {
      await run(name, { network: { kind: 'mlp', hidden: [4] }, epochs: 1, ...given });
      return ((await readTensorSet(join(folder, name, 'checkpoints', '1'), { schema: checkpointSchema })).metadata as unknown as { network: { normalization: object } }).network.normalization;
    };
    expect(await normalizationOf('global', {})).toEqual({ mean: expect.closeTo(0.45, 9), standardDeviation: expect.closeTo(Math.sqrt(0.1475), 9) });
    expect(await normalizationOf('channels', { inputNormalization: 'channels' })).toEqual({ mean: [0.5, expect.closeTo(0.4, 9)], standardDeviation: [0.5, expect.closeTo(0.2, 9)] });
  });

  test('tells of each training image when it was learned, with its labels', async () => {
    await run('out', { epochs: 20, checkpoints: [20], network: { kind: 'mlp', hidden: [32] }, optimizer: { kind: 'adam' }, learningRate: 0.01 });
    const rows = await readTable(join(folder, 'out', 'learning'), learningTable);
    expect(rows.map(({ exampleId }) => exampleId)).toEqual(Array.from({ length: 30 }, (_, id) => id));
    expect(rows.map(({ epochs }) => epochs)).toEqual(new Array(30).fill(20));
    const known = rows.filter(({ isPermuted }) => !isPermuted);
    const learned = rows.filter(({ learnedForGoodEpoch }) => learnedForGoodEpoch !== null);
    expect(learned.length).toBeGreaterThan(10);
    learned.forEach((row) => expect(row.learnedForGoodEpoch).toBeGreaterThanOrEqual(row.firstLearnedEpoch!));
    const mean = (own: readonly { areaUnderMargin: number }[]) => own.reduce((sum, { areaUnderMargin }) => sum + areaUnderMargin, 0) / own.length;
    expect(mean(rows.filter(({ assignedLabel, trueLabel }) => assignedLabel !== trueLabel))).toBeLessThan(mean(known));
    rows.forEach(({ finalMargin, learnedForGoodEpoch }) => expect(finalMargin > 0).toBe(learnedForGoodEpoch !== null));
  });

  const everything = {
    optimizer: { kind: 'adam' }, learningRate: 0.01, schedule: { kind: 'cosine' }, warmupEpochs: 1, weightDecay: 0.01, labelSmoothing: 0.1, gradientNorm: 1,
    augmentation: { isFlipped: true, cropPadding: 1 }, checkpoints: [0, 0.5, 1, 2.25, 2.5, 2.75, 4], evaluate: 'all',
  };
  test.each([['with the defaults', {}], ['with every option, in the middle of an epoch that keeps parts of it', everything]])('interrupted and run again, gives the same bytes as without, %s', async (_, given) => {
    await run('straight', given);
    const interrupt = (event: StageEvent) => { if (event.type === 'progress' && event.done > 2.6) throw new Error('interrupted'); };
    await expect(run('resumed', given, interrupt)).rejects.toThrow('interrupted');
    const messages: string[] = [];
    await run('resumed', given, (event) => { if (event.type === 'log') messages.push(event.message); });
    expect(messages).toContain('continues after epoch 2');
    expect(await digests('resumed')).toEqual(await digests('straight'));
  });

  test('keeps and evaluates parts of an epoch, named as they were asked for, and training goes on as if it had not', async () => {
    await run('parts', { checkpoints: [0, 0.5, 1.25, 2, 4] });
    await run('whole', { checkpoints: [4] });
    expect((await readdir(join(folder, 'parts', 'checkpoints'))).sort()).toEqual(['0', '0.5', '1.25', '2', '4']);
    const { metadata } = await readTensorSet(join(folder, 'parts', 'checkpoints', '1.25'), { schema: checkpointSchema });
    expect(metadata).toMatchObject({ epoch: 1.25, step: 5 });
    const history = await readTable(join(folder, 'parts', 'history'), historyTable);
    expect([...new Set(history.map(({ epoch }) => epoch))]).toEqual([0, 0.5, 1, 1.25, 2, 3, 4]);
    expect((await digests('parts')).at(-1)).toEqual((await digests('whole')).at(-1));
    await expect(run('dense', { checkpoints: [0.5, 0.51] })).rejects.toThrow(/0\.5 and 0\.51 are both after step 2, for an epoch has 4/);
  });

  test('a part of an epoch that is rounded to the end of one keeps its name', async () => {
    await run('rounded', { epochs: 2, checkpoints: [0.99, 2] });
    expect((await readdir(join(folder, 'rounded', 'checkpoints'))).sort()).toEqual(['0.99', '2']);
    const { metadata } = await readTensorSet(join(folder, 'rounded', 'checkpoints', '0.99'), { schema: checkpointSchema });
    expect(metadata).toMatchObject({ epoch: 0.99, step: 4 });
    const history = await readTable(join(folder, 'rounded', 'history'), historyTable);
    expect([...new Set(history.map(({ epoch }) => epoch))]).toEqual([0, 0.99, 2]);
  });

  test('stops once everything is memorized, and resumes with the same count', async () => {
    const given = { epochs: 60, evaluate: 'all', stopWhenMemorized: 2, checkpoints: [2, 60], network: { kind: 'mlp', hidden: [64] }, optimizer: { kind: 'adam' }, learningRate: 0.02 };
    const messages: string[] = [];
    const facts = await run('straight', given, (event) => { if (event.type === 'log') messages.push(event.message); });
    const stopped = facts.epochs as number;
    expect(stopped).toBeLessThan(60);
    expect(messages.at(-1)).toContain(`stops after epoch ${stopped}`);
    const history = await readTable(join(folder, 'straight', 'history'), historyTable);
    const fitted = history.filter(({ set, accuracy }) => set === 'permuted' && accuracy === 1).map(({ epoch }) => epoch);
    expect(fitted).toEqual(expect.arrayContaining([stopped - 1, stopped]));
    expect(await readdir(join(folder, 'straight', 'checkpoints'))).toEqual(['2']);
    await expect(run('resumed', given, (event) => { if (event.type === 'progress' && event.done > stopped - 0.5) throw new Error('interrupted'); })).rejects.toThrow('interrupted');
    await run('resumed', given);
    expect(await digests('resumed')).toEqual(await digests('straight'));
  });

  test('keeps only the checkpoints asked for, and another seed gives another network', async () => {
    await run('some', { checkpoints: [0, 3] });
    expect(await readdir(join(folder, 'some', 'checkpoints'))).toEqual(['0', '3']);
    await run('other', { checkpoints: [0, 3], seed: 2 });
    expect(await digests('other')).not.toEqual(await digests('some'));
  });

  test('a loss that is no number stops with the step and advice, and says where the checkpoints are', async () => {
    const attempt = run('bad', { learningRate: 1e30, network: { kind: 'mlp', hidden: [8] }, momentum: 0 });
    await expect(attempt).rejects.toThrow(/epoch \d: the loss became NaN at step \d of 4, where the learning rate was 1e\+30\. Lower learningRate \(1e\+30\), to 1e\+29 say; or try warmupEpochs: 1, or gradientNorm: 1, or batchNorm: true.*kept in .*bad-state/s);
    expect(await readdir(join(folder, 'bad-state', 'checkpoints'))).toContain('0');
  });

  test('a loss that stays far above guessing stops too', async () => {
    await expect(run('bad', { learningRate: 30, epochs: 10, network: { kind: 'mlp', hidden: [8, 8] } })).rejects.toThrow(/epoch \d: the loss (has been far above that of guessing, 1\.10, for 3 epochs|became)/);
  });

  test.each([
    ['one class', ['a'], 42, {}, /at least 2 classes; it has 1/],
    ['labels that are absent', ['a', 'b', 'c'], 20, {}, /one row for each of the 42 examples; got 20/],
    ['labels of no class', ['a', 'b'], 42, {}, /classes 0 to 1; got example 2 of class 2/],
    ['what the memory of wasm can\'t hold', ['a', 'b', 'c'], 42, { batchSize: 8, network: { kind: 'mlp', hidden: [30000, 30000] } }, /training takes about 1\d\.\d GiB, and there are 3\.3\. No batchSize makes it fit; use a smaller network/],
    ['workers on a backend that has none', ['a', 'b', 'c'], 42, { backend: 'webgpu', workers: 2 }, /workers must be 1 or auto with backend webgpu; only wasm and tensorflow share work/],
    ['more workers than examples in a batch', ['a', 'b', 'c'], 42, { batchSize: 2, workers: 3 }, /workers must be at most batchSize, 2; got 3/],
    ['steps that go beyond all numbers at once', ['a', 'b', 'c'], 42, { batchSize: 30, epochs: 1, learningRate: 1e30 }, /epoch 1: the (loss|parameter \S+) is not finite after its last step\. Lower learningRate/],
    ['an untrained network that overflows', ['a', 'b', 'c'], 42, { network: { kind: 'mlp', hidden: [8, 8], initialization: { scale: 1e30 } } }, /the loss of the untrained network is not finite\. Lower initialization\.scale/],
    ['crops that show nothing of an image', ['a', 'b', 'c'], 42, { augmentation: { isFlipped: false, cropPadding: 4 } }, /cropPadding must be less than the side of the images, 4; got 4/],
    ['pools that leave nothing of an image', ['a', 'b', 'c'], 42, { network: { kind: 'vgg', channels: [4, 4, 4, 4] } }, /^training\/train: /],
    ['a batch larger than the data', ['a', 'b', 'c'], 42, { batchSize: 31 }, /batchSize must be at most the number of training examples, 30; got 31\. Lower batchSize/],
  ])('%s: refused', async (_, classNames, rowCount, given, message) => {
    await Promise.all(['examples', 'labels'].map(async (name) => rm(join(folder, name), { recursive: true })));
    await writeData(classNames, rowCount);
    await expect(run('bad', given)).rejects.toThrow(message);
  });

  test('too many blocks for the image are refused', async () => {
    await expect(run('deep', { network: { kind: 'vgg', channels: [4, 4, 4] } })).rejects.toThrow(/use at most 2 blocks/);
    expect(() => stage.params.parse({ network: { kind: 'mlp' }, epochs: 3, checkpoints: [5] })).toThrow(/must not go beyond epochs/);
  });
});
