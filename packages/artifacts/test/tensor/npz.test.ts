import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listNpzTensors, readNpzTensor, readTensor } from '../../src/index.js';
import { npyFile, npyHeader, zipFile, type Member } from './numpy-files.js';

const golden = join(import.meta.dirname, '../golden/npy');
const { arrays } = JSON.parse(readFileSync(join(golden, 'expected.json'), 'utf8')) as { arrays: { [name: string]: { values: number[] } } };
const clouds = Float32Array.from(arrays['clouds']!.values);
const labels = Int32Array.from(arrays['clouds-labels']!.values);

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-npz-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const floats = (shape: number[], value = 1): Buffer => npyFile(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value), npyHeader('<f4', shape));
const ints = (...values: number[]): Buffer => npyFile(Int32Array.from(values), npyHeader('<i4', [values.length]));
const scalar = (value: number): Buffer => npyFile(Int32Array.of(value), npyHeader('<i4', []));

async function write(members: { [name: string]: Buffer | Member }, options?: { isWide?: boolean }): Promise<string> {
  const path = join(folder, 'x.npz');
  await writeFile(path, zipFile(Object.fromEntries(Object.entries(members).map(([name, member]) => [`${name}.npy`, Buffer.isBuffer(member) ? { content: member } : member])), options));
  return path;
}

test('a file of numpy.savez is read with its labels as manifolds, and its scalars as metadata', async () => {
  const { data, shape, rows, metadata } = await readTensor(join(golden, 'clouds.npz'), { schema: 'any' });
  expect([data, shape]).toEqual([clouds, [48, 20]]);
  expect(rows).toEqual({ labels, manifold: labels });
  expect(metadata).toEqual({ epoch: 3, layerIndex: 5, layer: 'conv1', classNames: ['ant', 'bee', 'cat', 'dog', 'elk', 'fox', 'gnu', 'hen'] });
});

test('a file of numpy.savez_compressed with two layers holds each under its name and place', async () => {
  const path = join(golden, 'layers.npz');
  expect(await listNpzTensors(path)).toEqual(['conv1', 'conv2']);
  const [first, second] = [await readTensor(`${path}#conv1`, { schema: 'any' }), await readTensor(`${path}#conv2`, { schema: 'any' })];
  expect(first).toEqual({ data: clouds, shape: [48, 20], rows: { labels, manifold: labels }, metadata: { epoch: 3, layer: 'conv1', layerIndex: 0 } });
  expect([second.shape, second.metadata]).toEqual([[48, 10], { epoch: 3, layer: 'conv2', layerIndex: 1 }]);
  // tanh in double precision here, in single there: within one unit in the last place of each.
  second.data.forEach((value, i) => expect(Math.abs(value - Math.tanh(clouds[Math.floor(i / 10) * 20 + 2 * (i % 10)]!))).toBeLessThan(2 ** -22));
});

test('an array of objects beside activations is passed over and never read', async () => {
  const { rows, shape, metadata } = await readTensor(join(golden, 'objects.npz'), { schema: 'any' });
  expect([shape, Object.keys(rows), metadata]).toEqual([[4, 20], ['targets', 'manifold'], {}]);
  expect(rows['manifold']).toHaveLength(4);
});

test.each(['manifold', 'labels', 'label', 'targets', 'y'])('classes may be called %s', async (name) => {
  const { rows } = await readNpzTensor(await write({ acts: floats([3, 2]), [name]: ints(4, 5, 6), unrelated: ints(1, 2) }));
  expect(rows).toEqual({ [name]: Int32Array.of(4, 5, 6), manifold: Int32Array.of(4, 5, 6) });
});

test('classes called manifold count before any other name, and may have the shape (rows, 1)', async () => {
  const { rows } = await readNpzTensor(await write({ acts: floats([2, 2]), labels: ints(1, 2), manifold: npyFile(Int32Array.of(7, 8), npyHeader('<i4', [2, 1])) }));
  expect(rows['manifold']).toEqual(Int32Array.of(7, 8));
});

test('a member called features is the tensor, whatever others there are', async () => {
  const path = await write({ logits: floats([2, 5]), features: floats([2, 3], 9), weights: floats([4, 4]) });
  expect(await listNpzTensors(path)).toEqual(['features']);
  expect(await readNpzTensor(path)).toMatchObject({ shape: [2, 3], metadata: {} });
  expect((await readNpzTensor(`${path}#weights`)).shape).toEqual([4, 4]);
});

