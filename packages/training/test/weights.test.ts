import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkpointSchema, examplesSchema, labelsTable, readManifest, readTensorSet, verifyArtifact, writeTable, writeTensor } from '@memgeo/artifacts';
import { exportWeights, initialParameters, networkSchema, safetensorsBytes, type NamedParameter, type NetworkDescription } from '@memgeo/network';
import { executeJob, type AnyStage } from '@memgeo/stage';
import { stage as exportStage } from '../src/stages/export-weights.js';
import { stage as importStage } from '../src/stages/import-weights.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-weights-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const spec = networkSchema.parse({ kind: 'vgg', channels: [3], convolutionsPerBlock: 1, dense: [] });
const description: NetworkDescription = { spec, inputShape: [8, 8, 3], classCount: 3, normalization: { mean: 0.5, standardDeviation: 0.25 } };
const parameters: NamedParameter[] = initialParameters(description, 4);
const told = { inputShape: [8, 8, 3], classCount: 3, normalization: { mean: 0.5, standardDeviation: 0.25 } };

async function run(stage: AnyStage, name: string, { params, inputs = {}, files = {} }: { params: object; inputs?: { [port: string]: string | { [part: string]: string } }; files?: { [name: string]: string } }) {
  const result = await executeJob({
    format: 1, stage: stage.id, point: name, params: JSON.parse(JSON.stringify(stage.params.parse(params))), inputs, files,
    outputFolder: join(folder, name), stateFolder: join(folder, `${name}-state`), resultFile: join(folder, `${name}.json`), threads: 1, lineage: [],
  }, stage, () => {});
  if (result.status === 'failed') throw new Error(result.error.message);
  return result.facts;
}
async function writeWeights(): Promise<string> {
  const path = join(folder, 'weights.safetensors');
  await writeFile(path, safetensorsBytes(exportWeights({ description, parameters }, { naming: 'pytorch-cifar' })));
  return path;
}
const importFrom = async (file: string, given: object = told, inputs = {}) => run(importStage, 'imported', { params: { file, network: spec, ...given }, files: { weights: file }, inputs });
/** 6 training images of 3 classes and one for test. */
async function writeData() {
  const data = Uint8Array.from({ length: 7 * 192 }, (_, i) => (37 * i) % 256);
  await writeTensor(join(folder, 'examples'), { data, shape: [7, 192], rows: {}, metadata: { height: 8, width: 8, channels: 3, classNames: ['a', 'b', 'c'] } }, { schema: examplesSchema });
  await writeTable(join(folder, 'labels'), labelsTable, Array.from({ length: 7 }, (_, exampleId) => ({ exampleId, split: exampleId < 6 ? 'train' : 'test', trueLabel: exampleId % 3, assignedLabel: exampleId % 3, isPermuted: false })));
  return { data: { examples: join(folder, 'examples'), labels: join(folder, 'labels') } };
}

