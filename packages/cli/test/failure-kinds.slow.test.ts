import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FailureKind, RunEvent } from '@memgeo/pipeline';
import { Workbench } from './workbench.js';

let bench: Workbench;
beforeAll(async () => { bench = await Workbench.create(); });
afterAll(() => bench.remove());
beforeEach(() => rm(join(bench.folder, 'count'), { force: true }));

/** A pipeline of one program in shell; `entry` is added to its stage. */
async function one(name: string, script: string, entry = ''): Promise<(...args: string[]) => ReturnType<Workbench['runPipeline']>> {
  await writeFile(join(bench.folder, `pipelines/${name}.sh`), `#!/bin/sh\n${script}\n`);
  await chmod(join(bench.folder, `pipelines/${name}.sh`), 0o755);
  const outputs = entry.includes('outputs:') ? '' : 'outputs: { text: { kind: folder, schema: text@1, format: folder } }';
  await writeFile(join(bench.folder, `pipelines/${name}.yaml`), `name: ${name}\nstages:\n  one: { uses: exec:./${name}.sh, ${[outputs, entry].filter((part) => part !== '').join(', ')} }\n`);
  return (...args) => bench.runPipeline(`pipelines/${name}.yaml`, ...args);
}
const failures = (events: readonly RunEvent[]) => events.flatMap((event) => (event.type === 'failed' ? [event] : []));
/** Says how often it has been called; writes its output from the third time on. */
const thirdTime = (otherwise: string) => `echo x >> ${join(bench.folder, 'count')}\n[ $(wc -l < ${join(bench.folder, 'count')}) -ge 3 ] || { ${otherwise}; }\necho done > "$MEMGEO_OUTPUT_text/text"`;

describe('failures are told apart', () => {
  test.each<[FailureKind, string, string, string, RegExp]>([
    ['exit', 'exit-code', 'echo one; echo two >&2; exit 3', '', /exit code 3[\s\S]*two/],
    ['signal', 'by-signal', 'kill -SEGV $$', '', /SIGSEGV/],
    ['timeout', 'too-long', 'sleep 60', 'timeout: 1 s', /longer than its timeout of 1 s/],
    ['out-of-memory', 'memory', 'ulimit -v 400000; exec python3 -c "x = bytearray(10**9)"', '', /MemoryError/],
    ['error', 'says-so', 'echo \'{ "status": "failed", "message": "No class is called x." }\' > "$MEMGEO_RESULT"', '', /No class is called x\./],
    ['bad-output', 'nothing', ':', 'outputs: { text: { kind: table, schema: text@1, format: csv, columns: { a: int32 } } }', /text/],
    ['bad-output', 'undeclared', 'echo x > "$MEMGEO_OUTPUT_text/../other"', '', /"?other"?/],
    ['bad-output', 'wrong-type', 'printf "a\\nseven\\n" > "$MEMGEO_OUTPUT_text"', 'outputs: { text: { kind: table, schema: text@1, format: csv, columns: { a: int32 } } }', /seven/],
    ['bad-output', 'link', 'ln -s /etc/passwd "$MEMGEO_OUTPUT_text/passwd"', '', /passwd/],
  ])('%s: %s', async (kind, name, script, entry, message) => {
    const run = await one(name, script, entry);
    const { code, events, stderr } = await run();
    expect(code).toBe(1);
    expect(failures(events)).toEqual([expect.objectContaining({ point: 'one', failure: kind, error: expect.stringMatching(message), attempt: 1, willRetry: false })]);
    expect(stderr).toMatch(/one failed: it /);
    expect(stderr).not.toMatch(/^ +at .*dist/m);
    // The work is kept, and named.
    const kept = failures(events)[0]!.workFolder!;
    expect(await readdir(kept)).toContain('job.json');
    expect(stderr).toContain('Its work folder is kept: .memgeo/failed/');
    // It is remembered, and never taken for a result.
    expect(JSON.parse((await bench.memgeo('plan', `pipelines/${name}.yaml`, '--json')).stdout)).toMatchObject({ points: [{ state: 'runs', reasons: [{ kind: 'failed', before: kind }] }] });
  });

  test('a program that is not there could not be started', async () => {
    await writeFile(join(bench.folder, 'pipelines/absent.yaml'), 'name: absent\nstages:\n  one: { uses: "exec:no-such-program-anywhere", outputs: { text: { kind: folder, schema: text@1 } } }\n');
    const { code, events } = await bench.runPipeline('pipelines/absent.yaml');
    expect(code).toBe(1);
    expect(failures(events)).toEqual([expect.objectContaining({ failure: 'start', error: expect.stringMatching(/no-such-program-anywhere/) })]);
  });
});

