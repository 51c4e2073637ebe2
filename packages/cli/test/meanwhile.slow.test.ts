import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until, Workbench } from './workbench.js';

let bench: Workbench;
beforeAll(async () => { bench = await Workbench.create(); });
afterAll(() => bench.remove());

type Stages = { readonly [name: string]: { readonly script: string; readonly in?: readonly string[]; readonly more?: object } };

/** A pipeline of programs in shell, each with one output, in a folder of its own. */
async function programs(name: string, stages: Stages): Promise<string> {
  await mkdir(join(bench.folder, name), { recursive: true });
  const entries: { [stage: string]: object } = {};
  for (const [stage, { script, in: inputs = [], more = {} }] of Object.entries(stages)) {
    await writeFile(join(bench.folder, name, `${stage}.sh`), script);
    entries[stage] = { uses: `exec:sh ./${stage}.sh`, in: Object.fromEntries(inputs.map((input) => [input, input])), outputs: { made: { kind: 'folder', schema: 'made@1', format: 'folder' } }, ...more };
  }
  await writeFile(join(bench.folder, name, 'p.yaml'), JSON.stringify({ name, stages: entries }));
  return `${name}/p.yaml`;
}

const at = (...path: string[]) => join(bench.folder, ...path);
const run = (path: string, ...args: string[]) => bench.runPipeline(path, '--store', `${path}.store`, ...args);
const made = (name: string, stage: string) => readFile(at('results', name, stage, 'f'), 'utf8');
const failures = ({ events }: Awaited<ReturnType<typeof run>>) => events.flatMap((event) => (event.type === 'failed' ? [`${event.point}: ${event.failure}: ${event.error}`] : []));

describe('what a run reads changes while it goes on', () => {
  test('code that changes while a program runs: the result is not kept under the old key, nor under the new', async () => {
    const path = await programs('code', { one: { script: `touch ${at('code/begun')}; while [ ! -e ${at('code/go')} ]; do sleep 0.1; done; cat ${at('code/lib/v')} > "$MEMGEO_OUTPUT_made/f"`, more: { watch: ['./lib'] } } });
    await mkdir(at('code/lib'));
    await writeFile(at('code/lib/v'), 'old');
    const running = run(path);
    await until(() => existsSync(at('code/begun')));
    await writeFile(at('code/lib/v'), 'new');
    await writeFile(at('code/go'), '');
    const first = await running;
    expect(failures(first)).toEqual([expect.stringMatching(/^one: input: While it ran, its program \(.*\.\/lib\) changed\. .*not kept/)]);
    expect((await run(path)).ran).toEqual(['one']);
    expect(await made('code', 'one')).toBe('new');
    await writeFile(at('code/lib/v'), 'old');
    expect((await run(path)).ran).toEqual(['one']);
    expect(await made('code', 'one')).toBe('old');
  });

  test('code that changes while its point waits for its turn: the point runs under the new key', async () => {
    const path = await programs('turn', {
      first: { script: `touch ${at('turn/begun')}; while [ ! -e ${at('turn/go')} ]; do sleep 0.1; done; echo 1 > "$MEMGEO_OUTPUT_made/f"` },
      later: { script: `cat ${at('turn/lib/v')} > "$MEMGEO_OUTPUT_made/f"`, more: { watch: ['./lib'] } },
    });
    await mkdir(at('turn/lib'));
    await writeFile(at('turn/lib/v'), 'old');
    const running = run(path, '--jobs', '1');
    await until(() => existsSync(at('turn/begun')));
    await writeFile(at('turn/lib/v'), 'new');
    await writeFile(at('turn/go'), '');
    expect(await running).toMatchObject({ code: 0, ran: ['first', 'later'] });
    expect((await run(path)).cached).toEqual(['first', 'later']);
    await writeFile(at('turn/lib/v'), 'old');
    expect((await run(path)).ran).toEqual(['later']);
    expect(await made('turn', 'later')).toBe('old');
  });

  test('a program that leaves __pycache__ beside its code has not changed it', async () => {
    const path = await programs('python', { one: { script: `mkdir -p ${at('python/lib/__pycache__')}; date +%N > ${at('python/lib/__pycache__/x.pyc')}; echo 1 > "$MEMGEO_OUTPUT_made/f"`, more: { watch: ['./lib'] } } });
    await mkdir(at('python/lib'));
    await writeFile(at('python/lib/v'), '');
    expect((await run(path)).ran).toEqual(['one']);
    expect((await run(path)).cached).toEqual(['one']);
  });

  test('a program that writes to its input fails, and nothing is made of what it left', async () => {
    const path = await programs('input', {
      one: { script: 'echo good > "$MEMGEO_OUTPUT_made/f"' },
      bad: { script: 'echo bad > "$MEMGEO_INPUT_one/f"; echo 1 > "$MEMGEO_OUTPUT_made/f"', in: ['one'] },
      use: { script: 'cat "$MEMGEO_INPUT_one/f" > "$MEMGEO_OUTPUT_made/f"', in: ['one', 'bad'] },
    });
    const first = await run(path, '--keep-going');
    expect(failures(first)).toEqual([expect.stringMatching(/^bad: input: While it ran, its input one was written to\./)]);
    await writeFile(at('input/bad.sh'), 'echo 1 > "$MEMGEO_OUTPUT_made/f"');
    expect((await run(path)).ran).toEqual(['one', 'bad', 'use']);
    expect(await made('input', 'use')).toBe('good\n');
  });

  test('another run leaves alone the state of a point that is forced', async () => {
    const wait = `touch ${at('forced/begun')}; while [ ! -e ${at('forced/go')} ]; do sleep 0.1; done`;
    const path = await programs('forced', { one: { script: `${wait}; echo s > "$MEMGEO_STATE/s" && echo 1 > "$MEMGEO_OUTPUT_made/f"` } });
    await writeFile(at('forced/go'), '');
    expect((await run(path)).code).toBe(0);
    for (const name of ['go', 'begun']) await rm(at('forced', name));
    const running = run(path, '--force', 'one');
    await until(() => existsSync(at('forced/begun')));
    expect((await run(path)).cached).toEqual(['one']);
    await writeFile(at('forced/go'), '');
    expect(await running).toMatchObject({ code: 0, ran: ['one'] });
  });
});

