import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { collect, type CollectionStep } from '../../src/care/collect.js';
import type { KeepPolicy } from '../../src/care/collection-plan.js';
import { takeInventory } from '../../src/care/inventory.js';
import { addPin, findPinTarget } from '../../src/care/pins.js';
import { undoDeadCollection } from '../../src/care/trash.js';
import { ownIdentity } from '../../src/store/process-identity.js';
import type { Store } from '../../src/store/store.js';
import { day, StockedStore } from './stocked-store.js';

let folder: string;
let stock: StockedStore;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memgeo-care-'));
  stock = await StockedStore.open(join(folder, 'store'));
  ({ store } = stock);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const dead = { ...ownIdentity(), start: '1' };
const everything: KeepPolicy = { olderThanMs: -1, keepRuns: 0 };
function gc(policy: Partial<KeepPolicy> = {}, onStep: (step: CollectionStep) => void = () => undefined) {
  return collect(store, { olderThanMs: 30 * day, keepRuns: 0, ...policy }, { onStep });
}
const isFound = async (key: string) => { const found = await store.find(key, () => undefined); return found !== undefined && 'record' in found; };

describe('collect()', () => {
  test('removes old actions, their objects, code files, stamps and what points stood for; what is young stays', async () => {
    const [old, young] = [await stock.action('old', [1, 2], { agoMs: 40 * day }), await stock.action('young', [3])];
    for (const name of await readdir(store.path('latest'))) await utimes(store.path('latest', name), new Date(0), new Date(0));
    await writeFile(join(store.folder, 'results.jsonl'), [old, young, young].map((key) => `${JSON.stringify({ key })}\n`).join(''));
    expect(await gc()).toMatchObject({ actions: [old], putBack: [], objects: 1 });
    expect(readFileSync(join(store.folder, 'results.jsonl'), 'utf8')).toBe(`${JSON.stringify({ key: young })}\n`);
    expect(readFileSync(join(store.folder, 'stamps.jsonl'), 'utf8').trim().split('\n')).toHaveLength(1);
    expect([store.hasRecord(old), await isFound(young)]).toEqual([false, true]);
    for (const name of ['objects', 'records', 'code', 'latest'] as const) expect([name, (await readdir(store.path(name))).length]).toEqual([name, 1]);
    expect(existsSync(join(store.folder, 'trash'))).toBe(false);
    expect(await readdir(store.path('leases'))).toEqual([]);
  });

  test('keeps an object that a remaining action has made, too', async () => {
    const [old, young] = [await stock.action('old', [1], { agoMs: 40 * day }), await stock.action('young', [1])];
    await gc();
    expect([store.hasRecord(old), await isFound(young)]).toEqual([false, true]);
  });

  test('keeps what the last runs of each pipeline used, and what a pinned run or action is', async () => {
    const keys = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name, i) => stock.action(name, [i], { agoMs: 90 * day })));
    await stock.run('r1', [keys[0]!], { agoMs: 80 * day });
    await stock.run('r2', [keys[1]!], { agoMs: 70 * day });
    await stock.run('r3', [keys[2]!], { agoMs: 60 * day });
    await stock.run('other', [keys[3]!], { agoMs: 85 * day, pipeline: 'q' });
    for (const name of ['r1', 'e']) {
      const target = findPinTarget(store, name);
      if ('pins' in target) for (const pin of target.pins) await addPin(store, pin);
    }
    await gc({ keepRuns: 1 });
    expect(await Promise.all(keys.map(isFound))).toEqual([true, false, true, true, true]);
    expect((await readdir(store.path('runs'))).sort()).toEqual(['other', 'r1', 'r3']);
  });

  test('a pin by stage is one for each of its points, by pipeline or latest one for its latest run', async () => {
    const keys = [await stock.action('a[x=1]', [1]), await stock.action('a[x=2]', [2]), await stock.action('ab', [3])];
    await stock.run('2026-01-02T10-11-12-p-1a2b', keys, { agoMs: 2 * day });
    await stock.run('2026-01-03T10-11-12-p-3c4d', keys, { agoMs: day });
    const ofStage = findPinTarget(store, 'a');
    expect('pins' in ofStage && ofStage.pins.map((pin) => (pin.kind === 'action' ? pin.point : pin.run)).sort()).toEqual(['a[x=1]', 'a[x=2]']);
    for (const name of ['p', 'latest']) expect(findPinTarget(store, name)).toMatchObject({ pins: [{ kind: 'run', run: '2026-01-03T10-11-12-p-3c4d' }] });
    expect(findPinTarget(store, 'nowhere')).toMatchObject({ problem: expect.stringMatching(/no run, key or point "nowhere"/) });
  });

  test('keeps what a living run has said it uses; a run that died keeps nothing', async () => {
    const [a, b] = [await stock.action('a', [1], { agoMs: 90 * day }), await stock.action('b', [2], { agoMs: 90 * day })];
    await stock.run('alive', [a], { state: 'running' });
    await stock.run('dead', [b], { state: 'running', process: dead, agoMs: 90 * day });
    await gc(everything);
    expect([await isFound(a), store.hasRecord(b)]).toEqual([true, false]);
    expect(await readdir(store.path('runs'))).toEqual(['alive']);
  });

  test('puts back what a run begins to use after its record was moved', async () => {
    const [a, b] = [await stock.action('a', [1], { agoMs: 90 * day }), await stock.action('b', [2], { agoMs: 90 * day })];
    const result = await gc(everything, (step) => {
      if (step !== 'records-moved') return;
      expect(store.hasRecord(a)).toBe(false);
      void stock.run('late', [a], { state: 'running' });
    });
    expect(result).toMatchObject({ actions: [b], putBack: [a] });
    expect(await isFound(a)).toBe(true);
  });

  test('keeps the record and the state of an action that is leased', async () => {
    const key = await stock.action('a', [1], { agoMs: 90 * day });
    const lease = await store.lease(key, { onWait: () => undefined });
    await mkdir(store.stateFolder(key));
    await utimes(store.stateFolder(key), new Date(0), new Date(0));
    await gc();
    expect([await isFound(key), existsSync(store.stateFolder(key))]).toEqual([true, true]);
    await lease.release();
  });

  test('keeps an object that a living run has stored and not yet recorded; removes it once the run has died', async () => {
    await stock.run('r', [], { state: 'running' });
    await stock.object([1, 2, 3]);
    await gc(everything);
    expect(await store.objects.list()).toHaveLength(1);
    await rm(store.path('runs', 'r'), { recursive: true });
    await stock.run('r', [], { state: 'running', process: dead });
    await gc(everything);
    expect(await store.objects.list()).toHaveLength(0);
  });

  test.each(['records-moved', 'records-gone', 'object-moved'] as const)('an action that comes to the content of an object that goes, at the step %s, finds or stores it', async (when) => {
    await stock.action('old', [7, 7], { agoMs: 90 * day });
    let made: Promise<string> | undefined;
    await gc({}, (step) => { if (step === when) made = stock.action('new', [7, 7]); });
    const key = await made!;
    expect(await isFound(key)).toBe(true);
    expect(await store.objects.check((await store.objects.list())[0]!, () => undefined, { isThorough: true })).toBe('intact');
  });

  test('removes quarantine, failed work, states, runs and logs that are old, and keeps young ones', async () => {
    const long = new Date(Date.now() - 40 * day);
    for (const path of ['quarantine/q', 'failed/f', `state/${'0'.repeat(64)}`]) {
      for (const suffix of ['', 'young']) {
        await mkdir(join(store.folder, path + suffix));
        await writeFile(join(store.folder, path + suffix, 'file'), 'content');
      }
      await utimes(join(store.folder, path, 'file'), long, long);
      await utimes(join(store.folder, path), long, long);
    }
    await writeFile(store.path('runs', 'old.log'), 'text');
    await utimes(store.path('runs', 'old.log'), long, long);
    await stock.run('old', [], { agoMs: 40 * day });
    await stock.run('young', []);
    await gc();
    const left = await Promise.all((['quarantine', 'failed', 'state', 'runs'] as const).map((name) => readdir(store.path(name))));
    expect(left).toEqual([['qyoung'], ['fyoung'], [`${'0'.repeat(64)}young`], ['young']]);
  });

  test('the store is as big afterwards as the plan said', async () => {
    for (let i = 0; i < 6; i++) await stock.action(`a${i}`, Array.from({ length: 100 * (i + 1) }, (_, j) => i + j), { agoMs: i * 20 * day });
    const { plan } = await gc({ olderThanMs: 50 * day, maxBytes: 2000 });
    const after = await takeInventory(store);
    expect([...after.objects.values()].reduce((sum, bytes) => sum + bytes, 0)).toBe(plan.keptBytes);
  });
});

describe('undoDeadCollection()', () => {
  test('puts back the records that a collection had moved when it died', async () => {
    const key = await stock.action('a', [1], { agoMs: 90 * day });
    await expect(gc({}, (step) => { if (step === 'records-moved') throw new Error('as if it died'); })).rejects.toThrow('as if it died');
    expect(store.hasRecord(key)).toBe(false);
    await undoDeadCollection(store);
    expect(await isFound(key)).toBe(true);
    expect(existsSync(join(store.folder, 'trash'))).toBe(false);
  });

  test('does not touch the trash of one that is at work', async () => {
    await stock.action('a', [1], { agoMs: 90 * day });
    let undone: Promise<void> | undefined;
    const result = await gc({}, (step) => { if (step === 'records-moved') undone = undoDeadCollection(store); });
    await undone;
    expect(result.actions).toHaveLength(1);
  });
});
