import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { activationsSchema, readTensor, writeTensor } from '@memgeo/artifacts';
import type { InputPort } from '@memgeo/stage';
import { locateInputs } from '../../src/inputs/locate-inputs.js';

const golden = (name: string): string => fileURLToPath(new URL(`../../../artifacts/test/golden/npy/${name}`, import.meta.url));
const activations = { form: 'collection', kind: 'tensor', schema: activationsSchema, description: 'Activations by layer.' } as const;
const table = { form: 'artifact', kind: 'table', schema: 'labels@1', description: 'Labels.' } as const;

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-locate-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const locate = (inputs: { [name: string]: InputPort }, assignments: string[], labels?: string): Promise<object> => locateInputs({ id: 'test/stage', inputs }, assignments, { labels, workFolder: folder });

test('a file of another program is a collection of itself, named after the file', async () => {
  expect(await locate({ activations }, [`activations=${golden('clouds.npy')}`, `activations=${golden('clouds.npz')}#features`]))
    .toEqual({ activations: { clouds: golden('clouds.npy'), features: `${golden('clouds.npz')}#features` } });
});

test('a .npz file with several tensors is a collection of its layers, with one it is one', async () => {
  expect(await locate({ activations }, [`activations=${golden('layers.npz')}`])).toEqual({ activations: { conv1: `${golden('layers.npz')}#conv1`, conv2: `${golden('layers.npz')}#conv2` } });
  expect(await locate({ activations }, [`activations.fc=${golden('clouds.npz')}`])).toEqual({ activations: { fc: golden('clouds.npz') } });
});

test('a folder is the collection of the artifacts in it, or is one', async () => {
  const tensor = { data: Float32Array.of(1), shape: [1, 1], rows: {}, metadata: {} };
  for (const name of ['conv1', 'conv2']) await writeTensor(join(folder, name), tensor, { schema: activationsSchema });
  await writeFile(join(folder, 'notes.txt'), '');
  expect(await locate({ activations }, [`activations=${folder}`])).toEqual({ activations: { conv1: join(folder, 'conv1'), conv2: join(folder, 'conv2') } });
  expect(await locate({ activations }, [`activations=${join(folder, 'conv2')}`])).toEqual({ activations: { conv2: join(folder, 'conv2') } });
});

test('labels are joined to every layer, and the stage is told plain paths', async () => {
  const inputs = await locate({ activations, table }, [`activations=${golden('layers.npz')}`, `activations=${golden('clouds.npy')}`, `table=${folder}`], golden('clouds-labels.npy')) as { activations: { [layer: string]: string }; table: string };
  expect(inputs.table).toBe(folder);
  expect(Object.keys(inputs.activations)).toEqual(['conv1', 'conv2', 'clouds']);
  expect((await readdir(folder)).map((name) => join(folder, name)).sort()).toEqual(Object.values(inputs.activations).sort());
  const { shape, rows } = await readTensor(inputs.activations['clouds']!, { schema: activationsSchema });
  expect([shape, rows['manifold']]).toEqual([[48, 20], (await readTensor(golden('clouds.npz'), { schema: activationsSchema })).rows['labels']]);
});

test('where a stage takes many collections, files of layers are one until a layer comes again, and a folder is one', async () => {
  await writeTensor(join(folder, 'epoch4', 'conv1'), { data: Float32Array.of(1), shape: [1, 1], rows: {}, metadata: {} }, { schema: activationsSchema });
  const paths = [golden('clouds.npy'), golden('layers.npz'), golden('clouds.npz'), join(folder, 'epoch4'), golden('clouds.npz')];
  const inputs = await locate({ activations: { ...activations, isMany: true } }, paths.map((path) => `activations=${path}`));
  expect(inputs).toEqual({ activations: [
    { clouds: golden('clouds.npy'), conv1: `${golden('layers.npz')}#conv1`, conv2: `${golden('layers.npz')}#conv2` },
    { clouds: golden('clouds.npz') },
    { conv1: join(folder, 'epoch4', 'conv1') },
    { clouds: golden('clouds.npz') },
  ].map((location) => ({ coordinates: {}, location })) });
});

test('labels are joined to each of many collections', async () => {
  const inputs = await locate({ activations: { ...activations, isMany: true } }, [`activations=${golden('clouds.npy')}`, `activations=${golden('clouds.npz')}`], golden('clouds-labels.npy'));
  expect(inputs).toEqual({ activations: ['0', '1'].map((count) => ({ coordinates: {}, location: { clouds: join(folder, `${count}.join.json`) } })) });
});

test.each([
  ['no path', ['activations'], undefined, /--in must be NAME=PATH or NAME\.PART=PATH; got "activations"/],
  ['an unknown input', ['activation=x.npy'], undefined, /test\/stage has no input "activation"\. Did you mean "activations"\?/],
  ['a member of a missing file', ['activations=missing.npz#conv1'], undefined, /missing\.npz does not exist/],
  ['nothing', [], undefined, /test\/stage needs --in activations=PATH: Activations by layer/],
  ['two files of one name', [`activations=${golden('clouds.npy')}`, `activations=${golden('clouds.npz')}`], undefined, /has the part "clouds" twice: .* Name them by --in activations\.PART=PATH/],
  ['a folder without artifacts', [`activations=${golden('')}`], undefined, /holds no artifacts/],
  ['missing labels', [`activations=${golden('clouds.npy')}`], 'missing.csv', /--labels missing\.csv: missing\.csv does not exist/],
])('%s is refused', async (_, assignments, labels, message) => {
  await expect(locate({ activations }, assignments, labels)).rejects.toThrow(message);
});

test('labels for a stage that takes no activations are refused', async () => {
  await expect(locate({ table }, [`table=${folder}`], golden('labels.npy'))).rejects.toThrow(/takes no activations; leave out --labels/);
});
