import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { writeTensor } from '@memgeo/artifacts';
import { Store, type ActionRecord } from '@memgeo/pipeline';
import { collectCache } from '../src/commands/cache-gc.js';
import { listCache } from '../src/commands/cache-ls.js';
import { pinCache, unpinCache } from '../src/commands/cache-pin.js';
import { formatAge, formatBytes, parseAge, parseSize } from '../src/commands/cache-quantities.js';
import { verifyCache } from '../src/commands/cache-verify.js';
import { doctor } from '../src/commands/doctor.js';
import { init } from '../src/commands/init.js';

const day = 86_400_000;
let folder: string;
let path: string;
let printed: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memgeo-care-'));
  path = join(folder, 'store');
  printed = '';
  for (const stream of [process.stdout, process.stderr]) jest.spyOn(stream, 'write').mockImplementation((text) => { printed += String(text); return true; });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const keyOf = (point: string) => createHash('sha256').update(point).digest('hex');
async function stock(points: { readonly [point: string]: { readonly values: number; readonly days?: number } }): Promise<void> {
  const store = await Store.open(path);
  for (const [point, { values, days = 0 }] of Object.entries(points)) {
    const made = store.place.fresh('made');
    const begunAt = Date.now();
    const manifest = await writeTensor(made, { data: new Float32Array(values).fill(days), shape: [values, 1], rows: {}, metadata: {} }, { schema: 'v@1' });
    await store.objects.add(made, manifest, begunAt);
    const key = keyOf(point);
    const at = new Date(Date.now() - days * day);
    await store.writeRecord({
      format: 2, key, point, action: { stage: 'a/b', version: 1, code: 'sha256:0', params: {}, inputs: {}, files: {} }, outputs: { out: { digest: manifest.digest } }, upstream: [], reasons: [], warnings: [],
      startedAt: at.toISOString(), durationMs: 1, peakMemoryBytes: 1, environment: {}, facts: {},
    } as unknown as ActionRecord);
    await utimes(store.path('records', `${key}.json`), at, at);
    await store.rememberDone('p', point, key);
  }
  await store.close();
}
async function said(work: Promise<number>): Promise<{ code: number; text: string }> {
  printed = '';
  const code = await work;
  return { code, text: printed };
}
const gc = (options: Partial<Parameters<typeof collectCache>[0]> = {}) => said(collectCache({ store: path, olderThan: '30d', keepRuns: '5', ...options }));

