import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { randomStream } from '@memgeo/numerics';
import fc from 'fast-check';
import {
  exportWeights, importWeights, initialParameters, layersOf, Network, openBackend, SafetensorsFile, safetensorsBytes, weightLayout, WeightsFileError, type NamedParameter, type NamedValues, type NetworkDescription,
} from '../../src/index.js';

const golden = new URL('./golden/', import.meta.url);
const readJson = (name: string) => JSON.parse(readFileSync(new URL(name, golden), 'utf8')) as unknown;
type About = Pick<NetworkDescription, 'spec' | 'inputShape' | 'classCount'> & Partial<Pick<NetworkDescription, 'normalization'>>;
type Case = About & { naming: string; logits: number[] };
const { about, cases } = readJson('golden.json') as { about: { examples: number }; cases: { [name: string]: Case } };

const describeCase = ({ spec, inputShape, classCount, normalization = { mean: 0, standardDeviation: 1 } }: About): NetworkDescription => ({ spec, inputShape, classCount, normalization });
const inMemory = (tensors: readonly NamedValues[]) => {
  const bytes = Buffer.concat([...safetensorsBytes(tensors)]);
  const read = async (target: Uint8Array, offset: number, length: number, position: number) => ({ bytesRead: bytes.copy(target, offset, position, position + length) });
  return SafetensorsFile.read({ stat: async () => ({ size: bytes.length }), read }, { name: 'w.safetensors' });
};
async function readGolden(name: string): Promise<NamedParameter[]> {
  const handle = await open(new URL(`${name}.safetensors`, golden));
  try {
    const { parameters, naming } = await importWeights(await SafetensorsFile.read(handle, { name }), describeCase(cases[name]!));
    expect(naming).toBe(cases[name]!.naming);
    return parameters;
  } finally {
    await handle.close();
  }
}
/** Parameters and statistics of which no two are alike. */
function randomParameters(description: NetworkDescription): NamedParameter[] {
  return initialParameters(description, 1).map((parameter) => {
    const data = randomStream(2, parameter.name).fillNormal(new Float32Array(parameter.data.length));
    return { ...parameter, data: parameter.name.endsWith('.variance') ? data.map(Math.abs) : data };
  });
}

beforeAll(() => openBackend('wasm'));

describe.each(Object.entries(cases))('weights of PyTorch, %s', (name, golden) => {
  const description = describeCase(golden);

  test('give the logits of PyTorch', async () => {
    const size = description.inputShape.reduce((product, n) => product * n, 1);
    const data = Float32Array.from({ length: about.examples * size }, (_, place) => ((place * 2654435761) % 2 ** 32) / 2 ** 30 - 2);
    const network = Network.restore(description, await readGolden(name));
    const logits = await network.predict({ data, count: about.examples }, Int32Array.from({ length: about.examples }, (_, i) => i));
    network.dispose();
    const largest = Math.max(...golden.logits.map(Math.abs));
    // Float32 sums over up to 12 layers, in another order than PyTorch's.
    logits.forEach((value, i) => expect(Math.abs(value - golden.logits[i]!)).toBeLessThan(1e-5 * largest));
  });

  test('exported and imported again are the same bits', async () => {
    const parameters = randomParameters(description);
    const exported = exportWeights({ description, parameters }, { naming: golden.naming });
    expect((await importWeights(await inMemory(exported), description)).parameters).toEqual(parameters);
  });
});

