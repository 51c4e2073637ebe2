import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RunEvent } from '@memgeo/pipeline';
import { plainRenderer } from '../../src/rendering/plain-renderer.js';
import { chooseRenderer, type RendererOptions } from '../../src/rendering/renderer.js';
import { anyRun } from './arbitraries.js';
import { scenarios, summaryOf } from './scenarios.js';
import { Screen } from './screen.js';

const invocation = { path: 'p.yaml', set: [], store: '.memgeo' };
const isSilent = { on: () => undefined, off: () => undefined };

/** All that a scenario writes. */
function show(name: string, options: RendererOptions & { readonly isTTY?: boolean }): { readonly stdout: string; readonly stderr: string } {
  let stdout = '';
  let stderr = '';
  const { isTTY = false } = options;
  const renderer = chooseRenderer({ env: {}, ...options, stdout: { ...isSilent, isTTY, write: (text) => { stdout += text; } }, stderr: { isTTY, write: (text) => { stderr += text; } } });
  const timed = scenarios[name]!();
  for (const { event } of timed) renderer.show(event);
  renderer.finish(summaryOf(timed), invocation);
  return { stdout, stderr };
}

/** The lines of events of which each comes this long after the one before. */
function plainLines(events: readonly RunEvent[], afterMs = 0): readonly string[] {
  const lines: string[] = [];
  let now = 0;
  const renderer = plainRenderer((line) => lines.push(line), { clock: () => now });
  for (const event of events) {
    renderer.show(event);
    now += afterMs;
  }
  renderer.close();
  return lines;
}

const begin: RunEvent = { type: 'begin', run: 'r', pipeline: 'p', points: ['a', 'b[x=1]', 'b[x=2]', 'b[x=3]', 'c'].map((id) => ({ id, stage: 's/t', stageName: id[0]! })) };
const key = '0'.repeat(64);

test('plain: a line per event, each with its point; points found one after the other are one line', () => {
  expect(plainLines([
    begin,
    { type: 'started', point: 'a', key, attempt: 1, threads: 1, reasons: [{ kind: 'param', field: 'with.x', text: 'with.x 1 -> 2' }, { kind: 'input', text: 'in.data changed' }] },
    { type: 'message', point: 'a', level: 'warning', message: 'careful\nvery' },
    { type: 'message', point: 'a', level: 'log', message: 'fine\u001b[2J' },
    { type: 'failed', point: 'a', key, failure: 'out-of-memory', error: 'no room\nlast words', attempt: 1, willRetry: true, workFolder: null },
    { type: 'started', point: 'a', key, attempt: 2, threads: 1, reasons: [] },
    { type: 'done', point: 'a', key, durationMs: 1500, peakMemoryBytes: 2 ** 21 },
    ...[1, 2, 3].map((x): RunEvent => ({ type: 'cached', point: `b[x=${x}]`, key })),
    { type: 'waiting', point: 'c', holder: 'process 1 on here' },
    { type: 'failed', point: 'c', key, failure: 'error', error: 'no', attempt: 1, willRetry: false, workFolder: null },
    { type: 'skipped', point: 'c', because: 'b did not succeed' },
    { type: 'cached', point: 'a', key },
  ])).toEqual([
    'p: 5 points in 3 stages', 'a | starts: with.x 1 -> 2; in.data changed', 'a | warning: careful', 'a | very', 'a | fine', 'a | failed: ran out of memory in attempt 1; tries again: no room',
    'a | starts, attempt 2', 'a | ran in 1.5 s, 2 MiB at most', 'b[*] | 3 points cached', 'c | waits for process 1 on here, which is running it', 'c | failed: reported an error: no',
    'c | skipped: b did not succeed', 'a | cached',
  ]);
});

test('plain: of a program that failed, the last line it printed, which says more than its exit code', () => {
  const failed = (error: string): RunEvent => ({ type: 'failed', point: 'a', key, failure: 'exit', error, attempt: 1, willRetry: false, workFolder: null });
  expect(plainLines([begin, failed('The program (x.sh) ended with exit code 3.\nIts last lines:\n  loading\n  the loss is NaN\nLog: /x')]).slice(1)).toEqual(['a | failed: ended without a result: the loss is NaN']);
  expect(plainLines([begin, failed('The program (x.sh) ended with exit code 3. It printed nothing.')]).slice(1)).toEqual(['a | failed: ended without a result: The program (x.sh) ended with exit code 3. It printed nothing.']);
});

