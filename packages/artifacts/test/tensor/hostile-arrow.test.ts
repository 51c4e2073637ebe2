import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dictionary, Field, FixedSizeList, Float32, Int8, RecordBatchFileWriter, RecordBatchStreamWriter, Schema, Table, Utf8, makeData, makeVector, vectorFromArray } from 'apache-arrow';
import { readTensorFile, writeTensorFile, type Tensor } from '../../src/index.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-arrow-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const tensor: Tensor = { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2], rows: { name: ['a', 'b', 'c'] }, metadata: { epoch: 1 } };
const values = (rows: number) => vectorFromArray(Array.from({ length: rows }, () => [1, 2]), new FixedSizeList(2, new Field('item', new Float32(), false)));

async function write(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'x.arrow');
  await writeFile(path, bytes);
  return path;
}

async function ours(change: (bytes: Buffer) => void, written = tensor): Promise<string> {
  const path = join(folder, 'made.arrow');
  await rm(path, { force: true });
  await writeTensorFile(path, written);
  const bytes = await readFile(path);
  change(bytes);
  return write(bytes);
}

async function tableFile(columns: { [name: string]: unknown }, metadata?: Map<string, string>): Promise<string> {
  const table = new Table(columns as never);
  const writer = new RecordBatchFileWriter();
  writer.reset(undefined, metadata ? new Schema(table.schema.fields, metadata) : table.schema);
  for (const batch of table.batches) writer.write(batch);
  writer.finish();
  return write(await writer.toUint8Array());
}

/** The footer's list of batches: the last 24 bytes that begin with an offset of the file, found by their metadata's length. */
function batchBlock(bytes: Buffer): number {
  const footerAt = bytes.length - 10 - bytes.readInt32LE(bytes.length - 10);
  for (let at = footerAt; at + 24 <= bytes.length; at += 4) {
    const [offset, metadataBytes] = [Number(bytes.readBigInt64LE(at)), bytes.readInt32LE(at + 8)];
    if (offset >= 8 && offset + metadataBytes < footerAt && metadataBytes > 8 && bytes.readInt32LE(offset) === -1 && bytes.readInt32LE(offset + 4) + 8 === metadataBytes) return at;
  }
  throw new Error('no batch');
}

test('a footer that calls the schema a batch, at which the reader would loop for ever, is refused', async () => {
  const path = await ours((bytes) => {
    const at = batchBlock(bytes);
    bytes.writeBigInt64LE(8n, at);
    bytes.writeInt32LE(bytes.readInt32LE(12) + 8, at + 8);
    bytes.writeBigInt64LE(0n, at + 16);
  });
  await expect(readTensorFile(path)).rejects.toThrow(/must be a whole Arrow IPC file; the batch at byte 8 is not what the footer says/);
});

test.each<[string, (bytes: Buffer, at: number) => void, RegExp]>([
  ['a batch outside the file', (bytes, at) => bytes.writeBigInt64LE(2n ** 60n, at), /lies outside it or over another/],
  ['a batch at a negative place', (bytes, at) => bytes.writeBigInt64LE(-8n, at), /lies outside it or over another/],
  ['a body of 2^62 bytes', (bytes, at) => bytes.writeBigInt64LE(2n ** 62n, at + 16), /lies outside it or over another/],
  ['metadata of 2 GiB', (bytes, at) => bytes.writeInt32LE(0x7fffffff, at + 8), /lies outside it or over another/],
  ['metadata of a negative length', (bytes, at) => bytes.writeInt32LE(-1, at + 8), /lies outside it or over another/],
  ['a body that is shorter than it is', (bytes, at) => bytes.writeBigInt64LE(8n, at + 16), /is not what the footer says/],
])('a footer with %s is refused', async (_, change, message) => {
  await expect(readTensorFile(await ours((bytes) => { change(bytes, batchBlock(bytes)); }))).rejects.toThrow(message);
});

test('a stream of Arrow with the end of a file, and a file without its beginning, are refused', async () => {
  const stream = RecordBatchStreamWriter.writeAll(new Table({ values: values(2) }));
  await expect(readTensorFile(await write(await stream.toUint8Array()))).rejects.toThrow(/does not begin as one/);
  await expect(readTensorFile(await ours((bytes) => { bytes[0] = 0; }))).rejects.toThrow(/does not begin as one/);
});

