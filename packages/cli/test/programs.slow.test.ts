import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until, Workbench } from './workbench.js';

const root = join(import.meta.dirname, '../../..');
const hasPython = spawnSync('python3', ['--version']).status === 0;
const whenPython = hasPython ? test : test.skip;

let bench: Workbench;
beforeAll(async () => {
  bench = await Workbench.create();
  await cp(join(root, 'pipelines/any-language.yaml'), join(bench.folder, 'pipelines/any-language.yaml'));
  await cp(join(root, 'pipelines/programs'), join(bench.folder, 'pipelines/programs'), { recursive: true });
});
afterAll(() => bench.remove());

const pipeline = 'pipelines/any-language.yaml';
const ran = ({ stdout }: { stdout: string }): string[] => [...stdout.matchAll(/^(\S+) \| ran in/gm)].map((match) => match[1]!);

/** A pipeline of the labels of a small data set and one program in shell. */
async function ownPipeline(name: string, script: string): Promise<string> {
  const folder = join(bench.folder, 'own');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.sh`), script);
  await writeFile(join(folder, `${name}.yaml`), `name: ${name}
stages:
  data: { uses: dataset/permute, with: { source: glyphs, classes: [A, B], trainPerClass: 4, testPerClass: 2 } }
  own:
    uses: exec:sh ./${name}.sh
    in: { labels: data.labels }
    formats: { labels: csv }
    outputs: { made: { kind: folder, schema: made@1, format: folder } }
`);
  return `own/${name}.yaml`;
}

whenPython('(python3) the pipeline of docs/any-language.md runs, and a second run finds everything cached', async () => {
  const first = await bench.memgeo('run', pipeline, '--plain');
  expect(first.code).toBe(0);
  expect(ran(first)).toEqual(expect.arrayContaining(['summary', 'counts']));
  const shown = await bench.memgeo('show', 'summary');
  expect(shown.stdout).toMatch(/schema summary@1/);
  expect(shown.stdout).toMatch(/^ *dense1\.relu +3 +0\.\d+ +0\.\d+$/m);
  const second = await bench.memgeo('run', pipeline, '--plain');
  expect(second.code).toBe(0);
  expect(ran(second)).toEqual([]);
});

whenPython('(python3) a program runs again when its code or its parameters change, and nothing else does', async () => {
  await bench.edit('pipelines/programs/summary.py', 'statistics.fmean(found)', 'statistics.median(found)');
  const edited = await bench.memgeo('run', pipeline, '--plain');
  expect(ran(edited)).toEqual(['summary']);
  expect(edited.stdout).toMatch(/summary \| starts: .*programs\/summary\.py/);
  const changed = await bench.memgeo('run', pipeline, '--plain', '--set', 'stages.summary.with.measure=radius');
  expect(ran(changed)).toEqual(['summary']);
  expect(changed.stdout).toMatch(/summary \| starts: .*with\.measure/);
});

whenPython('(python3) what a program says of its failure is what the user reads', async () => {
  const failed = await bench.memgeo('run', pipeline, '--plain', '--set', 'stages.summary.with.measure=beauty');
  expect(failed.code).toBe(1);
  expect(failed.stdout + failed.stderr).toMatch(/No table has a value of beauty of the set test\./);
  expect(failed.stdout + failed.stderr).not.toMatch(/StageError| at .*\.js:\d+/);
});

test('a program that fails is told with its last lines, and runs again by hand in the folder that is kept', async () => {
  const failed = await bench.memgeo('run', await ownPipeline('failing', 'wc -l < "$MEMGEO_INPUT_labels" >&2\necho no good >&2\nexit 3\n'), '--plain', '--store', 'kept');
  expect(failed.code).toBe(1);
  expect(failed.stdout + failed.stderr).toMatch(/The program \(sh failing\.sh\) ended with exit code 3\.\s+Its last lines:\s+13\s+no good/);
  const [key] = await readdir(join(bench.folder, 'kept/failed'));
  const again = spawnSync('sh', [join(bench.folder, 'kept/failed', key!, 'program/run.sh')], { encoding: 'utf8' });
  expect(again).toMatchObject({ status: 3, stderr: '13\nno good\n' });
});

test('kill -9 of the runner ends the program, and what the program started', async () => {
  const pids = join(bench.folder, 'pids');
  const child = bench.start('run', await ownPipeline('sleeping', `sleep 1000 &\necho $! $$ > ${pids}.new\nmv ${pids}.new ${pids}\nsleep 1000\n`), '--plain', '--store', 'killed');
  await until(() => existsSync(pids));
  child.kill('SIGKILL');
  await child.ended;
  const alive = async (): Promise<boolean> => (await readFile(pids, 'utf8')).trim().split(' ').some((pid) => /^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).stdout.trim()));
  await until(async () => !(await alive()), 10_000);
  expect(await alive()).toBe(false);
});

test('a program that writes what it did not declare leaves nothing in the store', async () => {
  const failed = await bench.memgeo('run', await ownPipeline('undeclared', 'touch "$MEMGEO_OUTPUT_made/x" "$MEMGEO_OUTPUT_made/../notes.txt"\n'), '--plain', '--store', 'undeclared');
  expect(failed.code).toBe(1);
  expect(failed.stdout + failed.stderr).toMatch(/wrote "notes\.txt" into its outputs folder, which is declared nowhere/);
  const records = await readdir(join(bench.folder, 'undeclared/records'));
  expect(records).toHaveLength(1);
  expect(await readFile(join(bench.folder, 'undeclared/records', records[0]!), 'utf8')).toContain('"dataset/permute"');
});