describe('names', () => {
  const full = readJson('torchvision-names.json') as { [name: string]: string };
  const specs: { [name: string]: NetworkDescription['spec'] } = {
    vgg11: { kind: 'vgg', depth: 11, batchNorm: false }, vgg13_bn: { kind: 'vgg', depth: 13, batchNorm: 'convolutions' }, vgg16: { kind: 'vgg', depth: 16, batchNorm: false }, vgg19_bn: { kind: 'vgg', depth: 19, batchNorm: 'convolutions' },
    alexnet: { kind: 'alexnet', stem: 'large' }, resnet18: { kind: 'resnet18', stem: 'large' }, densenet121: { kind: 'densenet', stem: 'large', growth: 32, blocks: [6, 12, 24, 16] },
  };
  test.each(Object.keys(full))('and shapes of %s are those of torchvision', (name) => {
    const layout = weightLayout(describeCase({ spec: specs[name]!, inputShape: [224, 224, 3], classCount: 1000 }));
    const theirs = full[name]!.split(' ');
    expect(layout.map(({ name: own, shape }) => [own, shape.join('x')]).sort()).toEqual(theirs.flatMap((text, i) => (i % 2 === 0 ? [[text, theirs[i + 1]!]] : [])).sort());
  });

  test('below any modules that all share are found', async () => {
    const description = describeCase(cases['resnet18']!);
    const parameters = randomParameters(description);
    const wrapped = exportWeights({ description, parameters }).map((tensor) => ({ ...tensor, name: `_orig_mod.module.${tensor.name}` }));
    expect((await importWeights(await inMemory(wrapped), description)).parameters).toEqual(parameters);
  });

  test('that no one knows say what is missing and unexpected, the nearest, and shapes', async () => {
    const description = describeCase(cases['resnet18']!);
    const file = await inMemory(exportWeights({ description, parameters: randomParameters(description) }).map((tensor) => ({ ...tensor, name: tensor.name.replace(/^fc\./, 'head.') })));
    await expect(importWeights(file, description)).rejects.toThrow(WeightsFileError);
    await expect(importWeights(file, description)).rejects.toThrow('w.safetensors must hold the weights of the resnet18 that network describes. As torchvision names them, missing are 2: "fc.weight" (10, 16), nearest "head.weight" (10, 16); "fc.bias" (10), nearest "head.bias" (10). Unexpected are 2: "head.weight" (10, 16); "head.bias" (10). Make network the one that was saved, or, if only names differ, set matching: shapes.');
  });

  test('of one naming are no other\'s', () => {
    const description = describeCase(cases['mlp']!);
    expect(() => weightLayout(description, { naming: 'keras' })).toThrow(/naming must be nn\.Sequential with Flatten or .* for mlp; got keras/);
  });
});

describe('a file for another network', () => {
  const description = describeCase(cases['alexnet']!);
  const parameters = randomParameters(description);
  const tensors = exportWeights({ description, parameters });
  const attempt = async (list: readonly NamedValues[], network = description) => importWeights(await inMemory(list), network);

  test('of other sizes is refused with both shapes', async () => {
    await expect(attempt(tensors, { ...description, classCount: 7 })).rejects.toThrow('"classifier.6.weight" must be (7, 16) and is (10, 16); "classifier.6.bias" must be (7) and is (10). Change the sizes or the stem of network');
    await expect(attempt(tensors, { ...description, inputShape: [32, 32, 1] })).rejects.toThrow('"features.0.weight" must be (2, 1, 3, 3) and is (2, 3, 3, 3)');
  });

  test('with numbers that are none, or variances below 0, is refused', async () => {
    await expect(attempt(tensors.map((tensor) => (tensor.name === 'features.3.bias' ? { ...tensor, data: tensor.data.map((_, i) => (i === 2 ? NaN : 0)) } : tensor)))).rejects.toThrow('"features.3.bias" must hold finite numbers; value 2 is NaN');
    const normalized = describeCase(cases['resnet18']!);
    const negative = exportWeights({ description: normalized, parameters: randomParameters(normalized) }).map((tensor) => (tensor.name === 'bn1.running_var' ? { ...tensor, data: Float32Array.of(1, -2) } : tensor));
    await expect(attempt(negative, normalized)).rejects.toThrow('"bn1.running_var" must hold variances, of at least 0; the least is -2');
  });

  test('lists at most four of each', async () => {
    await expect(attempt([{ name: 'x.y', shape: [1], data: new Float32Array(1) }])).rejects.toThrow(/missing are 16: (.*; ){4}and 12 more\. Unexpected are 1: "x\.y" \(1\)\./);
  });
});

test('files with any names and shapes are refused by an error of ours', async () => {
  const description = describeCase({ spec: { kind: 'mlp', hidden: [2, 2] }, inputShape: [1, 1, 2], classCount: 2 });
  const names = fc.oneof(fc.stringMatching(/^[.]{0,2}(net|1|3|5|x)?[.]{0,2}(weight|bias|running_mean|num_batches_tracked)?$/), fc.string());
  const tensors = fc.uniqueArray(fc.record({ name: names.filter((name) => name !== '__metadata__'), shape: fc.constantFrom([2, 2], [2], [], [0]) }), { selector: ({ name }) => name, maxLength: 7 });
  await fc.assert(fc.asyncProperty(tensors, fc.constantFrom('names' as const, 'shapes' as const), async (list, matching) => {
    const file = await inMemory(list.map((tensor) => ({ ...tensor, data: new Float32Array(tensor.shape.reduce((product, n) => product * n, 1)) })));
    const error = await importWeights(file, description, { matching }).then(() => undefined, (cause: unknown) => cause);
    if (error !== undefined) expect(error).toBeInstanceOf(WeightsFileError);
  }), { seed: 3, numRuns: 300 });
});