describe('what runs write to', () => {
  test('may not be part of what they read', async () => {
    const path = await programs('inside', { one: { script: 'echo 1 > "$MEMGEO_OUTPUT_made/f"', more: { watch: ['.'] } } });
    for (const args of [['--store', 'inside/store'], ['--store', 'elsewhere', '--results', 'inside/a/b']]) {
      const outcome = await bench.runPipeline(path, ...args);
      expect(failures(outcome)).toEqual([expect.stringMatching(/^one: input: .* holds the (store|results) \(.*\), which each run changes.* by --(store|results)\.$/)]);
    }
    expect((await bench.memgeo('plan', path, '--store', 'inside/store')).stdout).toMatch(/can't run: .* holds the store/);
    expect((await bench.runPipeline(path, '--store', 'elsewhere')).code).toBe(0);
  });

  test('does not take the place of files that are no results', async () => {
    const path = await programs('src', { main: { script: 'echo 1 > "$MEMGEO_OUTPUT_made/f"' } });
    await mkdir(at('src/main/deep'), { recursive: true });
    await writeFile(at('src/main/deep/own'), 'own');
    expect(failures(await run(path, '--results', '.'))).toEqual([expect.stringMatching(/main: runner: .* it holds a file that is no result, .*deep\/own\./)]);
    expect(await readFile(at('src/main/deep/own'), 'utf8')).toBe('own');
  });

  test('is told apart for values whose names are long', async () => {
    const values = ['a', 'b'].map((last) => `${'ä'.repeat(99)}${last}`);
    const path = await programs('long', { one: { script: 'echo "$MEMGEO_PARAM_v" > "$MEMGEO_OUTPUT_made/f"', more: { matrix: { v: values }, with: { v: '${matrix.v}' } } } });
    expect((await run(path)).code).toBe(0);
    expect(await readdir(at('results/long/one'))).toHaveLength(2);
  });
});

test('after a failure nothing more is started, also of what was ready before; with --keep-going it is', async () => {
  const path = await programs('sweep', { one: { script: 'exit 3', more: { matrix: { i: [1, 2, 3, 4] }, with: { i: '${matrix.i}' } } } });
  expect(failures(await run(path, '--jobs', '1'))).toHaveLength(1);
  expect(failures(await run(path, '--jobs', '1', '--keep-going'))).toHaveLength(4);
});

test('a program that runs out of time takes with it what left its process group', async () => {
  const path = await programs('group', { one: { script: `setsid sh -c 'echo $$ > ${at('group/pid')}; exec sleep 300' &\ntrap '' TERM\nsleep 60\nsleep 60\n`, more: { timeout: '2 s' } } });
  expect(failures(await run(path))).toEqual([expect.stringMatching(/^one: timeout: /)]);
  const pid = Number(await readFile(at('group/pid'), 'utf8'));
  expect(existsSync(`/proc/${pid}`) && /^State:\s+[^Z]/m.test(await readFile(`/proc/${pid}/status`, 'utf8'))).toBe(false);
});

test('a line without an end does not end the run', async () => {
  const path = await programs('line', { one: { script: 'head -c 700000000 /dev/zero | tr "\\0" x >&2; exit 3' } });
  const outcome = await run(path);
  expect(failures(outcome)).toEqual([expect.stringMatching(/^one: exit: /)]);
  expect(outcome.stderr).not.toMatch(/RangeError/);
  await rm(at('line'), { recursive: true });
});

test('an input may be called as what every object has', async () => {
  const path = await programs('names', { constructor: { script: 'echo 1 > "$MEMGEO_OUTPUT_made/f"' }, toString: { script: 'cat "$MEMGEO_INPUT_constructor/f" > "$MEMGEO_OUTPUT_made/f"', in: ['constructor'] } });
  expect(await run(path)).toMatchObject({ code: 0, ran: ['constructor', 'toString'] });
  expect(await readdir(at('results/names'))).toEqual(['constructor', 'toString']);
});
