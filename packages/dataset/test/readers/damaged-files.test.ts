import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { writeTensorFile } from '@memgeo/artifacts';
import { encode as encodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import { pack } from 'tar-stream';
import { DataFileError, readCifar, readIdxFolder, readImageFolder } from '../../src/index.js';
import { readTensorSet } from '../../src/stages/read-tensor-set.js';
import { mutate, seededRandom } from './mutate.js';

const count = Number(process.env.MEMGEO_FUZZ_FILES ?? 100);

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-damaged-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const put = async (path: string, bytes: Buffer | string): Promise<void> => {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), bytes);
};
const idx = (shape: number[], values: Uint8Array): Buffer => {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(0x0800 + shape.length, 0);
  shape.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, values]);
};
const png = (): Buffer => { const image = new PNG({ width: 6, height: 6 }); for (let i = 0; i < image.data.length; i++) image.data[i] = (i * 37) % 256; return PNG.sync.write(image); };
const jpeg = (): Buffer => encodeJpeg({ width: 8, height: 8, data: Buffer.from(Array.from({ length: 256 }, (_, i) => (i * 37) % 256)) }, 90).data;
const tar = async (files: readonly (readonly [string, Buffer])[]): Promise<Buffer> => {
  const archive = pack();
  for (const [name, bytes] of files) archive.entry({ name }, bytes);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};
const cifar = [
  ['c/fine_label_names.txt', Buffer.from(Array.from({ length: 100 }, (_, i) => `fine${i}`).join('\n'))], ['c/train.bin', Buffer.concat([Buffer.of(4, 77), Buffer.alloc(3072, 5)])], ['c/test.bin', Buffer.concat([Buffer.of(19, 99), Buffer.alloc(3072, 6)])],
] as const;

const formats: { readonly [name: string]: { readonly original: () => Buffer | Promise<Buffer>; readonly read: (bytes: Buffer) => Promise<unknown> } } = {
  'an IDX file': { original: () => idx([3, 4, 4], new Uint8Array(48).fill(9)), read: async (bytes) => { await idxFolder({ 'train-images-idx3-ubyte': bytes }); return readIdxFolder(folder); } },
  'a gzipped IDX file': { original: () => gzipSync(idx([3, 4, 4], new Uint8Array(48).map((_, i) => i * 5))), read: async (bytes) => { await idxFolder({ 'train-images-idx3-ubyte': bytes }); return readIdxFolder(folder); } },
  'labels of IDX': { original: () => idx([3], Uint8Array.of(0, 1, 1)), read: async (bytes) => { await idxFolder({ 'train-labels-idx1-ubyte': bytes }); return readIdxFolder(folder); } },
  'a description of a data set': { original: () => Buffer.from('{"classNames":["a","b"],"license":"x"}'), read: async (bytes) => { await idxFolder({ 'dataset.json': bytes }); return readIdxFolder(folder); } },
  'an archive of CIFAR': { original: () => tar(cifar), read: async (bytes) => { await put('c.tar', bytes); return readCifar(join(folder, 'c.tar'), { kind: 'cifar100' }); } },
  'a gzipped archive of CIFAR': { original: async () => gzipSync(await tar(cifar)), read: async (bytes) => { await put('c.tar.gz', bytes); return readCifar(join(folder, 'c.tar.gz'), { kind: 'cifar100' }); } },
  'a PNG image': { original: png, read: async (bytes) => { await put('a/1.png', bytes); await put('b/1.png', png()); return readImageFolder(folder, { channels: 3 }); } },
  'a JPEG image': { original: jpeg, read: async (bytes) => { await put('a/1.jpg', bytes); await put('b/1.jpg', jpeg()); return readImageFolder(folder, { channels: 1 }); } },
};

async function idxFolder(changed: { readonly [name: string]: Buffer }): Promise<void> {
  const files = { 'train-images-idx3-ubyte': idx([3, 4, 4], new Uint8Array(48)), 'train-labels-idx1-ubyte': idx([3], Uint8Array.of(0, 1, 1)), 't10k-images-idx3-ubyte': idx([1, 4, 4], new Uint8Array(16)), 't10k-labels-idx1-ubyte': idx([1], Uint8Array.of(0)), ...changed };
  for (const [name, bytes] of Object.entries(files)) await put(name, bytes);
}