describe('retries', () => {
  test('--retry tries again what may pass by itself, and what is kept of the failures goes with success', async () => {
    const run = await one('flaky', thirdTime('exit 3'));
    const { code, events } = await run('--retry', '2');
    expect(code).toBe(0);
    expect(failures(events).map(({ attempt, willRetry }) => [attempt, willRetry])).toEqual([[1, true], [2, true]]);
    expect(failures(events).every(({ workFolder }) => !existsSync(workFolder!))).toBe(true);
  });

  test('--retry does not try again what the stage itself calls wrong', async () => {
    const run = await one('wrong', thirdTime('echo \'{ "status": "failed", "message": "Wrong." }\' > "$MEMGEO_RESULT"; exit 0'));
    expect(failures((await run('--retry', '5')).events)).toHaveLength(1);
  });

  test('retry in the pipeline file names kinds and their number', async () => {
    const run = await one('named', thirdTime('exit 3'), 'retry: { exit: 1, timeout: 5 }');
    const { code, events } = await run();
    expect([code, failures(events).map(({ willRetry }) => willRetry)]).toEqual([1, [true, false]]);
    expect((await run()).code).toBe(0);
  });
});

test('--keep-going goes on with what does not depend on a failure; --only failed brings just that', async () => {
  await writeFile(join(bench.folder, 'pipelines/some.sh'), `#!/bin/sh\n[ "$MEMGEO_PARAM_number" != 2 ] || [ -e ${join(bench.folder, 'mended')} ] || exit 1\necho $MEMGEO_PARAM_number > "$MEMGEO_OUTPUT_text/text"\n`);
  await chmod(join(bench.folder, 'pipelines/some.sh'), 0o755);
  const output = 'outputs: { text: { kind: folder, schema: text@1, format: folder } }';
  await writeFile(join(bench.folder, 'pipelines/some.yaml'), ['name: some', 'stages:', `  first: { uses: exec:./some.sh, matrix: { number: [1, 2, 3] }, with: { number: "\${matrix.number}" }, ${output} }`,
    `  second: { uses: exec:./some.sh, matrix: { number: [1, 2, 3] }, in: { text: "first[number=\${matrix.number}]" }, with: { number: 7 }, ${output} }`, ''].join('\n'));
  const run = (...args: string[]) => bench.runPipeline('pipelines/some.yaml', ...args);
  const first = await run('--keep-going');
  expect(first.code).toBe(1);
  expect([...first.ran].sort()).toEqual(['first[number=1]', 'first[number=3]', 'second[number=1]', 'second[number=3]']);
  expect(first.events.filter(({ type }) => type === 'skipped')).toEqual([expect.objectContaining({ point: 'second[number=2]', because: 'first[number=2] did not succeed' })]);
  await writeFile(join(bench.folder, 'mended'), '');
  expect((await run('--only', 'failed')).ran).toEqual(['first[number=2]']);
  expect((await run('--only', 'failed')).ran).toEqual([]);
  expect((await run()).ran).toEqual(['second[number=2]']);
});

test('a stage learns nothing of the environment but what it needs', async () => {
  await one('environment', 'env | sort > "$MEMGEO_OUTPUT_text/env"', 'env: { MY_SETTING: given }');
  const { code } = await bench.memgeoIn({ SECRET_TOKEN: 'hush', AWS_SECRET_ACCESS_KEY: 'hush', NODE_OPTIONS: '' }, 'run', 'pipelines/environment.yaml', '--plain');
  expect(code).toBe(0);
  const seen = await readFile(join(bench.folder, 'results/environment/one/env'), 'utf8');
  expect(seen).toMatch(/^MY_SETTING=given$/m);
  expect(seen).toMatch(/^PATH=/m);
  expect(seen).not.toMatch(/hush|NODE_OPTIONS|SECRET/);
});

test('accelerators are shared out: each stage sees its own', async () => {
  await one('gpu', 'echo "$MEMGEO_PARAM_n $CUDA_VISIBLE_DEVICES" > "$MEMGEO_OUTPUT_text/seen"; sleep 1', 'matrix: { n: [1, 2, 3, 4] }, with: { n: "${matrix.n}" }, resources: { accelerators: 1 }');
  const { code } = await bench.memgeo('run', 'pipelines/gpu.yaml', '--plain', '--jobs', '4', '--accelerators', '2');
  expect(code).toBe(0);
  const seen = await Promise.all([1, 2, 3, 4].map((n) => readFile(join(bench.folder, `results/gpu/one/n=${n}/seen`), 'utf8')));
  expect(new Set(seen.map((line) => line.trim().split(' ')[1]))).toEqual(new Set(['0', '1']));
});
