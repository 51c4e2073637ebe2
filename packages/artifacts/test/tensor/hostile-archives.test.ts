import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLabels, readNpzTensor, readTensor, writeTensorJoin } from '../../src/index.js';
import { npyFile, npyHeader, zipFile } from './numpy-files.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-hostile-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const floats = (rows: number, columns: number): Buffer => npyFile(new Float32Array(rows * columns), npyHeader('<f4', [rows, columns]));
const directoryEntry = Buffer.of(0x50, 0x4b, 1, 2);

async function write(bytes: Buffer): Promise<string> {
  const path = join(folder, 'x.npz');
  await writeFile(path, bytes);
  return path;
}

test.each([
  ['../../x.npy', /it is no plain path below the folder/], ['/etc/x.npy', /it is not relative/], ['..\\x.npy', /it holds a backslash/], ['C:/x.npy', /it is not relative/], ['a\u0000.npy', /it holds a NUL/],
  ['a\u001b[2J.npy', /it holds control characters/], ['x/../../y.npy', /no plain path/], [`${'x'.repeat(300)}.npy`, /longer than 255 bytes/],
])('a member called %j is refused', async (name, message) => {
  await expect(readNpzTensor(await write(zipFile({ [name]: { content: floats(2, 2) } })))).rejects.toThrow(message);
});

test('names of modules with slashes are names of layers', async () => {
  expect((await readNpzTensor(await write(zipFile({ 'block1/conv.npy': { content: floats(2, 2) } })))).shape).toEqual([2, 2]);
});

test('names that JavaScript gives a meaning are columns and metadata like any other', async () => {
  const column = npyFile(Int32Array.of(4, 5), npyHeader('<i4', [2]));
  const scalar = npyFile(Int32Array.of(3), npyHeader('<i4', []));
  const { rows, metadata } = await readNpzTensor(await write(zipFile({ 'acts.npy': { content: floats(2, 2) }, '__proto__.npy': { content: column }, 'constructor.npy': { content: column }, 'toString.npy': { content: scalar } })));
  expect(Object.keys(rows)).toEqual(['__proto__', 'constructor']);
  expect(Object.keys(metadata)).toEqual(['toString']);
  expect(Object.getPrototypeOf(rows)).toBe(Object.prototype);
});

test('two members of one name are refused: programs differ in which of them counts', async () => {
  const bytes = zipFile({ 'a.npy': { content: floats(2, 2) }, 'b.npy': { content: floats(2, 2) } });
  bytes[bytes.lastIndexOf('b.npy')] = 'a'.charCodeAt(0);
  await expect(readNpzTensor(await write(bytes))).rejects.toThrow(/"a\.npy": it stands there twice/);
});

test('members that lie over each other, as in archives that unpack to any multiple of their size, are refused', async () => {
  const bytes = zipFile({ 'a.npy': { content: floats(2, 2) }, 'b.npy': { content: floats(2, 2) } });
  bytes.writeUInt32LE(0, bytes.lastIndexOf(directoryEntry) + 42);
  await expect(readNpzTensor(await write(bytes))).rejects.toThrow(/its member "b\.npy" lies over another/);
});

test('a member that lies behind the directory, or says so by zip64, is refused', async () => {
  const bytes = zipFile({ 'a.npy': { content: floats(2, 2) } });
  bytes.writeUInt32LE(bytes.length - 10, bytes.lastIndexOf(directoryEntry) + 42);
  await expect(readNpzTensor(await write(bytes))).rejects.toThrow(/its member "a\.npy" lies outside it/);
  const wide = zipFile({ 'a.npy': { content: floats(2, 2), isWide: true } }, { isWide: true });
  wide.writeBigUInt64LE(2n ** 63n, wide.lastIndexOf(directoryEntry) + 46 + 'a.npy'.length + 4 + 16);
  await expect(readNpzTensor(await write(wide))).rejects.toThrow(/lies outside it/);
});

test('a zip64 directory of more entries than an archive has is refused', async () => {
  const wide = zipFile({ 'a.npy': { content: floats(2, 2) } }, { isWide: true });
  wide.writeBigUInt64LE(2n ** 60n, wide.lastIndexOf(Buffer.of(0x50, 0x4b, 6, 6)) + 32);
  await expect(readNpzTensor(await write(wide))).rejects.toThrow(/must have at most 65535 members/);
});

test('a member that holds more than it says is refused by its checksum, and the rest is never unpacked', async () => {
  const content = Buffer.concat([floats(2, 2), Buffer.alloc(100_000_000)]);
  await expect(readNpzTensor(await write(zipFile({ 'a.npy': { content, isDeflated: true, bytes: floats(2, 2).length } })))).rejects.toThrow(/is damaged: its checksum/);
});

test('text that would take more memory than there is is refused by its number', async () => {
  const names = npyFile(Buffer.alloc(2 ** 25, 97), npyHeader('|S1', [2 ** 25]));
  await expect(readLabels(`${await write(zipFile({ 'y.npy': { content: names, isDeflated: true } }))}#y`)).rejects.toThrow(/must hold at most 16777216 texts .* it holds 33554432/);
});

test('a million empty lines above a label take no time', async () => {
  const path = join(folder, 'y.txt');
  await writeFile(path, `${'\n'.repeat(1_000_000)}x`);
  const started = performance.now();
  await expect(readLabels(path)).rejects.toThrow(/line 1 is empty/);
  expect(performance.now() - started).toBeLessThan(1000);
});

test('a join that leads to itself is refused', async () => {
  const path = join(folder, 'x.join.json');
  await writeTensorJoin(path, { values: path, rows: {} });
  await expect(readTensor(path, { schema: 'any' })).rejects.toThrow(/it must say values, the path of a tensor/);
  for (const content of ['null', '{"values":"x.npy","rows":null}', '{"values":"x.npy","rows":{"y":1}}', '{"values":["x"],"rows":{}}', '[]']) {
    await writeFile(path, content);
    await expect(readTensor(path, { schema: 'any' })).rejects.toThrow(/must be a join/);
  }
});
