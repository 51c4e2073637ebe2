import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Watched } from '../src/keys/watched.js';

let folder: string;
let file: string;
let count: number;
let watched: Watched<string>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memgeo-watched-'));
  file = join(folder, 'lib/a.txt');
  await mkdir(join(folder, 'lib'));
  await writeFile(file, 'one');
  await sleep(60);
  count = 0;
  watched = new Watched(async () => {
    count++;
    return { value: await readFile(file, 'utf8'), paths: [join(folder, 'lib')] };
  });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const now = () => watched.get({ isNow: true });

describe('Watched', () => {
  test('makes its value once while the files stay as they are, for however many ask', async () => {
    expect(await Promise.all([watched.get(), watched.get(), now()])).toEqual(['one', 'one', 'one']);
    expect([await now(), count]).toEqual(['one', 1]);
  });

  test('makes it again after a change, also one that leaves size and time as they were', async () => {
    await now();
    await writeFile(file, 'two');
    await utimes(file, 1, 1);
    expect(await now()).toBe('two');
    await sleep(60);
    await now();
    const made = count;
    await writeFile(file, 'six');
    await utimes(file, 1, 1);
    expect([await now(), count]).toEqual(['six', made + 1]);
  });

  test('makes it again after a file has come to a folder; what languages leave there is none', async () => {
    await now();
    await mkdir(join(folder, 'lib/__pycache__'));
    await writeFile(join(folder, 'lib/__pycache__/a.pyc'), '');
    await now();
    expect(count).toBe(1);
    await writeFile(join(folder, 'lib/b.txt'), '');
    await now();
    expect(count).toBe(2);
  });

  test('does not trust a file that changed while it was read', async () => {
    const hasty = new Watched(async () => {
      const value = await readFile(file, 'utf8');
      await writeFile(file, `${value}+`);
      return { value, paths: [file] };
    });
    expect(await hasty.get()).toBe('one');
    expect(await hasty.get({ isNow: true })).toBe('one+');
  });

  test('reads again what could not be read', async () => {
    await rm(file);
    await expect(now()).rejects.toThrow(/ENOENT/);
    await writeFile(file, 'back');
    expect(await now()).toBe('back');
  });
});
