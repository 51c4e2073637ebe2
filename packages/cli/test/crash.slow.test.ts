import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Store } from '@memgeo/pipeline';
import { faultPoints, type FaultPoint } from '@memgeo/stage';
import { until, Workbench } from './workbench.js';

let bench: Workbench;
let sound: unknown;

const pipeline = `name: crash
stages:
  data: { uses: dataset/permute, with: { source: glyphs, classes: [A, B], trainPerClass: 4, testPerClass: 2, seed: 1 } }
  page:
    uses: exec:./page.sh
    in: { labels: data.labels }
    formats: { labels: csv }
    outputs: { page: { kind: folder, schema: page@1, format: folder } }
`;
const page = '#!/bin/sh\nsort "$MEMGEO_INPUT_labels" > "$MEMGEO_OUTPUT_page/index.html"\n';

beforeAll(async () => {
  bench = await Workbench.create();
  await writeFile(join(bench.folder, 'pipelines/crash.yaml'), pipeline);
  await writeFile(join(bench.folder, 'pipelines/page.sh'), page);
  await chmod(join(bench.folder, 'pipelines/page.sh'), 0o755);
  const { code, ran } = await run('sound');
  expect([code, ran]).toEqual([0, ['data', 'page']]);
  sound = await contents('sound');
});
afterAll(() => bench.remove());

const run = (name: string) => bench.runPipeline('pipelines/crash.yaml', '--store', `${name}/store`, '--results', `${name}/results`);
const breaking = (name: string, fault: string) => bench.memgeoIn({ MEMGEO_FAULT: fault }, 'run', 'pipelines/crash.yaml', '--plain', '--store', `${name}/store`, '--results', `${name}/results`);

/** What the records say was made, and what was copied out. */
async function contents(name: string): Promise<unknown> {
  const records = join(bench.folder, name, 'store/records');
  const outputs = await Promise.all((await readdir(records)).map(async (file) => {
    const { point, key, outputs: made } = JSON.parse(await readFile(join(records, file), 'utf8')) as { point: string; key: string; outputs: unknown };
    return [point, key, made];
  }));
  return { outputs: outputs.sort(), page: await readFile(join(bench.folder, name, 'results/crash/page/index.html'), 'utf8') };
}

/** What lies around that should not. */
async function leftovers(name: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ['work', 'leases', 'state', 'failed', 'quarantine']) for (const inner of await readdir(join(bench.folder, name, 'store', folder))) found.push(`${folder}/${inner}`);
  for (const inner of await readdir(join(bench.folder, name), { recursive: true })) if (/(^|\/)\.(?!gitignore)|partial/.test(inner)) found.push(inner);
  return found;
}

async function expectSound(name: string, { isAgain = true } = {}): Promise<void> {
  await until(() => bench.processes().length === 0, 10_000);
  const again = await run(name);
  expect([again.code, again.stderr]).toEqual([0, '']);
  expect(await contents(name)).toEqual(sound);
  expect(await leftovers(name)).toEqual([]);
  const store = Store.openForReading(join(bench.folder, name, 'store'));
  for (const digest of await store.objects.list()) expect(await store.objects.check(digest, () => undefined, { isThorough: true })).toBe('intact');
  if (isAgain) expect((await run(name)).cached).toEqual(['data', 'page']);
}

const inStage: readonly FaultPoint[] = ['stage-begun', 'stage-worked', 'result-written-aside', 'result-written'];
const inRunner = faultPoints.filter((name) => !inStage.includes(name));

test.each(inStage)('a stage that is killed at "%s" fails its point, and the next run is as if nothing had been', async (step) => {
  const { code, stderr } = await breaking(step, `${step}=kill`);
  expect(code).toBe(1);
  expect(stderr).toMatch(/data failed: .*\n.*killed by SIGKILL/);
  await expectSound(step);
});

test.each([...inRunner, 'object-moved#2', 'record-written#2'])('a runner that is killed at "%s" leaves nothing half-way, and the next run is as if nothing had been', async (step) => {
  const name = step.replace('#', '-');
  expect((await breaking(name, `${step}=kill`)).code).toBe(-1);
  await expectSound(name);
});

test.each(faultPoints.filter((name) => !['lease-released', 'work-removed'].includes(name)).map((name, i) => [i % 2 === 0 ? 'EIO' : 'ENOSPC', name] as const))('%s at "%s" is one error, and the next run is as if nothing had been', async (error, step) => {
  const name = `${error}-${step}`;
  const { code, stderr } = await breaking(name, `${step}=${error}`);
  expect([code, stderr.match(/failed: /g)?.length]).toEqual([1, 1]);
  expect(stderr).toMatch(error === 'EIO' ? /EIO/ : /disk space/);
  expect(stderr).not.toMatch(/^ +at .*dist/m);
  await expectSound(name, { isAgain: false });
});

