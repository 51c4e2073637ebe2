import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { activationsSchema, readLabels, readTensor, writeTensor, writeTensorFile, writeTensorJoin } from '../../src/index.js';
import { npyFile, npyHeader, zipFile } from './numpy-files.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-labels-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

async function write(name: string, content: string | Buffer): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

test.each([
  ['numbers', 'l.txt', '3\n-1\n0\n', Int32Array.of(3, -1, 0)],
  ['numbers below a heading', 'l.csv', 'label\n3\n1\n', Int32Array.of(3, 1)],
  ['numbers below any name', 'l.csv', 'species\r\n3\r\n1\r\n', Int32Array.of(3, 1)],
  ['numbers as numpy.savetxt writes them with fmt %.1f', 'l.txt', '3.0\n1.0', Int32Array.of(3, 1)],
  ['names', 'l.txt', 'cat\ndog, large\n', ['cat', 'dog, large']],
  ['names below a heading', 'l.csv', 'Class\ncat\ndog\n', ['cat', 'dog']],
  ['names in quotes', 'l.csv', '"cat, small"\n"a ""b"""\n', ['cat, small', 'a "b"']],
  ['one name', 'l.txt', 'cat', ['cat']],
  ['numbers too large for 32 bits, as names', 'l.txt', '9999999999\n1\n', ['9999999999', '1']],
])('a text file of %s is read', async (_, name, text, expected) => {
  expect(await readLabels(await write(name, text))).toEqual(expected);
});

test('labels are read from a member of a .npz file, the one that is meant or the one that is named', async () => {
  const column = (...values: number[]): { content: Buffer } => ({ content: npyFile(Int32Array.from(values), npyHeader('<i4', [values.length])) });
  const path = await write('l.npz', zipFile({ 'fine.npy': column(1, 2, 3), 'labels.npy': column(4, 5, 6) }));
  expect(await readLabels(path)).toEqual(Int32Array.of(4, 5, 6));
  expect(await readLabels(`${path}#fine`)).toEqual(Int32Array.of(1, 2, 3));
  await expect(readLabels(`${path}#coarse`)).rejects.toThrow(/has no member "coarse"; it holds fine \(3\), labels \(3\)/);
  await expect(readLabels(await write('m.npz', zipFile({ 'a.npy': column(1), 'b.npy': column(2) })))).rejects.toThrow(/must hold labels as manifold, labels, label, targets, y, or one array/);
});

test.each([
  ['an empty line', 'l.txt', 'cat\n\ndog\n', /line 2 is empty/],
  ['nothing', 'l.txt', '', /line 1 is empty/],
  ['two columns', 'l.csv', 'id,label\n1,cat\n', /must have one column; line 1 is "id,label"\. Keep the labels alone/],
  ['bytes that are no text', 'l.txt', Buffer.of(0x63, 0xff), /l\.txt can't be read/],
  ['another format', 'l.xlsx', '', /must be a \.npy, \.npz, \.csv or \.txt file; got .*l\.xlsx/],
  ['an array of two axes', 'l.npy', npyFile(new Int32Array(4), npyHeader('<i4', [2, 2])), /must have the shape \(rows\), one label per row; it has \(2, 2\)/],
  ['fractions', 'l.npy', npyFile(Float64Array.of(1, 0.5), npyHeader('<f8', [2])), /row 1 is 0\.5/],
  ['numbers too large', 'l.npy', npyFile(BigInt64Array.of(1n, 2n ** 31n), npyHeader('<i8', [2])), /must hold text, or whole numbers that fit 32 bits; row 1 is 2147483648/],
])('labels of %s are refused', async (_, name, content, message) => {
  await expect(readLabels(await write(name, content))).rejects.toThrow(message);
});

test('a join gives a tensor the columns of other files, in place of its own', async () => {
  await writeTensorFile(join(folder, 'x.arrow'), { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2], rows: { manifold: ['a', 'b'], id: Int32Array.of(7, 8) }, metadata: { epoch: 1 } });
  await writeTensorJoin(join(folder, 'x.join.json'), { values: join(folder, 'x.arrow'), rows: { manifold: await write('l.txt', '5\n6\n') } });
  expect(await readTensor(join(folder, 'x.join.json'), { schema: 'any' }))
    .toEqual({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2], rows: { manifold: Int32Array.of(5, 6), id: Int32Array.of(7, 8) }, metadata: { epoch: 1 } });
});

test('a join of an artifact checks its schema', async () => {
  await writeTensor(join(folder, 'a'), { data: Float32Array.of(1), shape: [1, 1], rows: {}, metadata: {} }, { schema: 'other@1' });
  await writeTensorJoin(join(folder, 'x.join.json'), { values: join(folder, 'a'), rows: {} });
  await expect(readTensor(join(folder, 'x.join.json'), { schema: activationsSchema })).rejects.toThrow(/of schema activations@1/);
});

test('labels of another length than the tensor are refused with both lengths', async () => {
  await writeFile(join(folder, 'x.npy'), npyFile(new Float32Array(6), npyHeader('<f4', [3, 2])));
  await writeTensorJoin(join(folder, 'x.join.json'), { values: join(folder, 'x.npy'), rows: { manifold: await write('l.txt', '5\n6\n') } });
  await expect(readTensor(join(folder, 'x.join.json'), { schema: 'any' })).rejects.toThrow(/l\.txt must have a label for each of the 3 rows of .*x\.npy, in their order; it has 2/);
});
