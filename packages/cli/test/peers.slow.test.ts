import { spawnSync } from 'node:child_process';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunEvent } from '@memgeo/pipeline';
import { until, Workbench } from './workbench.js';

let bench: Workbench;
beforeAll(async () => { bench = await Workbench.create(); });
afterAll(() => bench.remove());

const text = 'outputs: { text: { kind: folder, schema: text@1, format: folder } }';
const write = (path: string, content: string) => writeFile(join(bench.folder, 'pipelines', path), content);
const program = async (path: string, ...lines: string[]) => {
  await write(path, ['#!/bin/sh', 'set -e', ...lines, ''].join('\n'));
  await chmod(join(bench.folder, 'pipelines', path), 0o755);
};
const pipeline = (name: string, ...stages: string[]) => write(`${name}.yaml`, [`name: ${name}`, 'stages:', ...stages.map((stage) => `  ${stage}`), ''].join('\n'));
const run = (name: string, ...args: string[]) => bench.runPipeline(`pipelines/${name}.yaml`, ...args);
const result = (name: string, stage: string, file: string) => readFile(join(bench.folder, 'results', name, stage, file), 'utf8');

/** Each was seen in that tool (Nx 22 and 23, Snakemake 9, DVC 3, Nextflow 25), or is how it is made. */
describe('what others get wrong', () => {
  test('Nx: a declared input that git ignores changes, and the old result is served', async () => {
    await write('.gitignore', 'data.txt\n');
    await write('data.txt', 'old');
    spawnSync('git', ['init', '-q'], { cwd: join(bench.folder, 'pipelines') });
    await program('copy.sh', `cp ${join(bench.folder, 'pipelines/data.txt')} "$MEMGEO_OUTPUT_text/data"`);
    await pipeline('ignored', `copy: { uses: exec:./copy.sh, watch: [./data.txt], ${text} }`);
    await run('ignored');
    await write('data.txt', 'new');
    const { ran, reasonsOf } = await run('ignored');
    expect([ran, reasonsOf.copy]).toEqual([['copy'], [expect.objectContaining({ kind: 'code', field: './data.txt' })]]);
    expect(await result('ignored', 'copy', 'data')).toBe('new');
  });

  test('Nx: bytes in the cache are changed, and come back as a hit', async () => {
    await program('say.sh', 'echo right > "$MEMGEO_OUTPUT_text/said"');
    await pipeline('bytes', `say: { uses: exec:./say.sh, ${text} }`);
    await run('bytes', '--store', 'bytes');
    const objects = join(bench.folder, 'bytes/objects');
    for (const name of await readdir(objects)) await writeFile(join(objects, name, 'said'), 'wrong\n');
    await rm(join(bench.folder, 'results/bytes'), { recursive: true });
    expect((await run('bytes', '--store', 'bytes')).ran).toEqual(['say']);
    expect(await result('bytes', 'say', 'said')).toBe('right\n');
  });

  test('Nx: the cache is emptied, and success is told while nothing is restored', async () => {
    await pipeline('emptied', `say: { uses: exec:./say.sh, ${text} }`);
    await run('emptied', '--store', 'emptied');
    for (const name of await readdir(join(bench.folder, 'emptied/objects'))) await rm(join(bench.folder, 'emptied/objects', name), { recursive: true });
    await rm(join(bench.folder, 'results/emptied'), { recursive: true });
    expect((await run('emptied', '--store', 'emptied')).ran).toEqual(['say']);
    expect(await result('emptied', 'say', 'said')).toBe('right\n');
  });

  test('Snakemake: two named inputs are swapped, and the old result comes back', async () => {
    await program('one.sh', 'echo "$MEMGEO_PARAM_word" > "$MEMGEO_OUTPUT_text/word"');
    await program('join.sh', 'cat "$MEMGEO_INPUT_left/word" "$MEMGEO_INPUT_right/word" > "$MEMGEO_OUTPUT_text/words"');
    const swapped = (left: string, right: string) => pipeline('swapped',
      `a: { uses: exec:./one.sh, with: { word: a }, ${text} }`, `b: { uses: exec:./one.sh, with: { word: b }, ${text} }`,
      `both: { uses: exec:./join.sh, in: { left: ${left}, right: ${right} }, ${text} }`);
    await swapped('a', 'b');
    await run('swapped');
    expect(await result('swapped', 'both', 'words')).toBe('a\nb\n');
    await swapped('b', 'a');
    const { ran, reasonsOf } = await run('swapped');
    expect([ran, reasonsOf.both!.map(({ field }) => field)]).toEqual([['both'], ['in.left', 'in.right']]);
    expect(await result('swapped', 'both', 'words')).toBe('b\na\n');
  });

  test('Snakemake: kill -9 leaves half a file that is taken for a result, and an orphan that goes on', async () => {
    await program('half.sh', 'echo half > "$MEMGEO_OUTPUT_text/text"', `[ -e ${join(bench.folder, 'patient')} ] || { touch ${join(bench.folder, 'patient')}; sleep 600; }`, 'echo whole > "$MEMGEO_OUTPUT_text/text"');
    await pipeline('half', `half: { uses: exec:./half.sh, ${text} }`);
    const child = bench.start('run', 'pipelines/half.yaml', '--plain');
    await until(() => bench.processes().some((line) => line.includes('half.sh')));
    child.kill('SIGKILL');
    await child.ended;
    await until(() => bench.processes().length === 0, 10_000);
    expect((await run('half')).ran).toEqual(['half']);
    expect(await result('half', 'half', 'text')).toBe('whole\n');
  });

  test('DVC: the outputs of the last run are gone after one that fails', async () => {
    await program('fails.sh', 'echo first > "$MEMGEO_OUTPUT_text/text"');
    await pipeline('failing', `fails: { uses: exec:./fails.sh, ${text} }`);
    await run('failing');
    await program('fails.sh', 'echo second > "$MEMGEO_OUTPUT_text/text"', 'exit 3');
    const failed = await run('failing');
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringMatching(/fails failed: /)]);
    expect(await result('failing', 'fails', 'text')).toBe('first\n');
    // Nor is the old result forgotten.
    await program('fails.sh', 'echo first > "$MEMGEO_OUTPUT_text/text"');
    expect((await run('failing')).cached).toEqual(['fails']);
  });

  test('DVC: stages that need nothing of each other do not run at once', async () => {
    await program('slow.sh', 'sleep 1', 'echo "$MEMGEO_PARAM_word" > "$MEMGEO_OUTPUT_text/word"');
    await pipeline('parallel', `a: { uses: exec:./slow.sh, with: { word: a }, ${text} }`, `b: { uses: exec:./slow.sh, with: { word: b }, ${text} }`);
    const { events } = await run('parallel', '--jobs', '2');
    const order = events.flatMap((event: RunEvent) => (event.type === 'started' || event.type === 'done' ? [event.type] : []));
    expect(order).toEqual(['started', 'started', 'done', 'done']);
  });

  test('Nextflow: what one session made is made again by another', async () => {
    await pipeline('first', `say: { uses: exec:./say.sh, ${text} }`);
    await pipeline('second', `speak: { uses: exec:./say.sh, ${text} }`);
    await run('first', '--store', 'sessions');
    expect((await run('second', '--store', 'sessions')).cached).toEqual(['speak']);
  });
});
