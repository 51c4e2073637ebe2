import { readFileSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Dictionary, Field, FixedSizeList, Float32, Int32, Int8, RecordBatchFileWriter, Table, Utf8, vectorFromArray } from 'apache-arrow';
import { ParquetSchema, ParquetWriter } from 'parquetjs';
import {
  defineTable, digestFolder, digestValue, listNpzTensors, readLabels, readManifest, readTable, readTableFile, readTensor, readTensorSet, verifyArtifact, writeTable, writeTensor, writeTensorFile, writeTensorSet, type Tensor,
} from '../../src/index.js';
import { npyFile, npyHeader, zipFile } from '../tensor/numpy-files.js';

/** A kind of file: a sound one, and what reads a damaged one that lies at a path or replaces a file of an artifact. */
export type Format = {
  readonly original: Buffer;
  /** Puts the bytes where they are read from, and reads them in every way there is. */
  readonly readers: (bytes: Buffer) => Promise<readonly (() => Promise<unknown>)[]>;
  /** Bytes of memory that may be asked for at once, for each byte of the file. */
  readonly expansion: number;
};

const table = defineTable('fuzz@1', {
  layer: { type: 'string', description: '' }, epoch: { type: 'int32', isNullable: true, description: '' }, value: { type: 'float64', isNullable: true, description: '' },
  count: { type: 'int64', description: '' }, isGood: { type: 'boolean', description: '' },
});
const tableRows = Array.from({ length: 12 }, (_, i) => ({ layer: `conv${i % 3}`, epoch: i % 4 === 0 ? null : i, value: i % 5 === 0 ? null : i / 7, count: BigInt(i) ** 9n, isGood: i % 2 === 0 }));
const tensor: Tensor = {
  data: Float32Array.from({ length: 24 }, (_, i) => i / 3), shape: [6, 2, 2],
  rows: { manifold: ['a', 'b', 'a', 'b', 'ccc', ''], exampleId: Int32Array.of(1, 2, 3, 4, 5, 6) }, metadata: { layer: 'conv1', epoch: 4 },
};

/** Makes a sound file of every format that the package reads. */
export async function makeFormats(folder: string): Promise<{ readonly [name: string]: Format }> {
  const golden = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../golden/npy', name));
  const floats = npyFile(Float32Array.from({ length: 12 }, (_, i) => i / 3), npyHeader('<f4', [4, 3]));
  const labels = npyFile(BigInt64Array.of(3n, 1n, 2n, 1n), npyHeader('<i8', [4]));
  const members = { 'acts.npy': { content: floats }, 'y.npy': { content: labels }, 'epoch.npy': { content: npyFile(Int32Array.of(3), npyHeader('<i4', [])) } };
  const deflated = Object.fromEntries(Object.entries(members).map(([name, member]) => [name, { ...member, isDeflated: true, isWide: true }]));
  const file = (name: string, original: Buffer, expansion = 4): Format => {
    const path = join(folder, name);
    return {
      original, expansion,
      readers: async (bytes) => {
        await writeFile(path, bytes);
        if (/csv|txt/.test(name)) return [() => readLabels(path)];
        const read = [() => readTensor(path, { schema: 'any' })];
        if (name.endsWith('.parquet')) return [...read, () => readTableFile(path)];
        if (name.endsWith('.npz')) return [...read, () => readLabels(path), () => listNpzTensors(path)];
        return name.endsWith('.npy') ? [...read, () => readLabels(path)] : read;
      },
    };
  };
  return {
    'f4.npy': file('f4.npy', floats), 'f8.npy': file('f8.npy', golden('fortran-f8.npy')), 'i8.npy': file('i8.npy', golden('big-i8.npy')), 'v3.npy': file('v3.npy', golden('version-3.npy')), 'names.npy': file('names.npy', golden('names-u.npy')),
    'stored.npz': file('stored.npz', zipFile(members)), 'deflated.npz': file('deflated.npz', zipFile(deflated, { isWide: true }), 4 * 1032), 'numpy.npz': file('numpy.npz', golden('objects.npz')),
    'labels.csv': file('labels.csv', Buffer.from('label\ncat\n"dog, big"\n"a ""b"""\nüñí\n')), 'labels.txt': file('labels.txt', Buffer.from('1\n2\n-3\n4\n')),
    'ours.arrow': file('ours.arrow', await ours(folder)), 'foreign.arrow': file('foreign.arrow', foreign()),
    'lists.parquet': file('lists.parquet', readFileSync(join(import.meta.dirname, '../tensor/fixtures/pyarrow-lists.parquet')), 64),
    'gzip.parquet': file('gzip.parquet', await gzipped(folder), 1032),
    ...await artifactFormats(folder),
  };
}

