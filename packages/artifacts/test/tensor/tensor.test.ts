import { constants } from 'node:buffer';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Dictionary, Field, FixedSizeList, Float32, Float64, Int32, RecordBatchFileWriter, Table, Utf8, tableToIPC, vectorFromArray } from 'apache-arrow';
import { readTensor, readTensorFile, readTensorSet, verifyArtifact, writeTensor, writeTensorFile, writeTensorSet, type Tensor } from '../../src/index.js';
import { sharedValues } from '../../src/tensor/shared-values.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-tensor-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const features: Tensor = {
  data: Float32Array.of(1, -0, Number.NaN, Number.POSITIVE_INFINITY, 1e-40, 6),
  shape: [3, 2],
  rows: { exampleId: Int32Array.of(7, 8, 9), set: ['test', 'permuted', ''] },
  metadata: { layer: 'conv1.relu', epoch: 4, unit: null },
};

test('readTensor() returns what writeTensor() was given, bit for bit', async () => {
  await writeTensor(join(folder, 'a'), features, { schema: 'activations@1' });
  const read = await readTensor(join(folder, 'a'), { schema: 'activations@1' });
  expect(new Uint32Array(read.data.buffer.slice(read.data.byteOffset, read.data.byteOffset + 24))).toEqual(new Uint32Array(features.data.buffer as ArrayBuffer));
  expect({ ...read, data: 0, rows: { exampleId: [...(read.rows['exampleId'] as Int32Array)], set: read.rows['set'] } })
    .toEqual({ ...features, data: 0, rows: { exampleId: [7, 8, 9], set: ['test', 'permuted', ''] } });
});

test('a uint8 tensor with more than two axes survives the round trip', async () => {
  const images: Tensor = { data: Uint8Array.from({ length: 24 }, (_, i) => i * 10), shape: [2, 3, 4], rows: {}, metadata: {} };
  await writeTensorFile(join(folder, 'x.arrow'), images);
  const read = await readTensorFile(join(folder, 'x.arrow'));
  expect([...read.data]).toEqual([...images.data]);
  expect(read.shape).toEqual([2, 3, 4]);
});

test('an empty tensor survives the round trip', async () => {
  await writeTensorFile(join(folder, 'x.arrow'), { data: new Float32Array(0), shape: [0, 5], rows: { set: [] }, metadata: {} });
  expect(await readTensorFile(join(folder, 'x.arrow'))).toMatchObject({ shape: [0, 5], rows: { set: [] } });
});

test('a tensor of several record batches is put together in order', async () => {
  const columns = 4096;
  const data = new Float32Array(columns * 4100).map((_, i) => i % 65536);
  await writeTensorFile(join(folder, 'x.arrow'), { data, shape: [4100, columns], rows: { id: Int32Array.from({ length: 4100 }, (_, i) => i) }, metadata: {} });
  const read = await readTensorFile(join(folder, 'x.arrow'));
  expect(Buffer.compare(Buffer.from(read.data.buffer, read.data.byteOffset, read.data.byteLength), Buffer.from(data.buffer))).toBe(0);
  expect((read.rows['id'] as Int32Array)[4099]).toBe(4099);
});

test('readTensorFile() reads a file that another program wrote', async () => {
  const values = vectorFromArray([[1, 2], [3, 4]], new FixedSizeList(2, new Field('item', new Float32(), false)));
  const table = new Table({ features: values, manifold: vectorFromArray(Int32Array.of(0, 1)), label: vectorFromArray(['cat', 'dog'], new Utf8()), confidence: vectorFromArray([0.5, 0.25]) });
  await writeFile(join(folder, 'foreign.arrow'), tableToIPC(table, 'file'));
  const { data, shape, rows } = await readTensor(join(folder, 'foreign.arrow'), { schema: 'activations@1' });
  expect([[...data], shape, Object.keys(rows)]).toEqual([[1, 2, 3, 4], [2, 2], ['manifold', 'label']]);
  expect([...rows['manifold'] as Int32Array, rows['label']]).toEqual([0, 1, ['cat', 'dog']]);
});

test('batches of any size, empty ones too, give values and columns in order, also columns of a dictionary beside the values', async () => {
  const ids = Array.from({ length: 10 }, (_, id) => id);
  const names = ids.map((id) => (id % 2 === 0 ? 'even' : 'odd'));
  const whole = new Table({
    name: vectorFromArray(names, new Dictionary(new Utf8(), new Int32())),
    values: vectorFromArray(ids.map((id) => [id, -id, id / 2]), new FixedSizeList(3, new Field('item', new Float32(), false))),
    id: vectorFromArray(Int32Array.from(ids)),
  }).batches[0]!;
  const writer = new RecordBatchFileWriter();
  writer.reset(undefined, whole.schema);
  for (const [first, end] of [[0, 0], [0, 5], [5, 5], [5, 5], [5, 6], [6, 10], [10, 10]]) writer.write(whole.slice(first, end));
  writer.finish();
  await writeFile(join(folder, 'x.arrow'), await writer.toUint8Array());
  const { data, shape, rows } = await readTensorFile(join(folder, 'x.arrow'));
  expect(shape).toEqual([10, 3]);
  expect([...data]).toEqual(ids.flatMap((id) => [id, -id, id / 2]));
  expect([rows['name'], [...rows['id'] as Int32Array]]).toEqual([names, ids]);
});

