import { jest } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTensor } from '../../src/index.js';
import { npyFile, npyHeader } from '../tensor/numpy-files.js';
import { runCampaign } from './campaign.js';
import { makeFormats, type Format } from './formats.js';

const count = 150;
const names = [
  'f4.npy', 'f8.npy', 'i8.npy', 'v3.npy', 'names.npy', 'stored.npz', 'deflated.npz', 'numpy.npz', 'labels.csv', 'labels.txt', 'ours.arrow', 'foreign.arrow', 'lists.parquet', 'gzip.parquet', 'artifact.json', 'metadata.json', 'table.parquet',
];

let folder: string;
let formats: { readonly [name: string]: Format };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memgeo-fuzz-'));
  formats = await makeFormats(folder);
});
afterAll(async () => { await rm(folder, { recursive: true, force: true }); });

/** Counts the bytes of all memory that is asked for at once while `work` runs. */
async function largestAllocation(work: () => Promise<void>): Promise<number> {
  let largest = 0;
  const watched = ['SharedArrayBuffer', 'ArrayBuffer', 'Uint8Array', 'Int32Array'] as const;
  const kept = watched.map((name) => globalThis[name]);
  watched.forEach((name, i) => {
    const construct = (target: new (...args: unknown[]) => object, args: unknown[], newTarget: new () => object): object => {
      if (typeof args[0] === 'number') largest = Math.max(largest, args[0] * (name === 'Int32Array' ? 4 : 1));
      return Reflect.construct(target, args, newTarget === (globalThis[name] as unknown) ? target : newTarget) as object;
    };
    (globalThis as { [name: string]: unknown })[name] = new Proxy(kept[i]!, { construct } as ProxyHandler<typeof ArrayBuffer>);
  });
  const alloc = jest.spyOn(Buffer, 'alloc');
  try {
    await work();
    return Math.max(largest, ...alloc.mock.calls.map(([size]) => size));
  } finally {
    alloc.mockRestore();
    watched.forEach((name, i) => { (globalThis as { [name: string]: unknown })[name] = kept[i]; });
  }
}

test('the bound of memory below would notice an allocation', async () => {
  const path = join(folder, 'whole.npy');
  await writeFile(path, npyFile(new Uint8Array(100_000), npyHeader('|u1', [100, 1000])));
  expect(await largestAllocation(async () => { await readTensor(path, { schema: 'any' }); })).toBe(400_000);
});

test('every format is tried', () => {
  expect(Object.keys(formats)).toEqual(names);
});

test.each(names)(`whatever ${count} mutations do to %s, reading it works or gives one clear ArtifactError, in time and within a bound of memory`, async (name) => {
  const { expansion } = formats[name]!;
  const watch = async (work: () => Promise<void>, bytes: Buffer): Promise<string | undefined> => {
    const largest = await largestAllocation(work);
    // The end of an archive is looked for in 65,557 bytes; a file is digested through a buffer of 1 MiB.
    const most = Math.max(65_557, /json|table/.test(name) ? 1 << 20 : 0, expansion * bytes.length);
    return largest > most ? `${largest} bytes of memory for a file of ${bytes.length}` : undefined;
  };
  const { failures, tried, read, refused, slowestMs } = await runCampaign(formats[name]!, { count, seed: 20, watch });
  expect(failures).toEqual([]);
  expect(tried).toBe(count);
  expect(read).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(count / 5);
  expect(slowestMs).toBeLessThan(5000);
});
