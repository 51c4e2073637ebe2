import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { verifyArtifact, writeTensor } from '@memgeo/artifacts';
import type { ActionRecord } from '../src/store/record.js';
import { Store } from '../src/store/store.js';
import { ownIdentity } from '../src/store/process-identity.js';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memgeo-store-'));
  store = await Store.open(join(folder, 'store'));
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function add(values: number[], name = 'work', into = store) {
  const manifest = await writeTensor(join(folder, name), { data: Float32Array.from(values), shape: [values.length, 1], rows: {}, metadata: {} }, { schema: 'v@1' });
  await into.objects.add(join(folder, name), manifest, Date.now());
  return manifest.digest;
}
const record = (digest: string, key = 'k') => ({ format: 2, key, outputs: { out: { digest } } }) as unknown as ActionRecord;
const find = (key: string, from = store, messages: string[] = []) => from.find(key, (message) => messages.push(message));

describe('Store', () => {
  test('finds a record whose objects are there', async () => {
    await store.writeRecord(record(await add([1, 2])));
    expect(await find('k')).toMatchObject({ record: { key: 'k' } });
    expect(await find('other')).toBeUndefined();
  });

  test('keeps the same content once', async () => {
    expect(await add([1], 'a')).toBe(await add([1], 'b'));
    expect(await store.objects.list()).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['store']);
  });

  test('keeps the same content once if several actions come to it at the same time', async () => {
    const digests = await Promise.all(Array.from({ length: 8 }, (_, i) => add([4, 5], `work-${i}`)));
    expect(new Set(digests).size).toBe(1);
    expect(await store.objects.list()).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['store']);
    expect(await store.objects.check(digests[0]!, () => undefined, { isThorough: true })).toBe('intact');
  });

  const damages: [string, 'damaged' | 'missing', (file: string) => Promise<unknown>][] = [
    ['altered', 'damaged', async (file) => { const bytes = await readFile(file); bytes[bytes.length >> 1]! ^= 1; await writeFile(file, bytes); }],
    ['altered, with size and modification time as before', 'damaged', async (file) => {
      const [{ mtime }, bytes] = [await stat(file), await readFile(file)];
      bytes[bytes.length >> 1]! ^= 1;
      await writeFile(file, bytes);
      await utimes(file, mtime, mtime);
    }],
    ['cut short', 'damaged', (file) => truncate(file, 10)],
    ['emptied', 'damaged', (file) => truncate(file, 0)],
    ['gone in part', 'damaged', (file) => rm(file)],
    ['replaced by a link', 'damaged', async (file) => { await writeFile(join(folder, 'x'), await readFile(file)); await rm(file); await symlink(join(folder, 'x'), file); }],
    ['given another file', 'damaged', (file) => writeFile(join(file, '../extra.bin'), 'x')],
    ['gone', 'missing', (file) => rm(join(file, '..'), { recursive: true })],
  ];

  test.each(damages)('an object that is %s is a miss, which says so, and what is left of it goes to quarantine', async (_, kind, damage) => {
    const digest = await add([1, 2, 3]);
    await store.writeRecord(record(digest));
    // As after long: what was found intact is not hashed again as long as nothing about it changed.
    await find('k');
    await damage(join(store.objects.folder(digest), 'tensor.arrow'));
    const messages: string[] = [];
    expect(await find('k', await reopened(), messages)).toEqual({ lost: { kind, field: 'out', text: `its stored out is ${kind === 'missing' ? 'gone' : 'damaged'}` } });
    expect(messages).toEqual(kind === 'missing' ? [] : [expect.stringMatching(/^A stored result is damaged and will be made again: .*It is kept in .*quarantine/)]);
    expect(await readdir(store.path('quarantine'))).toHaveLength(kind === 'missing' ? 0 : 1);
    // Made again, it is found again.
    await add([1, 2, 3], 'again');
    expect(await find('k', await reopened())).toMatchObject({ record: { key: 'k' } });
  });

  const changes: [string, object | undefined, (path: string, other: string) => Promise<unknown>][] = [
    ['as it was', { record: { key: 'k' } }, () => Promise.resolve()],
    ['made again with another result', { record: { key: 'k', outputs: { out: { digest: expect.stringMatching(/^sha256:/) } } } }, (_, other) => store.writeRecord(record(other))],
    ['altered, with size and modification time as before', undefined, async (path) => {
      const [{ mtime }, text] = [await stat(path), await readFile(path, 'utf8')];
      await writeFile(path, text.replace('"format":2', '"format":3'));
      await utimes(path, mtime, mtime);
    }],
    ['cut short', undefined, (path) => truncate(path, 10)],
    ['gone', undefined, (path) => rm(path)],
  ];

  test.each(changes)('of a result that is remembered, a record that is %s counts as it stands', async (what, expected, change) => {
    const [digest, other] = [await add([1]), await add([2], 'other')];
    await store.writeRecord(record(digest));
    await sleep(50);
    await find('k');
    expect((await readFile(join(store.folder, 'results.jsonl'), 'utf8')).split('\n')).toHaveLength(2);
    await change(join(store.path('records'), 'k.json'), other);
    const found = await find('k', await reopened());
    if (expected) expect(found).toMatchObject(expected);
    else expect(found).toBeUndefined();
    if (expected) expect(found).toHaveProperty('record.outputs.out.digest', what === 'as it was' ? digest : other);
  });

  test.each(['', '{', '{}', 'null', '{"key":"k","outputs":{"out":null},"file":[]}', '{"key":"k","outputs":{"out":{"digest":"x"}}}'])('the line "%s" among the remembered results costs nothing but the reading of a record', async (line) => {
    await store.writeRecord(record(await add([1])));
    await writeFile(join(store.folder, 'results.jsonl'), line);
    expect(await find('k', Store.openForReading(store.folder))).toMatchObject({ record: { key: 'k' } });
  });

  test('does not remember a result whose record was written a moment ago, or that is only read', async () => {
    await store.writeRecord(record(await add([1])));
    await find('k');
    await sleep(50);
    await find('k', Store.openForReading(store.folder));
    expect(await readdir(store.folder)).not.toContain('results.jsonl');
  });

  /** As another process would see the store. */
  async function reopened(): Promise<Store> {
    await store.close();
    return (store = await Store.open(store.folder));
  }

  test('an object that is given another file after it was hashed is a miss', async () => {
    const digest = await add([1, 2]);
    await sleep(60);
    await store.objects.check(digest, () => undefined, { isThorough: true });
    expect(store.objects.isKnownIntact(digest)).toBe(true);
    await utimes(store.objects.folder(digest), 1, 1);
    expect(store.objects.isKnownIntact(digest)).toBe(true);
    await writeFile(join(store.objects.folder(digest), 'more'), '');
    expect(store.objects.isKnownIntact(digest)).toBe(false);
    expect(await store.objects.check(digest, () => undefined)).toBe('damaged');
  });

  test('an object that is damaged and in the way is an error, not a wait without end', async () => {
    const digest = await add([1, 2]);
    await writeFile(join(store.objects.folder(digest), 'more'), '');
    await rm(store.path('quarantine'), { recursive: true });
    await writeFile(store.path('quarantine'), '');
    await expect(add([1, 2], 'again')).rejects.toThrow(/ENOTEMPTY/);
  });

  test('a record that is no record is a miss', async () => {
    const digest = await add([1]);
    for (const text of ['', '{', 'null', '[]', '{"format":1,"key":"k"}', '{"format":2,"key":"another"}', '{"format":2,"key":"k"}', '{"format":2,"key":"k","outputs":{"out":{"digest":"../../x"}}}', JSON.stringify(record(digest)).slice(0, -1)]) {
      await writeFile(store.path('records', 'k.json'), text);
      expect(await find('k')).toBeUndefined();
    }
  });

  test('is read without anything being written, also where there is none', async () => {
    await store.writeRecord(record(await add([1, 2, 3])));
    const digest = (await store.objects.list())[0]!;
    await truncate(join(store.objects.folder(digest), 'tensor.arrow'), 10);
    await store.close();
    const before = await tree(store.folder);
    const reader = Store.openForReading(store.folder);
    const messages: string[] = [];
    expect(await find('k', reader, messages)).toMatchObject({ lost: { kind: 'damaged' } });
    expect(messages).toEqual([expect.stringMatching(/damaged and does not count/)]);
    expect(await tree(store.folder)).toEqual(before);
    const nowhere = Store.openForReading(join(folder, 'nowhere'));
    expect([nowhere.records(), await nowhere.objects.list(), await find('k', nowhere)]).toEqual([[], [], undefined]);
    expect(await readdir(folder)).toEqual(['store']);
    store = await Store.open(store.folder);
  });

  const isRoot = process.getuid?.() === 0;
  (isRoot ? test.skip : test)('that may not be written says so, and whether it can be read', async () => {
    await chmod(store.path('work'), 0o500);
    await expect(Store.open(store.folder)).rejects.toMatchObject({ name: 'StoreError', isReadable: true, message: expect.stringMatching(/can't be written/) });
  });

  test('whose place is taken by a file says so', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(Store.open(join(folder, 'file'))).rejects.toMatchObject({ name: 'StoreError', isReadable: false, message: expect.stringMatching(/The store .*file can't be written: .*choose another by --store/) });
  });

  test('is not made among other things, nor are these taken for what dead processes left', async () => {
    const home = join(folder, 'home');
    await mkdir(join(home, 'work/thesis'), { recursive: true });
    await writeFile(join(home, '.gitignore'), 'mine\n');
    await utimes(join(home, 'work/thesis'), 1, 1);
    await expect(Store.open(home)).rejects.toThrow(/holds other things and is no store\. Choose an empty folder/);
    expect(await readdir(home)).toEqual(['.gitignore', 'work']);
    await mkdir(store.path('work', 'thesis'));
    await utimes(store.path('work', 'thesis'), 1, 1);
    await writeFile(store.path('objects', '.notes'), '');
    await utimes(store.path('objects', '.notes'), 1, 1);
    await store.clearAbandoned();
    expect(await readdir(store.path('work'))).toContain('thesis');
    expect(await readdir(store.path('objects'))).toEqual(['.notes']);
  });

  test('is made by several at once, and goes on where one died that made it', async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, () => Store.open(join(folder, 'young'))));
    await Promise.all(stores.map((one) => one.close()));
    await mkdir(join(folder, 'begun/objects'), { recursive: true });
    await (await Store.open(join(folder, 'begun'))).close();
    for (const name of ['objects', 'records', 'latest']) await rm(join(folder, 'begun', name), { recursive: true });
    await (await Store.open(join(folder, 'begun'))).close();
  });

  test('keeps the .gitignore that is there', async () => {
    await writeFile(join(store.folder, '.gitignore'), 'mine\n');
    await (await Store.open(store.folder)).close();
    expect(await readFile(join(store.folder, '.gitignore'), 'utf8')).toBe('mine\n');
  });

  test('removes nothing outside itself, whatever it says of failed work', async () => {
    const other = join(folder, 'precious');
    await mkdir(other);
    for (const workFolder of [other, join(store.folder, 'failed/../../precious'), join(folder, 'moved/failed/abc')]) {
      await mkdir(workFolder, { recursive: true });
      await store.rememberFailed('p', workFolder, { key: 'k', failure: 'error', error: 'x', workFolder });
      await store.rememberDone('p', workFolder, 'k');
      expect(await readdir(workFolder)).toEqual([]);
    }
    await mkdir(store.path('failed', 'abc'));
    await store.rememberFailed('p', 'own', { key: 'k', failure: 'error', error: 'x', workFolder: store.path('failed', 'abc') });
    await store.rememberDone('p', 'own', 'k');
    expect(await readdir(store.path('failed'))).toEqual([]);
  });

  test('leaves the state of an action that has a record and runs again', async () => {
    await store.writeRecord(record(await add([1]), 'forced'));
    await mkdir(store.stateFolder('forced'));
    const lease = await store.lease('forced', { onWait: () => undefined });
    await store.clearAbandoned();
    expect(await readdir(store.path('state'))).toEqual(['forced']);
    await lease.release();
    await store.clearAbandoned();
    expect(await readdir(store.path('state'))).toEqual([]);
    expect(await readdir(store.path('leases'))).toEqual([]);
  });

  test('forgets what processes that have died left behind, and nothing of living ones', async () => {
    const dead = await deadIdentity();
    const { pid, start, machine } = { ...dead, machine: (await readdir(store.path('work')))[0]!.split('-')[2]! };
    await mkdir(store.path('work', `${pid}-${start}-${machine}`, 'x'), { recursive: true });
    await mkdir(store.path('work', `${pid}-${start}-01234567`), { recursive: true });
    await mkdir(store.path('work', `${pid}-${start}-76543210`), { recursive: true });
    await utimes(store.path('work', `${pid}-${start}-76543210`), new Date(0), new Date(0));
    await mkdir(store.path('objects', `.${pid}-${start}-${machine}-0`), { recursive: true });
    await writeFile(store.path('leases', 'a.json'), JSON.stringify({ ...dead, token: 't' }));
    await writeFile(store.path('leases', 'b.json'), JSON.stringify({ ...ownIdentity(), token: 't' }));
    await writeFile(store.path('leases', 'c.json.takeover'), JSON.stringify({ ...dead, token: 't' }));
    await mkdir(store.stateFolder('done'));
    await mkdir(store.stateFolder('begun'));
    await store.writeRecord(record(await add([1]), 'done'));
    await store.clearAbandoned();
    expect((await readdir(store.path('work'))).sort()).toEqual([`${pid}-${start}-01234567`, `${ownIdentity().pid}-${ownIdentity().start}-${machine}`].sort());
    expect(await readdir(store.path('leases'))).toEqual(['b.json']);
    expect(await readdir(store.path('state'))).toEqual(['begun']);
    expect((await readdir(store.path('objects'))).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

async function deadIdentity() {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => { child.on('close', resolve); });
  return { ...ownIdentity(), pid: child.pid!, start: '1' };
}

async function tree(path: string): Promise<string[]> {
  return (await readdir(path, { recursive: true })).sort();
}

describe('Store.lease()', () => {
  const options = { onWait: () => undefined };

  test('lets one in at a time', async () => {
    let inside = 0;
    let most = 0;
    await Promise.all(Array.from({ length: 6 }, async () => {
      const lease = await store.lease('k', options);
      most = Math.max(most, ++inside);
      await new Promise((resolve) => { setTimeout(resolve, 10); });
      inside--;
      await lease.release();
    }));
    expect(most).toBe(1);
    expect(await readdir(store.path('leases'))).toEqual([]);
  });

  test('takes over from a process that has died, also if its number lives on', async () => {
    for (const holder of [await deadIdentity(), { ...ownIdentity(), start: '1' }]) {
      await writeFile(store.path('leases', 'k.json'), JSON.stringify({ ...holder, token: 't' }));
      await (await store.lease('k', options)).release();
      expect(await readdir(store.path('leases'))).toEqual([]);
    }
  });

  test('lets one in at a time also where many take over from one that has died', async () => {
    for (let round = 0; round < 5; round++) {
      await writeFile(store.path('leases', 'k.json'), JSON.stringify({ ...await deadIdentity(), token: 't' }));
      let inside = 0;
      let most = 0;
      await Promise.all(Array.from({ length: 8 }, async () => {
        const lease = await store.lease('k', options);
        most = Math.max(most, ++inside);
        await new Promise((resolve) => { setTimeout(resolve, 2); });
        inside--;
        await lease.release();
      }));
      expect(most).toBe(1);
    }
    expect(await readdir(store.path('leases'))).toEqual([]);
  });

  test.each([['another machine', { ...ownIdentity(), host: 'elsewhere', pid: 1, token: 't' }], ['another space of process numbers', { ...ownIdentity(), space: 'elsewhere', pid: 1, token: 't' }]])(
    'takes over from %s only after silence', async (_, holder) => {
      const path = store.path('leases', 'k.json');
      await writeFile(path, JSON.stringify(holder));
      const waits: string[] = [];
      const abort = new AbortController();
      const waiting = store.lease('k', { signal: abort.signal, onWait: (who) => { waits.push(who); abort.abort(); } });
      await expect(waiting).rejects.toThrow();
      expect(waits).toEqual([`process 1 on ${holder.host === 'elsewhere' ? 'elsewhere' : hostname()}`]);
      await utimes(path, new Date(0), new Date(0));
      await (await store.lease('k', options)).release();
    },
  );

  test.each(['', 'null', '[]', '{"pid":1}', '{'])('a lease that is no lease (%j) holds no one up after silence', async (text) => {
    const path = store.path('leases', 'k.json');
    await writeFile(path, text);
    await utimes(path, new Date(0), new Date(0));
    await (await store.lease('k', options)).release();
    expect(await readdir(store.path('leases'))).toEqual([]);
  });

  test('is let go only by who holds it', async () => {
    const lease = await store.lease('k', options);
    const taken = JSON.stringify({ ...ownIdentity(), token: 'another' });
    await writeFile(store.path('leases', 'k.json'), taken);
    await lease.release();
    expect(await readFile(store.path('leases', 'k.json'), 'utf8')).toBe(taken);
  });
});

test('what is stored is an artifact that can be verified', async () => {
  const digest = await add([7]);
  expect((await verifyArtifact(store.objects.folder(digest))).digest).toBe(digest);
});