describe('what has been stored and goes bad is made again, and said', () => {
  const damages: [string, RegExp, (store: string) => Promise<void>][] = [
    ['a bit of an object', /damaged/, async (store) => {
      for (const file of await artifactFiles(store)) { const bytes = await readFile(file); bytes[bytes.length >> 1]! ^= 4; await writeFile(file, bytes); }
    }],
    ['the end of an object', /damaged/, async (store) => { for (const file of await artifactFiles(store)) await writeFile(file, (await readFile(file)).subarray(0, -1)); }],
    ['the objects', /gone/, (store) => rm(join(store, 'objects'), { recursive: true })],
    ['the records', /record of its last run is gone/, (store) => rm(join(store, 'records'), { recursive: true })],
    ['a bit of each record', /record of its last run is gone/, async (store) => {
      for (const name of await readdir(join(store, 'records'))) { const bytes = await readFile(join(store, 'records', name)); bytes[0]! ^= 4; await writeFile(join(store, 'records', name), bytes); }
    }],
    ['everything but the folders', /has not run before/, async (store) => { for (const name of await readdir(store)) for (const inner of await readdir(join(store, name)).catch(() => [])) await rm(join(store, name, inner), { recursive: true }); }],
    ['the whole store', /has not run before/, (store) => rm(store, { recursive: true })],
  ];
  test.each(damages)('%s', async (what, reason, damage) => {
    const name = what.replaceAll(' ', '-');
    await run(name);
    await damage(join(bench.folder, name, 'store'));
    const again = await run(name);
    expect([again.code, again.ran]).toEqual([0, ['data', 'page']]);
    expect(again.reasons.data).toMatch(reason);
    if (reason.source === 'damaged') expect(again.messages.filter((line) => /^data \| warning: A stored result is damaged .*quarantine/.test(line)).length).toBeGreaterThan(0);
    expect(await contents(name)).toEqual(sound);
    expect((await run(name)).ran).toEqual([]);
  });

  async function artifactFiles(store: string): Promise<string[]> {
    const folder = join(store, 'objects');
    return (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && entry.name !== 'artifact.json').map((entry) => join(entry.parentPath, entry.name));
  }
});

describe('runners on one store at once', () => {
  // Each execution leaves a line, so that nothing that runs twice is missed.
  const sweep = `name: sweep
params: { numbers: [1, 2, 3, 4, 5, 6] }
stages:
  one:
    uses: exec:./one.sh
    matrix: { number: "\${params.numbers}" }
    with: { number: "\${matrix.number}" }
    outputs: { text: { kind: folder, schema: text@1, format: folder } }
  all:
    uses: exec:./all.sh
    in: { texts: "one[*]" }
    outputs: { text: { kind: folder, schema: text@1, format: folder } }
`;
  beforeAll(async () => {
    await writeFile(join(bench.folder, 'pipelines/sweep.yaml'), sweep);
    const log = join(bench.folder, 'executed');
    await writeFile(join(bench.folder, 'pipelines/one.sh'), `#!/bin/sh\necho $MEMGEO_PARAM_number >> ${log}\nsleep 0.2\necho $MEMGEO_PARAM_number > "$MEMGEO_OUTPUT_text/number"\n`);
    await writeFile(join(bench.folder, 'pipelines/all.sh'), `#!/bin/sh\necho all >> ${log}\necho all > "$MEMGEO_OUTPUT_text/all"\n`);
    for (const name of ['one.sh', 'all.sh']) await chmod(join(bench.folder, 'pipelines', name), 0o755);
  });
  const executed = async () => (await readFile(join(bench.folder, 'executed'), 'utf8')).trim().split('\n').sort();
  const runSweep = (store: string, ...args: string[]) => bench.runPipeline('pipelines/sweep.yaml', '--store', store, '--results', `${store}-results`, ...args);

  test.each([2, 8])('%d of them: each key is executed once, and all finish', async (count) => {
    await rm(join(bench.folder, 'executed'), { force: true });
    const outcomes = await Promise.all(Array.from({ length: count }, (_, i) => runSweep(`shared-${count}`, '--results', `results-${count}-${i}`)));
    expect(outcomes.map(({ code, stderr }) => [code, stderr])).toEqual(outcomes.map(() => [0, '']));
    expect(await executed()).toEqual(['1', '2', '3', '4', '5', '6', 'all']);
    for (const { ran, cached } of outcomes) expect([...ran, ...cached].length).toBe(7);
    expect(outcomes.flatMap(({ ran }) => ran).length).toBe(7);
    expect(await readdir(join(bench.folder, `shared-${count}/leases`))).toEqual([]);
    expect(await readdir(join(bench.folder, `shared-${count}/work`))).toEqual([]);
  });

  test('one that dies is followed by one that waits for it; who only reads waits for no one', async () => {
    await writeFile(join(bench.folder, 'pipelines/slow.yaml'), 'name: slow\nstages:\n  one: { uses: exec:./slow.sh, outputs: { text: { kind: folder, schema: text@1, format: folder } } }\n');
    await writeFile(join(bench.folder, 'pipelines/slow.sh'), '#!/bin/sh\n[ -e "$MEMGEO_STATE/begun" ] || { touch "$MEMGEO_STATE/begun"; sleep 600; }\necho done > "$MEMGEO_OUTPUT_text/text"\n');
    await chmod(join(bench.folder, 'pipelines/slow.sh'), 0o755);
    const first = bench.start('run', 'pipelines/slow.yaml', '--plain', '--store', 'waiting');
    await until(() => bench.processes().some((line) => line.includes('slow.sh')));
    const second = bench.start('run', 'pipelines/slow.yaml', '--plain', '--store', 'waiting');
    await until(() => /one \| waits for process \d+ on /.test(second.output()));
    const started = Date.now();
    for (const args of [['plan', 'pipelines/slow.yaml'], ['why', 'pipelines/slow.yaml', 'one'], ['cache', 'ls'], ['graph', 'pipelines/slow.yaml']]) expect((await bench.memgeo(...args, '--store', 'waiting')).code).toBe(0);
    expect(Date.now() - started).toBeLessThan(60_000);
    first.kill('SIGKILL');
    expect(await second.ended).toBe(0);
    expect(second.output()).toMatch(/one \| ran in/);
    expect(bench.processes()).toEqual([]);
  });
});