test.each(Object.keys(formats))(`whatever ${count} mutations do to %s, reading it works or gives one clear DataFileError, in time`, async (name) => {
  const original = await formats[name]!.original();
  let [tried, read, refused] = [0, 0, 0];
  for (; tried < count; tried++) {
    const started = performance.now();
    try {
      await formats[name]!.read(mutate(original, seededRandom(5_000_000 + tried)));
      read++;
    } catch (cause) {
      if (!(cause instanceof DataFileError)) throw new Error(`mutation ${tried}`, { cause });
      expect(cause.message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      expect(cause.message).toContain(folder);
      refused++;
    }
    expect(performance.now() - started).toBeLessThan(5000);
  }
  expect(tried).toBe(count);
  expect(read + refused).toBe(count);
  expect(refused).toBeGreaterThan(count / 10);
}, 600_000);

describe('a file that unpacks to more than it should is refused before memory is taken:', () => {
  test('gzipped IDX with more bytes than its header says', async () => {
    await idxFolder({ 'train-images-idx3-ubyte': gzipSync(Buffer.concat([idx([3, 4, 4], new Uint8Array(48)), Buffer.alloc(200_000_000)])) });
    await expect(readIdxFolder(folder)).rejects.toThrow(/must unpack to at most 64 bytes; it holds more/);
  });

  test('gzipped IDX whose header says more than deflate can', async () => {
    await idxFolder({ 'train-images-idx3-ubyte': gzipSync(idx([0xffffffff, 0xffff, 0xffff], new Uint8Array(48))) });
    await expect(readIdxFolder(folder)).rejects.toThrow(/bytes can't unpack to the \d{20} that the header says/);
  });

  test('a gzipped archive of 1 GB of zeros', async () => {
    await put('c.tar.gz', Buffer.concat(Array.from({ length: 4 }, () => gzipSync(Buffer.alloc(2 ** 28)))));
    await expect(readCifar(join(folder, 'c.tar.gz'), { kind: 'cifar10' })).rejects.toThrow(/must unpack to at most 536870912 bytes; it holds more/);
  });

  test('an image of four billion pixels on each side', async () => {
    const huge = png();
    huge.writeUInt32BE(0xffffffff, 16);
    huge.writeUInt32BE(0xffffffff, 20);
    await put('a/1.png', huge);
    await put('b/1.png', png());
    await expect(readImageFolder(folder, { channels: 3 })).rejects.toThrow(/must have at most 16777216 pixels; it says 4294967295 x 4294967295/);
  });
});

test('an archive that holds a file twice is refused, and paths in it lead nowhere', async () => {
  await put('c.tar', await tar([...cifar, ['../../train.bin', Buffer.alloc(3074)]]));
  await expect(readCifar(join(folder, 'c.tar'), { kind: 'cifar100' })).rejects.toThrow(/must hold each file once; it holds train\.bin twice/);
});

test('annotations can not name an image outside their folder', async () => {
  for (const name of ['n01', 'n02']) await put(`train/${name}/1.png`, png());
  await put('val/images/x.png', png());
  for (const name of ['../../train/n01/1.png', '/etc/passwd', 'a/b.png', 'a\u0000.png', '..']) {
    await put('val/val_annotations.txt', `${name}\tn01\n`);
    await expect(readImageFolder(folder, { channels: 3 })).rejects.toThrow(/line 1: the name of an image beside it is expected/);
  }
});

test('a named pipe in place of a data file is refused at once, not waited for', async () => {
  await idxFolder({});
  await rm(join(folder, 't10k-labels-idx1-ubyte'));
  execFileSync('mkfifo', [join(folder, 't10k-labels-idx1-ubyte')]);
  await expect(readIdxFolder(folder)).rejects.toThrow(/must be a regular file; it is a pipe/);
});

test('a label of two billion does not make two billion classes', async () => {
  await writeTensorFile(join(folder, 'x.arrow'), { data: new Float32Array(4), shape: [2, 2], rows: { label: Int32Array.of(0, 0x7fffffff) }, metadata: {} });
  await expect(readTensorSet(join(folder, 'x.arrow'), { shape: [1, 2, 1] })).rejects.toThrow(/labels must be below 65536; row 1 has 2147483647/);
});

test('a size that is no number is refused', async () => {
  await writeTensorFile(join(folder, 'x.arrow'), { data: new Float32Array(4), shape: [2, 2], rows: { label: Int32Array.of(0, 1) }, metadata: { height: '2', width: true, channels: 1 } });
  await expect(readTensorSet(join(folder, 'x.arrow'), {})).rejects.toThrow(/height x width x channels must be the 2 values of a row/);
});

test('a class name that would drive a terminal is shown, not sent', async () => {
  await idxFolder({ 'dataset.json': Buffer.from('{"classNames":["\\u001b[2J","\\u001b[2J"]}') });
  await expect(readIdxFolder(folder)).rejects.toThrow(/classNames, a list of names that differ/);
  const error = new DataFileError('class "\u001b]0;owned\u0007"');
  expect(error.message).toBe('class "\\u001b]0;owned\\u0007"');
});