test('columns of other names are kept if they are whole numbers or text, and passed over if not', async () => {
  const wide = npyFile(BigInt64Array.of(2n ** 40n, 1n), npyHeader('<i8', [2]));
  const path = await write({ acts: floats([2, 3]), exampleId: ints(8, 9), set: npyFile(Buffer.from('testperm'), npyHeader('|S4', [2])), split: ints(0, 1), wide, loss: npyFile(Float32Array.of(0.5, 1), npyHeader('<f4', [2])), epoch: scalar(4), rate: npyFile(Float32Array.of(0.5), npyHeader('<f4', [])) });
  expect(await readNpzTensor(path)).toMatchObject({ rows: { exampleId: Int32Array.of(8, 9), set: ['test', 'perm'], split: Int32Array.of(0, 1) }, metadata: { epoch: 4 } });
  expect(Object.keys((await readNpzTensor(path)).rows)).toEqual(['exampleId', 'set', 'split']);
});

test('labels of another length are refused with both lengths', async () => {
  await expect(readNpzTensor(await write({ acts: floats([3, 2]), y: ints(1, 2) }))).rejects.toThrow(/"y" must have 3 entries, one per row of "acts" in .*x\.npz; it has the shape \(2\)/);
});

test('several layers, or none, are refused with what there is', async () => {
  const path = await write({ conv1: floats([2, 3]), conv2: floats([2, 4]), y: ints(0, 1) });
  await expect(readNpzTensor(path)).rejects.toThrow(/it holds 2 \(conv1 \(2, 3\), conv2 \(2, 4\), y \(2\)\)\. Name one, as .*x\.npz#conv1/);
  await expect(readNpzTensor(`${path}#conv3`)).rejects.toThrow(/has no member "conv3"; it holds conv1/);
  await expect(readNpzTensor(await write({ y: ints(0, 1) }))).rejects.toThrow(/it holds 0 \(y \(2\)\)\. Save activations as \(points, features\)/);
});

test.each([[false, false], [true, false], [false, true], [true, true]])('members deflated: %p, and in zip64: %p, are read alike', async (isDeflated, isWide) => {
  const values = Float32Array.from({ length: 300_000 }, (_, i) => i % 251);
  const path = await write({ acts: { content: npyFile(values, npyHeader('<f4', [300, 1000])), isDeflated, isWide }, y: { content: ints(...Array<number>(300).fill(3)), isDeflated, isWide } }, { isWide });
  const { data, rows } = await readNpzTensor(path);
  expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(values.buffer))).toBe(0);
  expect(rows['y']).toHaveLength(300);
});

test('a member that is altered is refused by its checksum, stored or deflated', async () => {
  for (const isDeflated of [false, true]) {
    const content = floats([3, 2]);
    const path = await write({ acts: { content, isDeflated } });
    const bytes = readFileSync(path);
    bytes[30 + 'acts.npy'.length + (isDeflated ? 40 : content.length - 1)]! ^= 1;
    await writeFile(path, bytes);
    await expect(readNpzTensor(path)).rejects.toThrow(/x\.npz#acts (is damaged|must)/);
  }
});

test('a member that says it holds more than deflate can is refused before memory is taken', async () => {
  const header = Buffer.from(npyFile(new Float32Array(0), npyHeader('<f4', [2 ** 30, 2 ** 3])));
  const path = await write({ acts: { content: header, isDeflated: true, isWide: true, bytes: header.length + 2 ** 35 } });
  await expect(readNpzTensor(path)).rejects.toThrow(/its member "acts\.npy" can't hold \d+ bytes in \d+/);
});

test('other compression, encryption, and what is no archive are refused', async () => {
  await expect(readNpzTensor(await write({ acts: { content: floats([1, 1]), method: 14 } }))).rejects.toThrow(/uses method 14\. Save it by numpy\.savez/);
  const encrypted = zipFile({ 'acts.npy': { content: floats([1, 1]) } });
  encrypted[encrypted.indexOf(Buffer.of(0x50, 0x4b, 1, 2)) + 8]! |= 1;
  const path = join(folder, 'x.npz');
  await writeFile(path, encrypted);
  await expect(readNpzTensor(path)).rejects.toThrow(/must not be encrypted/);
  await writeFile(path, 'nothing');
  await expect(readNpzTensor(path)).rejects.toThrow(/has no directory at its end/);
});