const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
const mounted = canMount ? test : test.skip;
const script = (lines: string[]) => spawnSync('unshare', ['-rm', 'sh', '-c', lines.join('\n')], { cwd: bench.folder, encoding: 'utf8' });
const memgeo = 'node packages/cli/bin/memgeo.js';

mounted('a store whose objects lie on another file system works as any other', async () => {
  await mkdir(join(bench.folder, 'split/objects'), { recursive: true });
  const { stdout, stderr } = script([
    'mount -t tmpfs tmpfs split/objects',
    `${memgeo} run pipelines/crash.yaml --plain --store split --results split-results; echo first $?`,
    `${memgeo} run pipelines/crash.yaml --plain --store split --results split-results; echo second $?`,
    'ls -A split/objects split/work',
  ]);
  expect([stderr, stdout]).toEqual(['', expect.stringMatching(/2 ran in[\s\S]*first 0[\s\S]*2 cached in[\s\S]*second 0/)]);
  expect(stdout).not.toMatch(/^\./m);
});

mounted('a store that can only be read: it is read, and a run says so in one paragraph', async () => {
  await run('frozen');
  const { stdout, stderr } = script([
    'mount --bind frozen/store frozen/store && mount -o remount,ro,bind frozen/store',
    ...['plan pipelines/crash.yaml', 'why pipelines/crash.yaml page', 'lineage page', 'show page', 'cache ls', 'cache verify', 'run pipelines/crash.yaml --plain'].map((line) => `${memgeo} ${line} --store frozen/store > out 2>&1; echo "${line.split(' ').slice(0, 2).join(' ')}: $?"; [ $? = 0 ] && cat out`),
  ]);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/plan pipelines\/crash\.yaml: 0[\s\S]*everything is cached/);
  for (const verb of ['why pipelines/crash.yaml', 'lineage page', 'show page', 'cache ls', 'cache verify']) expect(stdout).toContain(`${verb}: 0`);
  expect(stdout).toMatch(/run pipelines\/crash\.yaml: 2\nThe store .*frozen\/store can't be written: .*EROFS.*choose another by --store\. What is in it can still be read/);
});

mounted('a disk that is full: one error that says so; once there is space the run goes on, and nothing is left over', async () => {
  const { stdout, stderr } = script([
    'mkdir -p full && mount -t tmpfs -o size=60k tmpfs full',
    `${memgeo} run pipelines/crash.yaml --plain --store full/store --results full/results; echo first $?`,
    'mount -o remount,size=100m full',
    `${memgeo} run pipelines/crash.yaml --plain --store full/store --results full/results; echo second $?`,
    'ls full/store/work full/store/leases full/store/state full/store/failed',
  ]);
  expect(stdout).toMatch(/first [12]/);
  expect(stderr).toMatch(/full|no space left/i);
  expect(stderr).not.toMatch(/^ +at |Unhandled/m);
  expect(stdout).toMatch(/second 0\nfull\/store\/failed:\n\nfull\/store\/leases:\n\nfull\/store\/state:\n\nfull\/store\/work:\n$/);
});