test.each<[string, unknown]>([
  ['has another product', { shape: [2, 2], metadata: {} }], ['is huge', { shape: [1e18, 1e18], metadata: {} }], ['is negative', { shape: [-3, -2], metadata: {} }], ['is fractional', { shape: [1.5, 4], metadata: {} }],
  ['holds truth values', { shape: [true, 6], metadata: {} }], ['holds texts', { shape: ['3', '2'], metadata: {} }], ['is an object', { shape: { length: 2 }, metadata: {} }], ['is missing', { metadata: {} }], ['is empty', { shape: [], metadata: {} }],
  ['stands beside metadata that are a list', { shape: [3, 2], metadata: [] }], ['stands nowhere', null], ['stands in a number', 5],
])('a tensor whose saved shape %s is refused with the path', async (_, saved) => {
  const path = await tableFile({ values: values(3) }, new Map([['memgeo', JSON.stringify(saved)]]));
  await expect(readTensorFile(path)).rejects.toMatchObject({ name: 'ArtifactError', message: expect.stringMatching(/x\.arrow(: shape must|: data must| must say its metadata)/) as unknown });
});

test('a shape that says -0 rows, or rows longer than any array, is refused', async () => {
  const empty = { ...tensor, data: new Float32Array(0), rows: {} };
  for (const shape of ['[-0,2]', '[0,1e300]', '[0,9007199254740991]', '[0,4294967296,4294967296]']) {
    const path = await tableFile({ values: values(1) }, new Map([['memgeo', `{"shape":${shape},"metadata":{}}`]]));
    await expect(readTensorFile(path)).rejects.toThrow(/shape must be whole numbers with at least 1 element per row|data must have/);
  }
  await expect(writeTensorFile(join(folder, 'y.arrow'), { ...empty, shape: [0, 2 ** 50] })).rejects.toThrow(/shape must be whole numbers/);
});

test('an own key __proto__ in metadata stays a key, and columns of such names stay columns', async () => {
  const path = await tableFile({ values: values(2), ['__proto__']: vectorFromArray(['x', 'y'], new Utf8()), constructor: vectorFromArray(Int32Array.of(1, 2)) }, new Map([['memgeo', '{"shape":[2,2],"metadata":{"__proto__":{"polluted":1}}}']]));
  const { metadata, rows } = await readTensorFile(path);
  expect(Object.keys(metadata)).toEqual(['__proto__']);
  expect(Object.keys(rows)).toContain('constructor');
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('texts that share their bytes, so that a small file holds any amount, are refused', async () => {
  const rows = 1001;
  const bytes = new Uint8Array(1000).fill(97);
  const offsets = Int32Array.from({ length: rows + 1 }, (_, i) => (i % 2 === 0 ? 0 : 1000));
  const text = makeVector(makeData({ type: new Utf8(), length: rows, nullCount: 0, valueOffsets: offsets, data: bytes }));
  await expect(tableFile({ values: values(rows), text }).then(readTensorFile)).rejects.toThrow(/column "text" of .*x\.arrow must have texts inside its 1000 bytes; row 1 of 1001 lies at 1000 to 0/);
});

test('a dictionary whose one long text is named by every row is decoded once, and an index beyond it is refused', async () => {
  const long = 'x'.repeat(1_000_000);
  const column = vectorFromArray(Array.from({ length: 2000 }, () => long), new Dictionary(new Utf8(), new Int8()));
  const started = performance.now();
  const { rows } = await readTensorFile(await tableFile({ values: values(2000), name: column }));
  expect(rows['name']).toHaveLength(2000);
  expect(performance.now() - started).toBeLessThan(2000);
  (column.data[0]!.values as Int8Array)[5] = 9;
  await expect(readTensorFile(await tableFile({ values: values(2000), name: column }))).rejects.toThrow(/must name the 1 entries of its dictionary; row 5 names 9/);
});

test('nulls among the values of a row are refused, not read as numbers', async () => {
  const column = vectorFromArray([[1, null], [3, 4]], new FixedSizeList(2, new Field('item', new Float32(), true)));
  await expect(readTensorFile(await tableFile({ values: column }))).rejects.toThrow(/must have no nulls; it has 1/);
});