describe('memgeo cache ls', () => {
  test('lists points in 80 columns, with size, age and totals', async () => {
    await stock({ 'train[seed=2]': { values: 1000, days: 3 }, 'train[seed=10]': { values: 10, days: 40 } });
    const { text } = await said(listCache({ store: path }));
    expect(text).toMatch(/^POINT +SIZE +LAST USED +BY RUN\ntrain\[seed=2\] +4\.\d KiB +3 d ago +-\ntrain\[seed=10\] +\d+ B +40 d ago +-$/m);
    expect(text).toMatch(/results +2 +\d.*objects, shared ones counted once, of 2 actions/);
    expect(Math.max(...text.split('\n').filter((line) => !line.startsWith('store')).map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('folds long lists by stage, sorts by size or age, and tells programs all', async () => {
    await stock(Object.fromEntries(Array.from({ length: 45 }, (_, i) => [`${i < 40 ? 'small' : 'big'}[i=${i}]`, { values: i < 40 ? 1 : 5000, days: i }])));
    const { text } = await said(listCache({ store: path, sort: 'size' }));
    expect(text).toMatch(/STAGE.*\nbig \(5 results\).*\nsmall \(40 results\).*\n45 results folded by stage; --all lists each/);
    expect((await said(listCache({ store: path, all: true, sort: 'age' }))).text).toMatch(/POINT.*\nbig\[i=44\]/);
    expect((JSON.parse((await said(listCache({ store: path, json: true }))).text) as { actions: unknown[] }).actions).toHaveLength(45);
  });

  test('what stands in names can not write over the terminal', async () => {
    await stock({ 'evil\u001B[2J\u0007': { values: 1 } });
    expect((await said(listCache({ store: path }))).text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

describe('memgeo cache gc', () => {
  test('says what would go, why, and the command that does it; deletes nothing', async () => {
    await stock({ old: { values: 500, days: 45 }, young: { values: 5, days: 1 } });
    const { text } = await gc({ maxSize: '1 GiB' });
    expect(text).toMatch(/old +2\.\d KiB +not used for 45 d/);
    expect(text).toContain(`Nothing was deleted. To do it:\n  memgeo cache gc --older-than 30d --max-size '1 GiB' --keep-runs 5 --store ${path} --delete\n`);
    expect(await readdir(join(path, 'records'))).toHaveLength(2);
    expect((await gc({ delete: true })).text).toMatch(/removed 1 action and 1 object/);
    expect(await readdir(join(path, 'records'))).toEqual([`${keyOf('young')}.json`]);
    expect((await gc()).text).toMatch(/Nothing has to go/);
  });

  test('keeps what is pinned until it is unpinned', async () => {
    await stock({ old: { values: 5, days: 45 } });
    expect((await said(pinCache('old', { store: path }))).text).toMatch(/pinned old, key/);
    expect((await said(listCache({ store: path }))).text).toMatch(/old .* pinned/);
    expect((await gc({ delete: true })).text).toMatch(/removed 0 actions/);
    await unpinCache(keyOf('old').slice(0, 8), { store: path });
    expect((await gc({ delete: true })).text).toMatch(/removed 1 action /);
  });

  test.each([
    [{ olderThan: '-3d' }, /--older-than must be a time, as in 30d.*got "-3d"/], [{ olderThan: '30' }, /must be a time/], [{ maxSize: '20 potatoes' }, /--max-size must be a size.*Units are B, kB/],
    [{ maxSize: '-1GiB' }, /must be a size/], [{ keepRuns: '1.5' }, /--keep-runs must be a whole number/], [{ store: '/nowhere/at/all' }, /There is no store at/],
  ])('%j is an error in one paragraph', async (options, message) => {
    await stock({});
    await expect(gc(options)).rejects.toMatchObject({ name: 'UserError', message: expect.stringMatching(message) });
  });

  test('a name that is nothing can not be pinned or unpinned', async () => {
    await stock({});
    await expect(pinCache('nothing-of-it', { store: path })).rejects.toThrow(/There is no run, key or point "nothing-of-it"/);
    await expect(unpinCache('nothing', { store: path })).rejects.toThrow(/Nothing is pinned as "nothing"/);
  });
});

describe('memgeo cache verify', () => {
  async function damage(): Promise<void> {
    const [name] = await readdir(join(path, 'objects'));
    const file = join(path, 'objects', name!, 'tensor.arrow');
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(file, bytes);
  }

  test('says that all is well; moves a damaged object to quarantine, and says what runs again', async () => {
    await stock({ train: { values: 100 } });
    expect(await said(verifyCache({ store: path }))).toMatchObject({ code: 0, text: expect.stringMatching(/1 object hashed.*all are intact/) });
    await damage();
    expect(await said(verifyCache({ store: path }))).toMatchObject({ code: 1, text: expect.stringMatching(/damaged.*1 object hashed, .*: 1 damaged\nThese lack an output.*\n {2}train\n/s) });
    expect(await readdir(join(path, 'quarantine'))).toHaveLength(1);
  });

  test('a store that can only be read is looked at as well, and damage only told', async () => {
    await stock({ train: { values: 100 } });
    await damage();
    // The superuser may write everywhere, but not into a file as if it were a folder.
    await rm(join(path, 'work'), { recursive: true });
    await writeFile(join(path, 'work'), '');
    expect(await said(verifyCache({ store: path }))).toMatchObject({ code: 1, text: expect.stringMatching(/can't be written.*1 damaged/s) });
    expect(await readdir(join(path, 'quarantine'))).toHaveLength(0);
  });

  test('a record that is none is told of', async () => {
    await stock({ train: { values: 1 } });
    await writeFile(join(path, 'records', `${keyOf('x')}.json`), '{');
    expect(await said(verifyCache({ store: path }))).toMatchObject({ code: 1, text: expect.stringMatching(/1 record can't be read/) });
  });
});

describe('memgeo doctor', () => {
  test('tells of the machine, the disk and the store, and leaves nothing', async () => {
    await stock({ train: { values: 1 } });
    const { code, text } = await said(doctor({ store: path }));
    expect(code).toBe(0);
    for (const what of ['Node', 'machine', 'backend wasm', 'python3', 'git', 'disk', 'writing', 'store']) expect(text).toMatch(new RegExp(`^(yes|no|-) +${what} `, 'm'));
    expect((await readdir(path)).filter((name) => name.startsWith('.memgeo-doctor'))).toEqual([]);
  });

  test('a place that can not be written is an error', async () => {
    await writeFile(join(folder, 'file'), '');
    expect(await said(doctor({ store: join(folder, 'file/store') }))).toMatchObject({ code: 1, text: expect.stringMatching(/no +writing .*can't be written/) });
  });
});

describe('memgeo init', () => {
  test('makes an experiment named after its folder', async () => {
    const { text } = await said(init(join(folder, 'my experiment'), {}));
    expect(text).toMatch(/npm install\n {2}npx memgeo run pipeline\.yaml/);
    const at = join(folder, 'my experiment');
    expect((await readdir(at)).sort()).toEqual(['.gitignore', '.vscode', 'README.md', 'memgeo.schema.json', 'package.json', 'pipeline.yaml', 'programs']);
    expect(readFileSync(join(at, 'pipeline.yaml'), 'utf8')).toMatch(/^name: my-experiment$/m);
    expect(JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'))).toMatchObject({ private: true, dependencies: { '@memgeo/cli': expect.stringMatching(/^\^\d/) } });
  });

  test('uses an empty folder, and the packed packages of a folder', async () => {
    await mkdir(join(folder, 'packed'));
    for (const name of ['memgeo-cli-0.1.0.tgz', 'memgeo-stage-0.1.0.tgz', 'other.tgz']) await writeFile(join(folder, 'packed', name), '');
    await mkdir(join(folder, 'x'));
    await init(join(folder, 'x'), { packages: join(folder, 'packed') });
    expect((JSON.parse(readFileSync(join(folder, 'x/package.json'), 'utf8')) as { dependencies: object }).dependencies).toEqual({ '@memgeo/cli': 'file:../packed/memgeo-cli-0.1.0.tgz', '@memgeo/stage': 'file:../packed/memgeo-stage-0.1.0.tgz' });
  });

  test('refuses a folder that holds something, a file, a way through a file, a link to nothing, and packages that are none', async () => {
    await writeFile(join(folder, 'file'), '');
    await symlink(join(folder, 'gone'), join(folder, 'link'));
    await expect(init(folder, {})).rejects.toThrow(/must be empty or not there; it holds file, link\./);
    await expect(init(join(folder, 'file'), {})).rejects.toThrow(/is a file, so no folder of this name can be made/);
    await expect(init(join(folder, 'file/inner'), {})).rejects.toThrow(/file is a file, so the folder .*inner can be made/);
    await expect(init(join(folder, 'link'), {})).rejects.toThrow(/link to nothing/);
    await expect(init(join(folder, 'new'), { packages: folder })).rejects.toThrow(/--packages must be a folder with the files that npm pack makes.*has none/);
    await expect(init(join(folder, 'new'), { packages: join(folder, 'none') })).rejects.toThrow(/--packages must be a folder that can be read/);
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });
});

test('sizes and times are read and written in units of people', () => {
  expect([0, 999, 1000, 1536, 100 * 2 ** 20, 20.4 * 2 ** 30].map(formatBytes)).toEqual(['0 B', '999 B', '0.98 KiB', '1.5 KiB', '100 MiB', '20 GiB']);
  expect([5, 3 * 60_000, 30 * 3_600_000, 3 * day, 800 * day].map(formatAge)).toEqual(['now', '3 min', '30 h', '3 d', '2.2 y']);
  expect([parseAge('30d', ''), parseAge('1.5 h', ''), parseSize('20GiB', ''), parseSize('500 mb', ''), parseSize('0B', '')]).toEqual([30 * day, 5_400_000, 20 * 2 ** 30, 5e8, 0]);
});