async function ours(folder: string): Promise<Buffer> {
  const path = join(folder, 'made.arrow');
  await writeTensorFile(path, tensor);
  return readFileSync(path);
}

/** Several batches, a dictionary, and a column that is passed over. */
function foreign(): Buffer {
  const ids = Array.from({ length: 8 }, (_, id) => id);
  const whole = new Table({
    name: vectorFromArray(ids.map((id) => (id % 2 === 0 ? 'even' : 'odd')), new Dictionary(new Utf8(), new Int8())),
    values: vectorFromArray(ids.map((id) => [id, -id, id / 2]), new FixedSizeList(3, new Field('item', new Float32(), false))),
    id: vectorFromArray(Int32Array.from(ids)), ratio: vectorFromArray(ids.map((id) => id / 3)), step: vectorFromArray(ids, new Dictionary(new Int32(), new Int32())),
  }).batches[0]!;
  const writer = new RecordBatchFileWriter();
  writer.reset(undefined, whole.schema);
  for (const [first, end] of [[0, 5], [5, 5], [5, 8]]) writer.write(whole.slice(first, end));
  writer.finish();
  return Buffer.from(writer.toUint8Array(true));
}

async function gzipped(folder: string): Promise<Buffer> {
  const path = join(folder, 'made.parquet');
  const writer = await ParquetWriter.openFile(new ParquetSchema({ values: { type: 'DOUBLE', repeated: true, compression: 'GZIP' }, name: { type: 'UTF8', optional: true, compression: 'BROTLI' }, more: { type: 'JSON', optional: true, compression: 'UNCOMPRESSED' } }), path);
  for (let i = 0; i < 10; i++) await writer.appendRow({ values: [i, 1, 2], name: `n${i}`, ...(i % 2 === 0 ? { more: { i } } : {}) });
  await writer.close();
  return readFileSync(path);
}

/** Writes a manifest that fits the files, as anyone can; `sealArtifact` would wait for the disk. */
async function reseal(folder: string, kind: string, schema: string): Promise<void> {
  await rm(join(folder, 'artifact.json'));
  const files = await digestFolder(folder);
  const digest = digestValue({ kind, schema, files: files.map(({ path, bytes, sha256 }) => [path, bytes, sha256]) });
  await writeFile(join(folder, 'artifact.json'), JSON.stringify({ format: 1, kind, schema, digest, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), files, summary: {} }));
}

/** Files inside artifacts: manifests damaged as they are; payloads damaged and sealed again, as by someone who means it. */
async function artifactFormats(folder: string): Promise<{ [name: string]: Format }> {
  const sound = join(folder, 'sound');
  const copy = join(folder, 'copy');
  await writeTable(join(sound, 'table'), table, tableRows);
  await writeTensor(join(sound, 'tensor'), tensor, { schema: 's@1' });
  await writeTensorSet(join(sound, 'set'), { tensors: new Map([['kernel', { ...tensor, rows: {} }], ['bias', { ...tensor, rows: {} }]]), metadata: { epoch: 3 } }, { schema: 'c@1' });
  await mkdir(copy);
  const renew = async (name: string, inner: string, bytes: Buffer): Promise<string> => {
    await rm(join(copy, name), { recursive: true, force: true });
    await cp(join(sound, name), join(copy, name), { recursive: true });
    await writeFile(join(copy, name, inner), bytes);
    return join(copy, name);
  };
  return {
    'artifact.json': {
      original: readFileSync(join(sound, 'tensor/artifact.json')), expansion: 8,
      readers: async (bytes) => {
        const path = await renew('tensor', 'artifact.json', bytes);
        return [() => readManifest(path), () => verifyArtifact(path), () => readTensor(path, { schema: 's@1' })];
      },
    },
    'metadata.json': {
      original: readFileSync(join(sound, 'set/metadata.json')), expansion: 64,
      readers: async (bytes) => {
        const path = await renew('set', 'metadata.json', bytes);
        await reseal(path, 'tensor-set', 'c@1');
        return [() => readTensorSet(path, { schema: 'c@1' })];
      },
    },
    'table.parquet': {
      original: readFileSync(join(sound, 'table/table.parquet')), expansion: 64,
      readers: async (bytes) => {
        const path = await renew('table', 'table.parquet', bytes);
        await reseal(path, 'table', table.schema);
        return [() => readTable(path, table)];
      },
    },
  };
}
