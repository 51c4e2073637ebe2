import { expect, test } from '@jest/globals';
import type { PointResult, RunSummary } from '@memgeo/pipeline';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describeFailures } from '../../src/rendering/failure-report.js';
import { summarizeRun } from '../../src/rendering/summary.js';

const invocation = { path: 'my pipelines/p.yaml', set: ['params.seed=2', 'params.label=it\'s'], store: '/store' };

function summary(results: { readonly [point: string]: Partial<PointResult> & Pick<PointResult, 'outcome'> }, rest: Partial<RunSummary> = {}): RunSummary {
  return { run: 'R', pipeline: 'p', results: new Map(Object.entries(results).map(([point, result]) => [point, { key: null, ...result }])), wasInterrupted: false, durationMs: 300, exported: new Map(), ...rest };
}

test('a summary counts only what there was', () => {
  expect(summarizeRun(summary({ a: { outcome: 'cached' }, b: { outcome: 'cached' } }), invocation)).toBe('p: 2 cached in 300 ms');
  expect(summarizeRun(summary({}), invocation)).toBe('p: nothing to do in 300 ms');
});

test('a summary says what the cache saved, if it is known', () => {
  expect(summarizeRun(summary({ a: { outcome: 'cached', durationMs: 300_000 }, b: { outcome: 'cached' }, c: { outcome: 'ran', durationMs: 5000 } }), invocation)).toBe('p: 1 ran, 2 cached in 300 ms\nThe cache saved about 5 min of work.');
});

test('an interrupted run says how to go on, quoted for the shell', () => {
  const lines = summarizeRun(summary({ a: { outcome: 'ran' }, b: { outcome: 'interrupted' } }, { wasInterrupted: true }), invocation).split('\n');
  expect(lines).toEqual(['p: 1 ran, 1 interrupted in 300 ms', 'Interrupted. What was finished is kept.', String.raw`Go on with: memgeo run 'my pipelines/p.yaml' --set params.seed=2 --set 'params.label=it'\''s' --store /store`]);
});

test('what had not begun when a run was interrupted is not called interrupted; going on keeps what the run was told', () => {
  const told = { path: 'p.yaml', set: ['params.seed=2'], store: '.memgeo', only: ['fit[width=8]'], flags: ['--keep-going', '--jobs', '4'] };
  const interrupted = summary({ a: { outcome: 'ran' }, b: { outcome: 'interrupted' }, c: { outcome: 'skipped' }, d: { outcome: 'skipped' } }, { wasInterrupted: true });
  expect(summarizeRun(interrupted, told)).toBe("p: 1 ran, 2 not run, 1 interrupted in 300 ms\nInterrupted. What was finished is kept.\nGo on with: memgeo run p.yaml --only 'fit[width=8]' --keep-going --jobs 4 --set params.seed=2");
  expect(describeFailures(summary({ a: { outcome: 'failed', error: 'no' } }), told)).toMatch(/again: {2}memgeo run p\.yaml --only failed --keep-going --jobs 4 --set params\.seed=2$/);
});

test('a summary names the page of a report, or the folder if it has none; of many the first ten', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'memgeo-summary-'));
  await mkdir(join(folder, 'report'));
  await writeFile(join(folder, 'report/index.html'), '');
  const exported = new Map([['report', join(folder, 'report')], ...Array.from({ length: 11 }, (_, index) => [`r[x=${index}]`, join(folder, `r${index}`)] as const)]);
  const lines = summarizeRun(summary({ report: { outcome: 'ran' } }, { exported }), invocation).split('\n');
  expect(lines[1]).toBe(`report: ${relative('.', join(folder, 'report/index.html'))}`);
  expect(lines[2]).toBe(`r[x=0]: ${relative('.', join(folder, 'r0'))}`);
  expect(lines.slice(11)).toEqual(['and 2 more folders beside them']);
});

test('a failure says how, what the stage wrote last, where its work is and what to do next', () => {
  const error = ['x/a: it stopped.', 'Last lines:', ...Array.from({ length: 40 }, (_, line) => `line ${line}\u001b[31m`)].join('\n');
  expect(describeFailures(summary({ 'a[x=1]': { outcome: 'failed', failure: 'exit', error, workFolder: '/store/work/1' } }), { ...invocation, path: 'p.yaml', set: [] })).toBe([
    'a[x=1] failed: it ended without a result.', '  x/a: it stopped.', '  Last lines:', '  line 0', '  (24 lines left out)', ...Array.from({ length: 15 }, (_, line) => `  line ${line + 25}`), `  Its work folder is kept: ${relative('.', '/store/work/1')}`, '',
    `What the stages wrote:  ${relative('.', '/store/runs/R')}`, 'Why a point ran:        memgeo why p.yaml \'a[x=1]\' --store /store', 'Try what failed again:  memgeo run p.yaml --only failed --store /store',
  ].join('\n'));
});

test('200 failures that differ in their numbers and names alone are one paragraph; other errors have their own, five in all', () => {
  const alike = Object.fromEntries(Array.from({ length: 200 }, (_, seed) => [`train[seed=${seed}]`, { outcome: 'failed', failure: 'error', error: `train[seed=${seed}]: loss is ${seed}.5` } as const]));
  const others = Object.fromEntries('abcdef'.split('').map((name) => [name, { outcome: 'failed', failure: 'signal', error: `${name}!` } as const]));
  const text = describeFailures(summary({ ...alike, ...others }), invocation);
  expect(text).toContain('train[seed=0] failed: it reported an error.\n  train[seed=0]: loss is 0.5\n  The same happened to 199 more points: train[seed=1], train[seed=2], train[seed=3] and 196 more\n');
  // Without its name, the message of each of the six is the same.
  expect(text).toContain('a failed: it was ended by a signal.\n  a!\n');
  expect(text.match(/ failed: it /g)).toHaveLength(2);
  const distinct = Object.fromEntries('abcdefg'.split('').map((name) => [name, { outcome: 'failed', failure: 'error', error: `bad ${name.repeat(3)}x` } as const]));
  const many = describeFailures(summary(Object.fromEntries(Object.entries(distinct).map(([name, result]) => [`stage-${name}`, result]))), invocation);
  expect(many.match(/ failed: it /g)).toHaveLength(5);
  expect(many).toContain('\nAnd 2 more points failed with other errors: stage-f, stage-g\n');
});

test('a run without failures has nothing to describe', () => {
  expect(describeFailures(summary({ a: { outcome: 'ran' }, b: { outcome: 'skipped' } }), invocation)).toBe('');
});