test('plain: progress after 5 s, then ever more rarely, and only if it says something new', () => {
  const progress = Array.from({ length: 200 }, (_, done): RunEvent => ({ type: 'progress', point: 'a', done, total: 200, label: 'epoch' }));
  const lines = plainLines([begin, { type: 'started', point: 'a', key, attempt: 1, threads: 1, reasons: [] }, ...progress], 1000).slice(2);
  expect(lines).toEqual([
    'a | 2 % epoch, about 3 min 20 s left', 'a | 7 % epoch, about 3 min 10 s left', 'a | 17 % epoch, about 2 min 50 s left', 'a | 37 % epoch, about 2 min 10 s left', 'a | 67 % epoch, about 1 min 10 s left', 'a | 97 % epoch, about 6 s left',
  ]);
  const stuck = Array.from({ length: 200 }, (): RunEvent => ({ type: 'progress', point: 'a', done: 1, total: 200, label: 'epoch' }));
  expect(plainLines([begin, { type: 'started', point: 'a', key, attempt: 1, threads: 1, reasons: [] }, ...stuck], 1000).slice(2)).toHaveLength(1);
});

test('plain: whatever the events hold, every line but the first has a point before it, and no line holds a control character', () => {
  fc.assert(fc.property(anyRun, (run) => {
    const [first, ...lines] = plainLines(run.map(({ event }) => event), 7000);
    expect(first).toMatch(/^p: \d+ points? in \d+ stages?$/);
    for (const line of lines) expect(line).toMatch(/^\P{Cc}* \|( \P{Cc}*)?$/u);
  }), { seed: 1, numRuns: 150 });
});

test('a pipe gets lines without a control character, then the summary; failures go to stderr', () => {
  for (const env of [{}, { TERM: 'dumb' }, { NO_COLOR: '1' }]) {
    const { stdout, stderr } = show('failing', { env });
    expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]/u);
    expect(stdout).toMatch(/geometry\[seed=4\] \| failed: reported an error: training\/train: the loss became NaN/);
    expect(stdout).toMatch(/\nexample: 13 ran, 6 cached, 2 failed, 14 skipped in 10\.\d s\n/);
    expect(stderr).toMatch(/^\ngeometry\[seed=4\] failed: it reported an error\.\n/);
  }
});

test('FORCE_COLOR colors a pipe; NO_COLOR and TERM=dumb leave a terminal without, and only the latter without a tree', () => {
  expect(show('failing', { env: { FORCE_COLOR: '1' } }).stdout).toContain('\u001b[31mfailed:\u001b[39m');
  const colorless = show('failing', { isTTY: true, env: { NO_COLOR: '1' } });
  expect(colorless.stdout + colorless.stderr).not.toMatch(/\u001b\[\d+m/);
  expect(colorless.stdout).toContain('\u001b[?25h');
  expect(show('failing', { isTTY: true, env: { TERM: 'dumb' } }).stdout).not.toContain('\u001b');
  expect(show('failing', { isTTY: true, env: {}, plain: true }).stdout).not.toContain('\u001b[?25h');
});

test('on a terminal the tree and the summary stay, and the failures below them', () => {
  const screen = new Screen(80, 24);
  const renderer = chooseRenderer({ stdout: screen, stderr: screen, env: { LANG: 'C.UTF-8' } });
  const timed = scenarios.retry!();
  for (const { event } of timed) renderer.show(event);
  renderer.finish(summaryOf(timed), invocation);
  expect(screen.text().map((line) => line.replaceAll(/\d+(\.\d+)? m?s$/g, 'T'))).toEqual([
    'warning: train[seed=2] ran out of memory in attempt 1 and is tried again:', '  training/train: out of memory at 4.0 GiB.',
    '✓ data    ran in T', '✗ train   1 failed, 3 ran in T', '– report  skipped', '', 'example: 4 ran, 1 failed, 1 skipped in T', '',
    'train[seed=2] failed: it ran out of memory.', '  training/train: out of memory at 4.0 GiB.', '  Run fewer at once (--jobs 1), let it say what it needs (resources: { memory:', '    ... }), or make the work smaller.',
    '  Its work folder is kept: .memgeo/work/000000001', '', 'What the stages wrote:  .memgeo/runs/2026-01-02T03-04-05-abcd', 'Why a point ran:        memgeo why p.yaml \'train[seed=2]\'',
    'Try what failed again:  memgeo run p.yaml --only failed', '',
  ]);
});

test('--json: stdout is the events and nothing else, each a line with its time', () => {
  for (const name of Object.keys(scenarios)) {
    const { stdout } = show(name, { json: true, isTTY: true });
    const lines = stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as RunEvent & { time: string });
    expect(lines.map(({ time, ...event }) => (expect(new Date(time).toISOString()).toBe(time), event))).toEqual(scenarios[name]!().map(({ event }) => event));
  }
});

test('without a tree, an interruption is told on stderr, once', () => {
  for (const options of [{}, { json: true }]) {
    const told: string[] = [];
    const renderer = chooseRenderer({ ...options, env: {}, stdout: { ...isSilent, write: () => { throw new Error('stdout is for events'); } }, stderr: { write: (text) => told.push(text) } });
    renderer.interrupt();
    renderer.close();
    expect(told).toEqual(['Interrupted: ending what runs. Ctrl-C again ends it at once.\n']);
  }
});