describe('matching by shapes', () => {
  const load = async (tensors: readonly NamedValues[], description: NetworkDescription) => importWeights(await inMemory(tensors), description, { matching: 'shapes' });
  const renamed = (description: NetworkDescription, parameters: NamedParameter[], rename: (name: string) => string) => exportWeights({ description, parameters }).map((tensor) => ({ ...tensor, name: rename(tensor.name) }));

  test('takes modules of one shape in the order of their numbers', async () => {
    const description = describeCase({ spec: { kind: 'vgg', channels: [3], convolutionsPerBlock: 12, dense: [], batchNorm: true }, inputShape: [4, 4, 3], classCount: 2 });
    const parameters = randomParameters(description);
    const tensors = renamed(description, parameters, (name) => name.replace('features.', 'backbone.stage_').replace('classifier.0', 'head'));
    expect(await load([...tensors].sort((a, b) => (a.name < b.name ? -1 : 1)), description)).toEqual({ parameters, naming: undefined });
  });

  test('refuses what leaves a doubt', async () => {
    const description = describeCase({ spec: { kind: 'mlp', hidden: [4, 4, 4] }, inputShape: [4, 4, 1], classCount: 2 });
    const tensors = renamed(description, randomParameters(description), (name) => `${['first', 'second', 'third', 'last'][(Number(name.split('.')[0]) - 1) / 2]}.${name.split('.')[1]}`);
    await expect(load(tensors, description)).rejects.toThrow('leaves a doubt: of weights of shape (4, 4) it has 2 whose names differ by more than numbers ("second", "third")');
    await expect(load(tensors.slice(0, 6), description)).rejects.toThrow('of weights of shape (2, 4) it has 0 and network 1 ("output")');
    await expect(load([...tensors, { name: 'lonely', shape: [4], data: new Float32Array(4) }], description)).rejects.toThrow('"" has "lonely" and no "weight"');
  });

  test('refuses a module with more or less than ours has', async () => {
    const description = describeCase({ spec: { kind: 'mlp', hidden: [4, 3] }, inputShape: [4, 4, 1], classCount: 2 });
    const tensors = renamed(description, randomParameters(description), (name) => name.replace(/^1\./, 'first.').replace(/^3\./, 'middle.').replace(/^5\./, 'last.'));
    expect((await load(tensors, description)).parameters).toEqual(randomParameters(description));
    await expect(load(tensors.filter(({ name }) => name !== 'last.bias'), description)).rejects.toThrow('must hold "last.bias", for output.bias');
    await expect(load([...tensors, { name: 'middle.running_mean', shape: [4], data: new Float32Array(4) }], description)).rejects.toThrow('of weights of shape (3, 4) it has 0 and network 1 ("dense2")');
    await expect(load([...tensors, { name: 'middle.gain', shape: [4], data: new Float32Array(4) }], description)).rejects.toThrow('holds "middle.gain", for which dense2 has no place');
  });
});

test('the bias of a normalized layer, which is not ours, moves the mean', async () => {
  const description = describeCase({ spec: { kind: 'mlp', hidden: [2], batchNorm: true }, inputShape: [1, 1, 1], classCount: 2 });
  const parameters = randomParameters(description);
  const tensors = exportWeights({ description, parameters }).map((tensor) => (tensor.name === '1.bias' ? { ...tensor, data: Float32Array.of(0.25, -1) } : tensor));
  const { parameters: back } = await importWeights(await inMemory(tensors), description);
  const mean = (list: readonly NamedParameter[]) => list.find(({ name }) => name === 'dense1.norm.mean')!.data;
  expect(mean(back)).toEqual(Float32Array.from(mean(parameters), (value, i) => value - [0.25, -1][i]!));
  expect(layersOf(description).map(({ name }) => name)).toContain('dense1.norm');
});