describe('training/import-weights', () => {
  test('makes a checkpoint as training does, and watches the file', async () => {
    const file = await writeWeights();
    expect(await importFrom(file, { ...told, epoch: 7 })).toMatchObject({ names: 'pytorch-cifar' });
    const { tensors, metadata } = await readTensorSet(join(folder, 'imported', 'checkpoints', '7'), { schema: checkpointSchema });
    expect(metadata).toMatchObject({ epoch: 7, network: JSON.parse(JSON.stringify(description)) as object });
    expect([...tensors].map(([name, { data, shape }]) => ({ name, data, shape }))).toEqual(parameters.map(({ name, data, shape }) => ({ name, data, shape })));
    expect(importStage.files!(importStage.params.parse({ file: 'x.safetensors', network: spec }))).toEqual({ weights: 'x.safetensors' });
  });

  test('takes the size of images, classes and normalization from data', async () => {
    await importFrom(await writeWeights(), {}, await writeData());
    const { metadata } = await readTensorSet(join(folder, 'imported', 'checkpoints', '0'), { schema: checkpointSchema });
    const { inputShape, classCount, normalization } = (metadata as unknown as { network: NetworkDescription }).network;
    expect([inputShape, classCount]).toEqual([[8, 8, 3], 3]);
    expect(normalization.mean).toBeCloseTo(0.5, 2);
  });

  test('takes a mean and a deviation for each channel, which training elsewhere had', async () => {
    const normalization = { mean: [0.4914, 0.4822, 0.4465], standardDeviation: [0.2023, 0.1994, 0.201] };
    await importFrom(await writeWeights(), { normalization }, await writeData());
    const { metadata } = await readTensorSet(join(folder, 'imported', 'checkpoints', '0'), { schema: checkpointSchema });
    expect((metadata as unknown as { network: NetworkDescription }).network.normalization).toEqual(normalization);
  });

  test('refuses a normalization that channels do not have', async () => {
    const refusal = 'training/import-weights: normalization.mean and normalization.standardDeviation must each be a finite number or a list of 3, one for each channel, and deviations above 0; got [0.5, 0.5] and 0.25.';
    await expect(importFrom(await writeWeights(), { ...told, normalization: { mean: [0.5, 0.5], standardDeviation: 0.25 } })).rejects.toThrow(refusal);
    expect(() => importStage.params.parse({ file: 'x', network: spec, normalization: { mean: 0, standardDeviation: [1, 0, 1] } })).toThrow();
    expect(() => importStage.params.parse({ file: 'x', network: spec, normalization: { mean: 'none', standardDeviation: 1 } })).toThrow('must be a number, or a list of one for each channel');
  });

  test('says what is missing, said twice, or wrong with the file', async () => {
    const file = await writeWeights();
    await expect(importFrom(file, { classCount: 3 })).rejects.toThrow(/must be given where the input data is not; missing: inputShape, normalization\. Give/);
    await expect(importFrom(file, { classCount: 3 }, await writeData())).rejects.toThrow(/classCount must be left out where data is given/);
    await expect(importFrom(file, { ...told, classCount: 4 })).rejects.toThrow(/training\/import-weights: .*"classifier.weight" must be \(4, 48\) and is \(3, 48\)/);
    await expect(importFrom(file, { ...told, network: { kind: 'mlp' } })).rejects.toThrow(/must hold the weights of the mlp that network describes/);
    await truncate(file, 1000);
    await expect(importFrom(file)).rejects.toThrow(/training\/import-weights: .*weights\.safetensors must be a safetensors file; /);
    await expect(importFrom(join(folder, 'none'))).rejects.toThrow(/training\/import-weights: .*none can't be read/);
    await mkdir(join(folder, 'd'));
    await expect(importFrom(join(folder, 'd'))).rejects.toThrow(/must be a regular file; it is a folder/);
  });
});

describe('training/export-weights', () => {
  const exportTo = async (name: string, params: object) => run(exportStage, name, { params, inputs: { checkpoint: join(folder, 'imported', 'checkpoints', '0') } });
  beforeEach(async () => { await importFrom(await writeWeights()); });

  test('as safetensors, and imported again, is the same checkpoint', async () => {
    const digest = async () => (await readManifest(join(folder, 'imported', 'checkpoints', '0'))).digest;
    const before = await digest();
    await exportTo('out', {});
    expect(await verifyArtifact(join(folder, 'out', 'weights'))).toMatchObject({ kind: 'folder', schema: 'weights@1', summary: { format: 'safetensors', network: 'vgg', epoch: 0 } });
    await rm(join(folder, 'imported'), { recursive: true });
    expect(await importFrom(join(folder, 'out', 'weights', 'weights.safetensors'))).toMatchObject({ names: 'pytorch-cifar' });
    expect(await digest()).toBe(before);
    await exportTo('other', { naming: 'torchvision' });
    expect(await readFile(join(folder, 'other', 'weights', 'weights.safetensors'), 'latin1')).toContain('"classifier.0.weight"');
  });

  test('as a model of tf.layers holds its topology and as many bytes as it says', async () => {
    await exportTo('out', { format: 'tfjs-layers' });
    const model = JSON.parse(await readFile(join(folder, 'out', 'weights', 'model.json'), 'utf8')) as { format: string; weightsManifest: { paths: string[]; weights: { shape: number[] }[] }[] };
    expect([model.format, model.weightsManifest[0]!.paths]).toEqual(['layers-model', ['weights.bin']]);
    const values = model.weightsManifest[0]!.weights.reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0);
    expect((await readFile(join(folder, 'out', 'weights', 'weights.bin'))).length).toBe(4 * values);
  });

  test('refuses a naming that the family does not have, and one where layers have our names', async () => {
    await expect(exportTo('out', { naming: 'keras' })).rejects.toThrow(/training\/export-weights: .*naming must be pytorch-cifar or torchvision for vgg; got keras/);
    expect(() => exportStage.params.parse({ format: 'tfjs-layers', naming: 'torchvision' })).toThrow(/must be left out with tfjs-layers/);
  });
});
