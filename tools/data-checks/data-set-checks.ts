import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readManifest, readSplit, sha256 } from '../idx/data-set.js';
import type { Check } from '../run-checks.js';
import { expectEqual, expectNone } from './expect.js';

/** What a data set may occupy in the repository. */
const mostBytes = 5_000_000;

/** The checks that hold for every data set; a check reads what it needs when it runs. */
export function checksOfDataSet(folder: string): Check[] {
  const name = basename(folder);
  return [
    { title: `${name}: dataset.json has every field`, run: () => checkFields(folder) },
    { title: `${name}: the files are those of dataset.json, byte for byte`, run: () => checkDigests(folder) },
    { title: `${name}: shapes and counts are those of dataset.json`, run: () => checkShapes(folder) },
    { title: `${name}: each class occurs equally often in each split`, run: () => checkBalance(folder) },
    { title: `${name}: no image is blank`, run: () => checkInk(folder) },
    { title: `${name}: at most ${mostBytes / 1e6} MB`, run: () => checkSize(folder) },
  ];
}

function checkFields(folder: string): void {
  const manifest: Record<string, unknown> = readManifest(folder);
  const texts = ['name', 'title', 'description', 'licence', 'source', 'build', 'citation'];
  expectNone('text fields', texts.filter((field) => typeof manifest[field] !== 'string' || manifest[field] === ''));
  expectEqual('name', manifest.name, basename(folder));
  const numbers = ['height', 'width', 'channels', 'train', 'test'];
  expectNone('counts', numbers.filter((field) => !Number.isInteger(manifest[field]) || Number(manifest[field]) < 1));
}

function checkDigests(folder: string): void {
  const { files } = readManifest(folder);
  expectEqual('files', Object.keys(files).sort(), readdirSync(folder).filter((file) => file !== 'dataset.json').sort());
  expectNone('sha256', Object.entries(files).filter(([file, digest]) => sha256(readFileSync(join(folder, file))) !== digest).map(([file]) => file));
}

function checkShapes(folder: string): void {
  const manifest = readManifest(folder);
  expectEqual('channels', manifest.channels, 1);
  for (const split of ['train', 'test'] as const) {
    const { images, labels } = readSplit(folder, split);
    expectEqual(`shape of the ${split} images`, images.shape, [manifest[split], manifest.height, manifest.width]);
    expectEqual(`shape of the ${split} labels`, labels.shape, [manifest[split]]);
  }
}

function checkBalance(folder: string): void {
  const manifest = readManifest(folder);
  const classCount = manifest.classNames.length;
  expectEqual('number of different class names', new Set(manifest.classNames).size, classCount);
  for (const split of ['train', 'test'] as const) {
    const counts = new Array<number>(classCount).fill(0);
    for (const label of readSplit(folder, split).labels.data) counts[label] = (counts[label] ?? 0) + 1;
    expectEqual(`${split} images per class`, counts, new Array<number>(classCount).fill(manifest[split] / classCount));
  }
}

function checkInk(folder: string): void {
  const { height, width } = readManifest(folder);
  for (const split of ['train', 'test'] as const) {
    const { shape, data } = readSplit(folder, split).images;
    const blank = Array.from({ length: shape[0]! }, (_, i) => i).filter((i) => data.subarray(i * height * width, (i + 1) * height * width).every((value) => value === 0));
    expectNone(`${split} images`, blank.map(String));
  }
}

function checkSize(folder: string): void {
  const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  if (bytes > mostBytes) throw new Error(`size must be at most ${mostBytes} bytes; got ${bytes}.`);
}