test('values are read into memory that worker threads share', async () => {
  await writeTensorFile(join(folder, 'x.arrow'), features);
  expect((await readTensorFile(join(folder, 'x.arrow'))).data.buffer).toBeInstanceOf(SharedArrayBuffer);
});

test('a tensor of more values than an array holds is refused with the limit and what to do', () => {
  expect(() => sharedValues('float32', constants.MAX_LENGTH + 1, { path: 'huge.npy' })).toThrow(`huge.npy must have at most ${constants.MAX_LENGTH} values`);
  expect(() => sharedValues('uint8', 2 ** 52, { path: 'huge.npy' })).toThrow(/Split the file, as by layer, or project/);
});

test('the same tensor gives the same digest, another value another one', async () => {
  const a = await writeTensor(join(folder, 'a'), features, { schema: 's@1' });
  const b = await writeTensor(join(folder, 'b'), features, { schema: 's@1' });
  const c = await writeTensor(join(folder, 'c'), { ...features, metadata: { layer: 'conv2.relu' } }, { schema: 's@1' });
  expect(b.digest).toBe(a.digest);
  expect(c.digest).not.toBe(a.digest);
});

test('readTensorSet() returns tensors in their order, with metadata', async () => {
  const tensor = (value: number): Tensor => ({ data: Float32Array.of(value), shape: [1], rows: {}, metadata: {} });
  await writeTensorSet(join(folder, 's'), { tensors: new Map([['z.kernel', tensor(1)], ['a.bias', tensor(2)]]), metadata: { epoch: 3 } }, { schema: 'checkpoint@1' });
  const set = await readTensorSet(join(folder, 's'), { schema: 'checkpoint@1' });
  expect([...set.tensors].map(([name, { data }]) => [name, data[0]])).toEqual([['z.kernel', 1], ['a.bias', 2]]);
  expect(set.metadata).toEqual({ epoch: 3 });
});

test.each([
  ['altered', async (file: string) => { const bytes = await readFile(file); bytes[bytes.length >> 1]! ^= 1; await writeFile(file, bytes); }, /has changed since it was written/],
  ['cut short', (file: string) => truncate(file, 100), /must have \d+ bytes; it has 100/],
  ['missing', (file: string) => rm(file), /tensor\.arrow is missing/],
])('a file that is %s is refused by name', async (_, damage, message) => {
  await writeTensor(join(folder, 'a'), features, { schema: 's@1' });
  await damage(join(folder, 'a', 'tensor.arrow'));
  await expect(verifyArtifact(join(folder, 'a'))).rejects.toThrow(message);
  await expect(readTensor(join(folder, 'a'), { schema: 's@1' })).rejects.toThrow(message);
});

test('an artifact of another schema is refused', async () => {
  await writeTensor(join(folder, 'a'), features, { schema: 's@1' });
  await expect(readTensor(join(folder, 'a'), { schema: 's@2' })).rejects.toThrow(/must be a tensor artifact of schema s@2; it is a tensor of schema s@1/);
});

test('a foreign file cut in half is refused with its name', async () => {
  await writeTensorFile(join(folder, 'x.arrow'), features);
  await truncate(join(folder, 'x.arrow'), 300);
  await expect(readTensorFile(join(folder, 'x.arrow'))).rejects.toThrow(/x\.arrow must be a whole Arrow IPC file/);
});

test('a file without a list of float32 or uint8 is refused with its columns', async () => {
  await writeFile(join(folder, 'x.arrow'), tableToIPC(new Table({ y: vectorFromArray([1.5], new Float64()) }), 'file'));
  await expect(readTensorFile(join(folder, 'x.arrow'))).rejects.toThrow(/columns: y: Float64/);
});

test('writeTensor() refuses data that do not fit the shape', async () => {
  await expect(writeTensor(join(folder, 'a'), { ...features, shape: [2, 2] }, { schema: 's@1' })).rejects.toThrow(/data must have 4 elements for shape \(2, 2\); got 6/);
  await expect(writeTensor(join(folder, 'b'), { ...features, rows: { set: ['x'] } }, { schema: 's@1' })).rejects.toThrow(/row column "set" must have 3 entries/);
});

test('a Parquet file of lists that pyarrow wrote is read as a tensor with its row columns', async () => {
  // pyarrow 26: values list<float>, label int64, name string, w double (passed over).
  const tensor = await readTensor(fileURLToPath(new URL('./fixtures/pyarrow-lists.parquet', import.meta.url)), { schema: 'any' });
  expect(tensor).toEqual({ data: Float32Array.of(1.5, 2, 3, 4, 5, 6.25), shape: [2, 3], rows: { label: Int32Array.of(1, 0), name: ['a', 'b'] }, metadata: {} });
});
