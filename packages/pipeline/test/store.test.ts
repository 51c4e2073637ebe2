import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { writeTensor } from '@memgeo/artifacts';
import { Store, type ActionRecord } from '../src/index.js';
import { takeLease } from '../src/store/lease.js';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memgeo-store-'));
  store = await Store.open(join(folder, 'store'));
});
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

async function add(values: number[], name = 'work') {
  const manifest = await writeTensor(join(folder, name), { data: Float32Array.from(values), shape: [values.length, 1], rows: {}, metadata: {} }, { schema: 'v@1' });
  await store.addObject(join(folder, name), manifest);
  return manifest.digest;
}
const record = (digest: string) => ({ format: 1, key: 'k', outputs: { out: { digest } } }) as unknown as ActionRecord;

describe('Store', () => {
  test('finds a record whose objects are there', async () => {
    await store.writeRecord(record(await add([1, 2])));
    expect(await store.find('k', () => undefined)).toMatchObject({ key: 'k' });
    expect(await store.find('other', () => undefined)).toBeUndefined();
  });

  test('keeps the same content once', async () => {
    expect(await add([1], 'a')).toBe(await add([1], 'b'));
    expect(await store.objects()).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['store']);
  });

  test('keeps the same content once if several actions come to it at the same time', async () => {
    const digests = await Promise.all(Array.from({ length: 8 }, (_, i) => add([4, 5], `work-${i}`)));
    expect(new Set(digests).size).toBe(1);
    expect(await store.objects()).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['store']);
    expect(await store.isIntact(digests[0]!, () => undefined, { isThorough: true })).toBe(true);
    expect(await readdir(join(store.folder, 'stamps'))).toHaveLength(1);
  });

  test.each([
    ['altered', async (file: string) => { const bytes = await readFile(file); bytes[bytes.length >> 1]! ^= 1; await writeFile(file, bytes); }],
    ['cut short', (file: string) => truncate(file, 10)],
    ['gone', (file: string) => rm(file)],
  ])('an object that is %s is a miss, and goes to quarantine with a message', async (_, damage) => {
    const digest = await add([1, 2, 3]);
    await store.writeRecord(record(digest));
    await damage(join(store.objectFolder(digest), 'tensor.arrow'));
    const messages: string[] = [];
    expect(await store.find('k', (message) => messages.push(message))).toBeUndefined();
    expect(messages).toEqual([expect.stringMatching(/A stored result is damaged and will be made again/)]);
    expect(await readdir(join(store.folder, 'quarantine'))).toHaveLength(1);
    // Made again, it is found again.
    await add([1, 2, 3], 'again');
    expect(await store.find('k', () => undefined)).toBeDefined();
  });

  test('a change that keeps size and modification time is noticed', async () => {
    const digest = await add([1, 2, 3]);
    const file = join(store.objectFolder(digest), 'tensor.arrow');
    const bytes = await readFile(file);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(file, bytes);
    await utimes(file, new Date(0), new Date(0));
    expect(await store.isIntact(digest, () => undefined)).toBe(false);
  });

  test('a record that is no record is a miss', async () => {
    for (const text of ['', '{', '{"format":2,"key":"k"}', '{"format":1,"key":"another"}', '{"format":1,"key":"k"}', '{"format":1,"key":"k","outputs":{"out":{"digest":"../../x"}}}']) {
      await writeFile(join(store.folder, 'records/k.json'), text);
      expect(await store.find('k', () => undefined)).toBeUndefined();
    }
  });
});

describe('takeLease()', () => {
  const options = { onWait: () => undefined };

  test('lets one in at a time', async () => {
    const order: string[] = [];
    const work = async (name: string) => {
      const lease = await takeLease(store.folder, 'k', options);
      order.push(`${name} in`);
      await new Promise((resolve) => { setTimeout(resolve, 50); });
      order.push(`${name} out`);
      await lease.release();
    };
    await Promise.all([work('a'), work('b'), work('c')]);
    for (let i = 0; i < 6; i += 2) expect(order[i]!.split(' ')[0]).toBe(order[i + 1]!.split(' ')[0]);
    expect(await readdir(join(store.folder, 'leases'))).toEqual([]);
  });

  test('takes over from a process that has died, also if its number lives on', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => { child.on('close', resolve); });
    for (const holder of [{ pid: child.pid, processStart: '1' }, { pid: process.pid, processStart: '1' }]) {
      await writeFile(join(store.folder, 'leases/k.json'), JSON.stringify({ host: hostname(), ...holder }));
      await (await takeLease(store.folder, 'k', options)).release();
    }
  });

  test('takes over from another host only after silence', async () => {
    const path = join(store.folder, 'leases/k.json');
    await writeFile(path, JSON.stringify({ host: 'elsewhere', pid: 1, processStart: '1' }));
    const waits: string[] = [];
    const abort = new AbortController();
    const waiting = takeLease(store.folder, 'k', { signal: abort.signal, onWait: (holder) => { waits.push(holder); abort.abort(); } });
    await expect(waiting).rejects.toThrow();
    expect(waits).toEqual(['process 1 on elsewhere']);
    await utimes(path, new Date(0), new Date(0));
    await (await takeLease(store.folder, 'k', options)).release();
  });
});
