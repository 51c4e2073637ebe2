import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { geometryTable, readTable } from '@memgeo/artifacts';
import { manifoldGeometry, randomStream } from '@memgeo/geometry';
import { Workbench } from './workbench.js';

// What NumPy wrote, and what it says that it wrote.
const golden = fileURLToPath(new URL('../../artifacts/test/golden/npy/', import.meta.url));
const { arrays } = JSON.parse(await readFile(join(golden, 'expected.json'), 'utf8')) as { arrays: { [name: string]: { values: number[]; shape: [number, number] } } };
const { values, shape } = arrays['clouds']!;
const manifoldOf = Int32Array.from(arrays['clouds-labels']!.values);

let bench: Workbench;
beforeAll(async () => {
  bench = await Workbench.create();
  for (const name of ['clouds.npy', 'clouds.npz', 'clouds-labels.npy', 'layers.npz']) await cp(join(golden, name), join(bench.folder, name));
});
afterAll(() => bench.remove());

const measure = (out: string, ...args: string[]) => bench.memgeo('stage', 'run', 'geometry/mftma', '--with', 'gaussianVectors=30', '--out', out, ...args);
const capacities = async (out: string) => (await readTable(join(bench.folder, out, 'geometry'), geometryTable)).filter((row) => row.measure === 'capacity').map(({ epoch, layer, layerIndex, set, value, standardError }) => ({ epoch, layer, layerIndex, set, value, standardError }));

/** What the library gives for the same array under the stage's seed. */
function expected(layer: string): { value: number; standardError: number } {
  const { capacity } = manifoldGeometry({ data: Float32Array.from(values), shape, manifoldOf }, { gaussianVectors: 30, random: randomStream(1, 'geometry/mftma', layer) });
  return { value: capacity.value, standardError: capacity.standardError };
}

test('a .npz file of NumPy with labels and metadata gives the numbers of manifoldGeometry() on the same array, and shows them', async () => {
  const { code, stdout } = await measure('one', '--in', 'activations=clouds.npz');
  expect(code).toBe(0);
  expect(await capacities('one')).toEqual([{ epoch: 3, layer: 'conv1', layerIndex: 5, set: 'all', ...expected('conv1') }]);
  expect(stdout).toMatch(new RegExp(`^one/geometry\nrows +\\d+\n.*\n +conv1 +all +capacity +${expected('conv1').value.toPrecision(5)} `));
});

test('a .npy file with its labels as .npy, .csv or a member of .npz gives the same, on any number of threads', async () => {
  await writeFile(join(bench.folder, 'labels.csv'), `label\n${manifoldOf.join('\n')}\n`);
  for (const [i, labels] of ['clouds-labels.npy', 'labels.csv', 'layers.npz#labels', 'clouds.npz'].entries()) {
    expect(await measure(`beside${i}`, '--in', 'activations=clouds.npy', '--labels', labels, '--threads', String(1 + (i % 2)))).toMatchObject({ code: 0 });
    expect(await capacities(`beside${i}`)).toEqual([{ epoch: null, layer: 'clouds', layerIndex: null, set: 'all', ...expected('clouds') }]);
  }
});

test('a compressed .npz file with two layers gives a measurement of each', async () => {
  expect(await measure('layers', '--in', 'activations=layers.npz')).toMatchObject({ code: 0 });
  expect(await capacities('layers')).toMatchObject([{ epoch: 3, layer: 'conv1', layerIndex: 0, ...expected('conv1') }, { epoch: 3, layer: 'conv2', layerIndex: 1 }]);
});

test('labels that are missing, or of another length, are one paragraph that says what to do', async () => {
  const missing = await measure('missing', '--in', 'activations=clouds.npy');
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringMatching(/^geometry\/mftma: .*clouds\.npy must have a column "manifold" .* it has none\. Add it, or give the classes of the rows by memgeo stage run --labels FILE.*\n$/)]);
  await writeFile(join(bench.folder, 'few.txt'), '1\n2\n');
  const few = await measure('few', '--in', 'activations=clouds.npy', '--labels', 'few.txt');
  expect([few.code, few.stderr]).toEqual([1, expect.stringMatching(/few\.txt must have a label for each of the 48 rows of .*clouds\.npy, in their order; it has 2\.\n$/)]);
});

test('memgeo show shows a .npy file, and every layer of a .npz file', async () => {
  expect((await bench.memgeo('show', 'clouds.npy')).stdout).toMatch(/^shape +\(48, 20\) float32/);
  const { stdout } = await bench.memgeo('show', 'layers.npz');
  expect([...stdout.matchAll(/^shape +(\(.*\))/gm)].map(([, found]) => found)).toEqual(['(48, 20)', '(48, 10)']);
  expect((await bench.memgeo('show', 'layers.npz#conv2')).stdout).toMatch(/"layer":"conv2"/);
});
