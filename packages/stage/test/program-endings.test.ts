import { execFile } from 'node:child_process';
import { access, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { jest } from '@jest/globals';
import { programStage } from '../src/index.js';
import { hasPython, ProgramBench, success, failure } from './program-bench.js';

let bench: ProgramBench;
let printed: string;
const whenPython = hasPython ? test : test.skip;
beforeEach(async () => {
  bench = await ProgramBench.create();
  printed = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((bytes) => { printed += String(bytes); return true; });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await bench.remove();
});

test('a program without a result is done if it ends with exit code 0, and what it says in a result become facts', async () => {
  expect(success(await bench.sh('touch "$MEMGEO_OUTPUT_out/x"')).facts).toEqual({});
  expect(success(await bench.sh('touch "$MEMGEO_OUTPUT_out/x"; echo \'{"status": "done", "facts": {"rows": [1, null]}}\' > "$MEMGEO_RESULT"')).facts).toEqual({ rows: [1, null] });
});

test('a program may say itself why it failed, whatever its exit code', async () => {
  const say = 'echo \'{"status": "failed", "message": "geometry has no rows."}\' > "$MEMGEO_RESULT"';
  for (const exit of ['exit 0', 'exit 3']) expect(failure(await bench.sh(`${say}; ${exit}`))).toEqual({ name: 'StageError', kind: 'error', message: 'geometry has no rows.' });
});

test.each([
  ['no JSON', '{"status": "do', /it is no JSON/],
  ['of another status', '{"status": "fine"}', /status/],
  ['with a field too many', '{"status": "done", "rows": 1}', /rows/],
  ['a list', '[]', /must be \{"status": "done"/],
])('a result that is %s is a bad output', async (_, text, message) => {
  const result = failure(await bench.sh(`touch "$MEMGEO_OUTPUT_out/x"; cat > "$MEMGEO_RESULT" <<'END'\n${text}\nEND`));
  expect(result.kind).toBe('bad-output');
  expect(result.message).toMatch(/^The program's result\.json must be/);
  expect(result.message).toMatch(message);
});

test('a result that is a link or beyond all size is refused unread', async () => {
  expect(failure(await bench.sh('ln -s /dev/zero "$MEMGEO_RESULT"')).message).toMatch(/it is no file/);
  expect(failure(await bench.sh('head -c 2000000 /dev/zero > "$MEMGEO_RESULT"')).message).toMatch(/it has 2000000 bytes, of at most/);
});

test('an exit code is told with the last lines of standard error, in one error, without a stack', async () => {
  const result = failure(await bench.sh('echo out; for i in $(seq 40); do echo "line $i" >&2; done; printf \'\\033[2Jcolored\' >&2; exit 3'));
  expect(result).toEqual({ name: 'StageError', kind: 'exit', message: expect.any(String) as string });
  expect(result.message).toMatch(/^The program \(sh program\.sh\) ended with exit code 3\.\nIts last lines:\n {2}line 27\n/);
  expect(result.message).toMatch(/line 40\n {2}\uFFFD\[2Jcolored$/);
  expect(printed).toMatch(/^line 1\n/);
});

test('a program that fails without a word on standard error is told by what it printed, or that it printed nothing', async () => {
  expect(failure(await bench.sh('echo "no such layer"; exit 1')).message).toMatch(/exit code 1\.\nIts last lines:\n {2}no such layer$/);
  expect(failure(await bench.sh('exit 1')).message).toMatch(/exit code 1\. It printed nothing\.$/);
});

test('a signal is told by its name', async () => {
  const result = failure(await bench.sh('echo before >&2; kill -SEGV $$'));
  expect(result).toMatchObject({ kind: 'signal', message: expect.stringMatching(/was ended by SIGSEGV\.\nIts last lines:\n {2}before$/) as string });
  expect(failure(await bench.sh('kill -KILL $$'))).toMatchObject({ kind: 'signal', message: expect.stringMatching(/was ended by SIGKILL\. Somebody did that, or memory ran out/) as string });
});

whenPython('(python3) a MemoryError is told as want of memory, with its last lines', async () => {
  const result = failure(await bench.python('import resource\nresource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))\nbytearray(1 << 30)\n'));
  expect(result).toMatchObject({ kind: 'out-of-memory', message: expect.stringMatching(/^The program \(python3 program\.py\) ran out of memory: it ended with exit code 1\. Lower --jobs/) as string });
  expect(result.message).toMatch(/MemoryError$/);
});

test('a full disk is told as one', async () => {
  const result = failure(await bench.sh('head -c 100 /dev/zero > /dev/full'));
  expect(result).toMatchObject({ kind: 'no-space', message: expect.stringMatching(/found the disk full: it ended with exit code [12]/) as string });
});

test('a word that is no program says which', async () => {
  const result = failure(await bench.run({ command: ['pyhton3', 'x.py'] }));
  expect(result).toMatchObject({ name: 'StageError', kind: 'start' });
  expect(result.message).toMatch(/^There is no program "pyhton3" in any folder of PATH \(.*\)\. Correct the first word behind exec:/);
});

test('a file that can not be started says what to do', async () => {
  const start = async (command: string): Promise<string> => {
    const result = failure(await bench.run({ command: [command] }));
    expect(result).toMatchObject({ name: 'StageError', kind: 'start' });
    return result.message;
  };
  expect(await start(await bench.write('plain.sh', '#!/bin/sh\n'))).toMatch(/plain\.sh is not executable\. Make it so by chmod \+x .*plain\.sh, or name its interpreter, as in exec:python3 FILE\.$/);
  expect(await start(bench.at('none.sh'))).toMatch(/^There is no program .*none\.sh\. Correct the path/);
  expect(await start(bench.at('.'))).toMatch(/is a folder/);
  expect(await start(await bench.write('odd.sh', '#!/no/such/interpreter\n', 0o755))).toMatch(/first line, "#!\/no\/such\/interpreter", names an interpreter that does not exist\. /);
  expect(await start(await bench.write('dos.sh', '#!/bin/sh\r\necho\r\n', 0o755))).toMatch(/names an interpreter that does not exist, because the line ends as on Windows/);
  expect(await start('a\u0000b')).toMatch(/can't be started/);
});

test('progress and messages are passed on while the program works; lines that are no events are counted and shown', async () => {
  const result = bench.sh(`set -eu
echo '{"type": "progress", "done": 1, "total": 2, "label": "rows"}' >> "$MEMGEO_EVENTS"
while [ ! -e "$MEMGEO_STATE/seen" ]; do sleep 0.02; done
echo '{"type": "log", "message": "half"}' >> "$MEMGEO_EVENTS"
echo '{"type": "warning", "message": "few rows"}' >> "$MEMGEO_EVENTS"
echo 'not JSON' >> "$MEMGEO_EVENTS"
echo '{"type": "progress", "done": "two", "total": 2}' >> "$MEMGEO_EVENTS"
echo '{"type": "done"}' >> "$MEMGEO_EVENTS"
echo 'null' >> "$MEMGEO_EVENTS"
printf '{"type": "progress", "done": 2, "total": 2}' >> "$MEMGEO_EVENTS"
touch "$MEMGEO_OUTPUT_out/x"`);
  while (bench.events.length === 0) await new Promise((resolve) => { setTimeout(resolve, 10); });
  await bench.write('state/seen', '');
  success(await result);
  expect(bench.events).toEqual([
    { type: 'progress', done: 1, total: 2, label: 'rows' }, { type: 'log', message: 'half' }, { type: 'warning', message: 'few rows' }, { type: 'progress', done: 2, total: 2, label: '' },
    { type: 'warning', message: expect.stringMatching(/^4 lines of its events file are no event and passed over, the first "not JSON"\. An event is a line as/) as string },
  ]);
});

test('binary garbage and endless lines among the events, and a file of events emptied meanwhile, harm nothing', async () => {
  success(await bench.sh(`set -eu
head -c 300000 /dev/urandom >> "$MEMGEO_EVENTS"
head -c 3000000 /dev/zero >> "$MEMGEO_EVENTS"
echo >> "$MEMGEO_EVENTS"
echo '{"type": "log", "message": "after"}' >> "$MEMGEO_EVENTS"
sleep 0.3
echo '{"type": "log", "message": "emptied"}' > "$MEMGEO_EVENTS"
touch "$MEMGEO_OUTPUT_out/x"`));
  expect(bench.events.map((event) => event.type === 'progress' ? '' : event.message).slice(0, -1)).toEqual(['after', 'emptied']);
});

test('output of any length, with lines of any length, is passed on and does not stay in memory', async () => {
  const result = failure(await bench.sh('head -c 30000000 /dev/zero | tr "\\0" x >&2; echo >&2; echo end >&2; exit 1'));
  expect(printed.length).toBe(30_000_000 + 5);
  expect(result.message.length).toBeLessThan(2000);
  expect(result.message).toMatch(/ {2}…x{400}\n {2}end$/);
});

test('a program may write to /dev/stderr and /dev/stdout by name', async () => {
  success(await bench.sh('set -e; echo by-name > /dev/stderr; touch "$MEMGEO_OUTPUT_out/x"'));
  expect(printed).toBe('by-name\n');
});

test('what a program leaves running is ended before its outputs are looked at, and told', async () => {
  const startedAt = Date.now();
  success(await bench.sh(`(trap '' TERM HUP; echo $$ > /dev/null; exec sleep 300) &
echo $! > "$MEMGEO_STATE/pid"
touch "$MEMGEO_OUTPUT_out/x"`));
  expect(Date.now() - startedAt).toBeLessThan(10_000);
  const pid = Number(await readFile(bench.at('state/pid'), 'utf8'));
  // A zombie may stand there until its new parent looks.
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State:\tZ');
  expect(status).toMatch(/^State:\tZ/m);
  expect(bench.events).toEqual([{ type: 'warning', message: expect.stringMatching(/^The program ended and left 1 of the processes it had started running; they were ended/) as string }]);
});

test('what ends by itself a moment later is waited for', async () => {
  success(await bench.sh('(sleep 0.2; echo late > "$MEMGEO_OUTPUT_out/x") &'));
  expect(await bench.read('out/x')).toBe('late\n');
  expect(bench.events).toEqual([]);
});

whenPython('(python3) the peak memory of the program counts, that of its processes together', async () => {
  const grow = 'import time\nblock = b"x" * (100 << 20)\ntime.sleep(0.5)\n';
  const open = 'import os\nopen(os.environ["MEMGEO_OUTPUT_out"] + "/x", "w")\n';
  const one = success(await bench.python(grow + open));
  expect(one.peakMemoryBytes).toBeGreaterThan(100 << 20);
  expect(one.facts).toEqual({});
  const two = success(await bench.python(`import subprocess, sys\nchild = subprocess.Popen([sys.executable, "-c", ${JSON.stringify(grow)}])\n${grow}child.wait()\n${open}`));
  expect(two.peakMemoryBytes).toBeGreaterThan(200 << 20);
});

test('the script in the folder runs the program again as it was run, wherever the folder has gone', async () => {
  failure(await bench.sh('cp "$1" "$MEMGEO_OUTPUT_out"; echo "$MEMGEO_PARAM_text $SETTING" >> "$MEMGEO_STATE/runs"; exit 1', { env: { SETTING: 'b\'c' } }, { params: { text: 'a "$x"' } }));
  await rename(bench.at('work/program'), bench.at('kept $x'));
  await rm(bench.at('kept $x/outputs/out/job.json'));
  await promisify(execFile)('sh', [bench.at('kept $x/run.sh')], { env: { PATH: process.env.PATH } }).catch(() => undefined);
  expect(await readFile(bench.at('state/runs'), 'utf8')).toBe('a "$x" b\'c\n'.repeat(2));
  await access(bench.at('kept $x/outputs/out/job.json'));
});

test('a folder named program that is there already stays as it is', async () => {
  await mkdir(bench.at('mine/program'), { recursive: true });
  await bench.write('mine/program/thesis.txt', 'mine');
  success(await bench.sh('touch "$MEMGEO_OUTPUT_out/x"', {}, { outputFolder: bench.at('mine/outputs') }));
  expect((await readdir(bench.at('mine'))).sort()).toEqual(['outputs', 'program', 'program-2']);
  expect(await readdir(bench.at('mine/program'))).toEqual(['thesis.txt']);
});

test('a program is in the process group of the one that runs it', async () => {
  success(await bench.sh('ps -o pgid= -p $$ > "$MEMGEO_OUTPUT_out/group"'));
  const { stdout } = await promisify(execFile)('ps', ['-o', 'pgid=', '-p', String(process.pid)]);
  expect((await bench.read('out/group')).trim()).toBe(stdout.trim());
});

test('a program and its arguments may have any name', async () => {
  const name = 'a \'b\' "c" $d `e` ü\n.sh';
  await bench.write(name, '#!/bin/sh\necho "$1" > "$MEMGEO_OUTPUT_out/x"\n', 0o755);
  success(await bench.run({ command: [bench.at(name), '* \'$HOME\''] }));
  expect(await bench.read('out/x')).toBe('* \'$HOME\'\n');
});

test('a state folder keeps what an earlier attempt left', async () => {
  const lines = 'if [ -e "$MEMGEO_STATE/half" ]; then touch "$MEMGEO_OUTPUT_out/x"; else touch "$MEMGEO_STATE/half"; exit 1; fi';
  failure(await bench.sh(lines));
  success(await bench.sh(lines));
});

test('a failure leaves what the program wrote in its own folder, and nothing among the outputs', async () => {
  failure(await bench.sh('echo half > "$MEMGEO_OUTPUT_out/x"; exit 1'));
  await access(bench.at('work/program/outputs/out/x'));
  expect(await readdir(bench.at('work/outputs'))).toEqual([]);
});

test.each([
  ['no output', { outputs: {} }, /must have at least one output/],
  ['an output that leaves the folder', { outputs: { '../x': { kind: 'folder', schema: 'x@1', format: 'folder' } } }, /outputs/],
  ['csv of a tensor', { outputs: { x: { kind: 'tensor', schema: 'x@1', format: 'csv' } } }, /format csv must be of kind table; got tensor/],
  ['csv without columns', { outputs: { x: { kind: 'table', schema: 'x@1', format: 'csv' } } }, /format csv needs columns/],
  ['other columns for a known schema', { outputs: { x: { kind: 'table', schema: 'history@1', format: 'csv', columns: { epoch: 'string' } } } }, /the columns of history@1 are epoch: float64, set: string/],
  ['columns of a folder', { outputs: { x: { kind: 'folder', schema: 'x@1', format: 'folder', columns: { a: 'string' } } } }, /columns belong to format csv/],
] as const)('a program declared with %s is refused', (_, changes, message) => {
  expect(() => programStage('exec:x', { command: ['true'], ...changes } as Parameters<typeof programStage>[1])).toThrow(message);
});
