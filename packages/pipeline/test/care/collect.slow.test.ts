import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { collect } from '../../src/care/collect.js';
import { day, StockedStore } from './stocked-store.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-care-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

function start(script: string, ...args: string[]): Promise<{ code: number | null; signal: string | null; output: string; errors: string }> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--conditions=@memgeo/source', '--import', 'tsx', fileURLToPath(new URL(script, import.meta.url)), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { errors += chunk.toString(); });
  return new Promise((resolve) => { child.on('close', (code, signal) => resolve({ code, signal, output, errors })); });
}

describe('collect()', () => {
  test.each([
    ['begun', 1], ['record-moved', 1], ['record-moved', 2], ['records-moved', 1], ['records-back', 1], ['records-gone', 1], ['object-moved', 1], ['object-gone', 1], ['objects-gone', 1], ['leftovers-gone', 1], ['stamps-written', 1],
  ] as const)('killed at %s (%d): what stays is intact, no record is wrong, and the next collection leaves nothing over', async (step, times) => {
    const stock = await StockedStore.open(folder);
    const { store } = stock;
    const young = [await stock.action('young', [1]), await stock.action('other', [2, 3])];
    const old = await Promise.all([[1], [4], [5, 6]].map((values, i) => stock.action(`old${i}`, values, { agoMs: 60 * day })));
    await stock.run('old', old, { agoMs: 60 * day });
    expect(await start('collecting-process.ts', folder, '30', step, String(times))).toMatchObject({ signal: 'SIGKILL' });
    const damage: string[] = [];
    for (const key of young) expect(await store.find(key, (message) => damage.push(message))).toHaveProperty('record');
    for (const key of old) await store.find(key, (message) => damage.push(message));
    expect(damage).toEqual([]);
    await store.clearAbandoned();
    await collect(store, { olderThanMs: 30 * day, keepRuns: 0 });
    for (const key of young) expect(await store.find(key, (message) => damage.push(message))).toHaveProperty('record');
    expect(old.filter((key) => store.hasRecord(key))).toEqual([]);
    const counts = await Promise.all((['records', 'objects', 'code', 'leases', 'quarantine', 'runs'] as const).map(async (name) => (await readdir(store.path(name))).length));
    expect([...counts, existsSync(join(folder, 'trash'))]).toEqual([2, 2, 2, 0, 0, 0, false]);
    await store.close();
  });

  test('beside three processes that use and make results all the time, takes nothing from under them', async () => {
    const forMs = '12000';
    const [collector, ...users] = await Promise.all([start('collecting-process.ts', folder, '-1', 'forever', forMs), ...['a', 'b', 'c'].map((name) => start('using-process.ts', folder, name, forMs))]);
    expect(collector.errors).toBe('');
    const collected = JSON.parse(collector.output) as { collections: number; actions: number };
    expect([collected.collections > 3, collected.actions > 3]).toEqual([true, true]);
    for (const { output, errors } of users) {
      expect(errors).toBe('');
      const { uses, makes, lost } = JSON.parse(output) as { uses: number; makes: number; lost: string[] };
      expect(lost).toEqual([]);
      expect([uses > 3, makes > 3]).toEqual([true, true]);
    }
  });
});
