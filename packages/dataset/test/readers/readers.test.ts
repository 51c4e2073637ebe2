import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { encode as encodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import { pack } from 'tar-stream';
import { readCifar, readIdxFolder, readImageFolder } from '../../src/index.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-readers-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const idx = (shape: number[], values: number[]) => {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(0x0800 + shape.length, 0);
  shape.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, Buffer.from(values)]);
};

describe('readIdxFolder()', () => {
  const images = idx([2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  const write = (name: string, bytes: Buffer) => writeFile(join(folder, name), bytes);
  beforeEach(async () => {
    await write('train-images-idx3-ubyte.gz', gzipSync(images));
    await write('train-labels-idx1-ubyte', idx([2], [1, 0]));
    await write('t10k-images.idx3-ubyte', images);
    await write('t10k-labels-idx1-ubyte.gz', gzipSync(idx([2], [0, 1])));
  });

  test('reads packed and plain files under both spellings', async () => {
    const set = await readIdxFolder(folder);
    expect(set).toMatchObject({ height: 2, width: 3, channels: 1, classNames: ['0', '1'] });
    expect([...set.train.data]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect([...set.train.labels]).toEqual([1, 0]);
  });

  test.each([
    ['t10k-images.idx3-ubyte', images.subarray(0, 20), /t10k-images\.idx3-ubyte, offset 16: 12 bytes are expected for shape \(2, 2, 3\); 4 follow/],
    ['train-labels-idx1-ubyte', images, /train-labels-idx1-ubyte, offset 0: 0x00000801 is expected.*got 0x00000803/],
    ['train-labels-idx1-ubyte', idx([3], [0, 1, 1]), /offset 4: 2 labels are expected.*got 3/],
    ['train-images-idx3-ubyte.gz', gzipSync(images).subarray(0, 25), /must be a whole gzip file of 25 bytes/],
    ['t10k-labels-idx1-ubyte.gz', gzipSync(idx([2], [0, 7])), /entry 1: a label must be between 0 and 1; got 7/],
  ])('names file, offset and expectation when %s is wrong', async (name, bytes, message) => {
    await write(name, bytes);
    await expect(readIdxFolder(folder)).rejects.toThrow(message);
  });

  test('names a missing file', async () => {
    await rm(join(folder, 'train-labels-idx1-ubyte'));
    await expect(readIdxFolder(folder)).rejects.toThrow(/train-labels-idx1-ubyte is missing/);
  });
});

describe('readCifar()', () => {
  // A record whose pixel p of channel c has the value (p + 7 c + shift) mod 256.
  const planes = (shift: number) => Buffer.from(Array.from({ length: 3072 }, (_, i) => ((i % 1024) + 7 * Math.floor(i / 1024) + shift) % 256));
  const cifar10 = () => ({
    'batches.meta.txt': Buffer.from('airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n'),
    ...Object.fromEntries([1, 2, 3, 4, 5].map((i) => [`data_batch_${i}.bin`, Buffer.concat([Buffer.of(i), planes(i), Buffer.of(9), planes(2 * i)])])),
    'test_batch.bin': Buffer.concat([Buffer.of(3), planes(50)]),
  }) as { [name: string]: Buffer };
  const cifar100 = () => ({
    'fine_label_names.txt': Buffer.from(Array.from({ length: 100 }, (_, i) => `fine${i}`).join('\n')),
    'coarse_label_names.txt': Buffer.from(Array.from({ length: 20 }, (_, i) => `coarse${i}`).join('\n')),
    'train.bin': Buffer.concat([Buffer.of(4, 77), planes(1)]),
    'test.bin': Buffer.concat([Buffer.of(19, 99), planes(2)]),
  }) as { [name: string]: Buffer };
  const store = async (files: { [name: string]: Buffer }) => { for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes); };

  test('turns planes of CIFAR-10 into channels last', async () => {
    await store(cifar10());
    const set = await readCifar(folder, { kind: 'cifar10' });
    expect(set).toMatchObject({ height: 32, width: 32, channels: 3 });
    expect([...set.train.labels]).toEqual([1, 9, 2, 9, 3, 9, 4, 9, 5, 9]);
    expect([...set.train.data.subarray(0, 6)]).toEqual([1, 8, 15, 2, 9, 16]);
    expect([...set.test!.data.subarray(3 * 1023)]).toEqual([(1023 + 50) % 256, (1023 + 57) % 256, (1023 + 64) % 256]);
  });

  test('reads fine and coarse labels of CIFAR-100, from the archive', async () => {
    const archive = pack();
    for (const [name, bytes] of Object.entries(cifar100())) archive.entry({ name: `cifar-100-binary/${name}` }, bytes);
    archive.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of archive) chunks.push(chunk as Buffer);
    const path = join(folder, 'cifar-100-binary.tar.gz');
    await writeFile(path, gzipSync(Buffer.concat(chunks)));
    const fine = await readCifar(path, { kind: 'cifar100' });
    const coarse = await readCifar(path, { kind: 'cifar100', labels: 'coarse' });
    expect([fine.classNames[fine.train.labels[0]!], coarse.classNames[coarse.train.labels[0]!]]).toEqual(['fine77', 'coarse4']);
  });

  test.each([
    ['data_batch_3.bin', (bytes: Buffer) => bytes.subarray(0, 4000), /data_batch_3\.bin, offset 3073: a record of 3073 bytes is expected; 927 are left/],
    ['test_batch.bin', (bytes: Buffer) => Buffer.concat([Buffer.of(12), bytes.subarray(1)]), /test_batch\.bin, offset 0: a label must be between 0 and 9; got 12/],
    ['batches.meta.txt', () => Buffer.from('cat\n'), /10 names of classes are expected; got 1/],
  ])('names file, offset and expectation when %s is wrong', async (name, change, message) => {
    const files = cifar10();
    await store({ ...files, [name]: change(files[name]!) });
    await expect(readCifar(folder, { kind: 'cifar10' })).rejects.toThrow(message);
  });

  test('says which file is missing from an archive of the wrong kind', async () => {
    await store(cifar100());
    await expect(readCifar(folder, { kind: 'cifar10' })).rejects.toThrow(/must hold batches\.meta\.txt; it holds coarse_label_names\.txt/);
    await expect(readCifar(join(folder, 'none'), { kind: 'cifar10' })).rejects.toThrow(/can't be read/);
  });
});

describe('readImageFolder()', () => {
  const png = (red: number, size = 4) => { const image = new PNG({ width: size, height: size }); for (let i = 0; i < size * size; i++) image.data.set([red, 10, 20, 255], 4 * i); return PNG.sync.write(image); };
  const jpeg = (level: number) => encodeJpeg({ width: 4, height: 4, data: Buffer.alloc(64, level) }, 95).data;
  const put = async (path: string, bytes: Buffer | string) => { await mkdir(join(folder, path, '..'), { recursive: true }); await writeFile(join(folder, path), bytes); };

  test('reads train and test folders of PNG and JPEG, in color and in grey', async () => {
    await put('train/cat/1.png', png(40));
    await put('train/dog/1.jpg', jpeg(200));
    await put('test/cat/9.png', png(100));
    await put('test/dog/9.png', png(101));
    const set = await readImageFolder(folder, { channels: 3 });
    expect(set).toMatchObject({ height: 4, width: 4, classNames: ['cat', 'dog'] });
    expect([...set.train.data.subarray(0, 3)]).toEqual([40, 10, 20]);
    expect(Math.abs(set.train.data[48]! - 200)).toBeLessThan(4);
    expect([...set.test!.labels]).toEqual([0, 1]);
    expect((await readImageFolder(folder, { channels: 1 })).train.data[0]).toBe(Math.round(70 / 3));
  });

  test("reads Tiny ImageNet's layout", async () => {
    for (const name of ['n01', 'n02']) await put(`train/${name}/images/${name}_0.JPEG`, jpeg(90));
    await put('val/images/val_0.JPEG', jpeg(90));
    await put('val/val_annotations.txt', 'val_0.JPEG\tn02\t0\t0\t3\t3\n');
    await put('test/images/test_0.JPEG', jpeg(90));
    expect([...(await readImageFolder(folder, { channels: 3 })).test!.labels]).toEqual([1]);
    await put('val/val_annotations.txt', 'val_0.JPEG\tn07\t0\n');
    await expect(readImageFolder(folder, { channels: 3 })).rejects.toThrow(/val_annotations\.txt, line 1: a class of the training images is expected; got "n07"/);
  });

  test('names the image that is damaged or of another size', async () => {
    await put('cat/1.png', png(1));
    await put('dog/1.png', png(1, 5));
    await expect(readImageFolder(folder, { channels: 3 })).rejects.toThrow(/dog\/1\.png must be 4 x 4 pixels, as .*cat\/1\.png is; it is 5 x 5/);
    await put('dog/1.png', png(1).subarray(0, 40));
    await expect(readImageFolder(folder, { channels: 3 })).rejects.toThrow(/dog\/1\.png must be a whole PNG image/);
  });
});
