import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stripVTControlCharacters } from 'node:util';
import { drawRun } from '../../src/rendering/draw-run.js';
import { advance, newRunState, type RunState } from '../../src/rendering/run-state.js';
import { textWidth } from '../../src/rendering/text-width.js';
import { anyRun } from './arbitraries.js';
import { scenarios } from './scenarios.js';

/** A scenario's state after the events up to a time. */
function stateAt(name: string, now: number): RunState {
  const state = newRunState(0);
  for (const { at, event } of scenarios[name]!()) if (at <= now) advance(state, event, at);
  return state;
}

function frame(name: string, now: number, size: { readonly columns: number; readonly rows: number; readonly unicode?: boolean }): readonly string[] {
  return drawRun(stateAt(name, now), { now, colors: false, ...size });
}

test('a failing stage among eight, 80 columns: what failed and why stands below its stage while the rest goes on', () => {
  expect(frame('failing', 8500, { columns: 80, rows: 24 })).toEqual([
    '✓ data         3 cached',
    '✓ train        5 ran, 1 cached in 3.5 s',
    '✓ activations  5 ran, 1 cached in 3.5 s',
    '▸ geometry     61 %  1 failed, 3 running, 1 waiting, 1 cached',
    '    ✗ [seed=4]  reported an error: training/train: the loss became NaN in epoch…',
    '    [seed=2]  90 %  step 9 of 10',
    '    [seed=3]  80 %  step 8 of 10',
    '    [seed=5]   0 s  why: with.seed 1 -> 2',
    '· gradients    6 waiting',
    '· rewinding    6 waiting',
    '· claims       waiting',
    '· report       waiting',
    '16 of 35 points done, 1 failed, 8 s so far',
  ]);
});

test('a failing stage among eight, 120 columns: there is room for bars', () => {
  expect(frame('failing', 8500, { columns: 120, rows: 40 })).toEqual([
    '✓ data         3 cached',
    '✓ train        5 ran, 1 cached in 3.5 s',
    '✓ activations  5 ran, 1 cached in 3.5 s',
    '▸ geometry     ███████░░░░░  61 %  1 failed, 3 running, 1 waiting, 1 cached',
    '    ✗ [seed=4]  reported an error: training/train: the loss became NaN in epoch 3; lower learningRate.',
    '    [seed=2]  90 %  step 9 of 10',
    '    [seed=3]  80 %  step 8 of 10',
    '    [seed=5]   0 s  why: with.seed 1 -> 2',
    '· gradients    6 waiting',
    '· rewinding    6 waiting',
    '· claims       waiting',
    '· report       waiting',
    '16 of 35 points done, 1 failed, 8 s so far',
  ]);
});

test('200 points in one stage are a line, and a few of those that run', () => {
  expect(frame('sweep', 5000, { columns: 80, rows: 24 })).toEqual([
    '✓ data    ran in 800 ms',
    '▸ train   51 %  6 s left  16 running, 84 waiting, 63 ran, 37 cached',
    '    [seed=101]  90 %  epoch 9 of 10, loss 0.90',
    '    [seed=102]  40 %  epoch 4 of 10, loss 0.95',
    '    [seed=103]  50 %  epoch 5 of 10, loss 0.94',
    '    [seed=104]  30 %  epoch 3 of 10, loss 0.96',
    '    [seed=105]  20 %  epoch 2 of 10, loss 0.97',
    '    [seed=106]  30 %  epoch 3 of 10, loss 0.96',
    '    [seed=107]  20 %  epoch 2 of 10, loss 0.97',
    '    and 9 more running',
    '· report  waiting',
    '101 of 202 points done, 5 s so far',
  ]);
  expect(frame('sweep', 5000, { columns: 120, rows: 10 })).toEqual([
    '✓ data    ran in 800 ms',
    '▸ train   ██████░░░░░░  51 %  6 s left  16 running, 84 waiting, 63 ran, 37 cached',
    '    [seed=101]  90 %  epoch 9 of 10, loss 0.90',
    '    [seed=102]  40 %  epoch 4 of 10, loss 0.95',
    '    [seed=103]  50 %  epoch 5 of 10, loss 0.94',
    '    [seed=104]  30 %  epoch 3 of 10, loss 0.96',
    '    and 12 more running',
    '· report  waiting',
    '101 of 202 points done, 5 s so far',
  ]);
});

test('40 stages on 24 lines: those that are done are summed up, then those that wait', () => {
  expect(frame('wide', 6000, { columns: 80, rows: 24 })).toEqual([
    '✓ 13 stages done: 36 ran',
    '▸ stage-14  90 %  1 s left  1 running, 3 ran',
    '    [seed=4]  60 %  step 6 of 10',
    '· stage-15  5 waiting',
    '· stage-16  waiting',
    '· stage-17  2 waiting',
    '· stage-18  3 waiting',
    '· stage-19  4 waiting',
    '· stage-20  5 waiting',
    '· stage-21  waiting',
    '· stage-22  2 waiting',
    '· stage-23  3 waiting',
    '· stage-24  4 waiting',
    '· stage-25  5 waiting',
    '· stage-26  waiting',
    '· stage-27  2 waiting',
    '· stage-28  3 waiting',
    '· stage-29  4 waiting',
    '· stage-30  5 waiting',
    '· stage-31  waiting',
    '· stage-32  2 waiting',
    '· 8 more stages waiting',
    '39 of 120 points done, 6 s so far',
  ]);
});

test('a point that is tried again, and one that another process runs, say so', () => {
  expect(frame('retry', 4500, { columns: 80, rows: 24 })).toEqual([
    '✓ data    ran in 500 ms',
    '▸ train   35 %  3 s left  2 running, 1 waiting, 1 ran',
    '    [seed=2]  ran out of memory in attempt 1; tries again',
    '    [seed=3]  40 %  step 4 of 10',
    '· report  waiting',
    '2 of 6 points done, 4 s so far',
  ]);
  expect(frame('elsewhere', 2500, { columns: 80, rows: 24 })).toEqual([
    '✓ data    ran in 500 ms',
    '▸ train   17 %  1 running, 1 running elsewhere, 2 waiting',
    '    [seed=1]  waits for process 4711 on nodeb, which is running it',
    '    [seed=2]  70 %  step 7 of 10',
    '· report  waiting',
    '1 of 6 points done, 2 s so far',
  ]);
});

test('long and wide names are cut where they matter least, and control characters of labels are gone', () => {
  expect(frame('long', 5000, { columns: 80, rows: 24 })).toEqual([
    '✓ a-stage-with-…cters-in-all  3 ran in 3.0 s',
    '▸ unicode                     67 %  4 running',
    '    [set=中文]          70 %  標籤 7 進行中 red and tab  gnp.exe',
    '    [set=ひらがな漢字]  70 %  標籤 7 進行中 red and tab  gnp.exe',
    '    [set=👩‍👩‍👧‍👦]            60 %  標籤 6 進行中 red and tab  gnp.exe',
    '    [set=é́]             70 %  標籤 7 進行中 red and tab  gnp.exe',
    '3 of 7 points done, 5 s so far',
  ]);
});

test('without a locale that has them, no sign is beyond ASCII', () => {
  expect(frame('failing', 8500, { columns: 80, rows: 24, unicode: false }).join('\n')).toMatch(/^[\x20-\x7e\n]+$/);
});

test('time left counts what it takes to start and store a point, not only to execute it', () => {
  const state = newRunState(0);
  const ids = Array.from({ length: 22 }, (_, index) => `fit[seed=${index}]`);
  advance(state, { type: 'begin', run: 'r', pipeline: 'p', points: ids.map((id) => ({ id, stage: 'exec:x', stageName: 'fit' })) }, 0);
  ids.slice(0, 2).forEach((point, index) => {
    advance(state, { type: 'started', point, key: '0', attempt: 1, threads: 1, reasons: [] }, 2000 * index);
    advance(state, { type: 'done', point, key: '0', durationMs: 100, peakMemoryBytes: 1 }, 2000 * (index + 1));
  });
  advance(state, { type: 'started', point: ids[2]!, key: '0', attempt: 1, threads: 1, reasons: [] }, 4000);
  expect(drawRun(state, { columns: 80, rows: 24, now: 4000, colors: false })[0]).toMatch(/ 9 %  40 s left /);
});

test('what ended is drawn whole, without what ran and without a count of what is left', () => {
  const state = stateAt('failing', Infinity);
  expect(drawRun(state, { now: 1e5, columns: 80, rows: Infinity, colors: false })).toEqual([
    '✓ data         3 cached',
    '✓ train        5 ran, 1 cached in 3.5 s',
    '✓ activations  5 ran, 1 cached in 3.5 s',
    '✗ geometry     2 failed, 3 ran, 1 cached in 3.5 s',
    '– gradients    6 skipped',
    '– rewinding    6 skipped',
    '– claims       skipped',
    '– report       skipped',
  ]);
  expect(drawRun(stateAt('wide', Infinity), { now: 1e5, columns: 80, rows: Infinity, colors: false })).toHaveLength(40);
});

test('colors change nothing but colors: every state is said by a sign or a word as well', () => {
  for (const name of Object.keys(scenarios)) {
    for (const now of [0, 3000, 8500, 20_000]) {
      const view = { now, columns: 80, rows: 24 };
      const colored = drawRun(stateAt(name, now), { ...view, colors: true });
      expect(colored.map(stripVTControlCharacters)).toEqual(drawRun(stateAt(name, now), { ...view, colors: false }));
      expect(colored.join('')).toContain('\u001b[');
    }
  }
});

test('whatever happens in whatever order, a frame is never wider or taller than the terminal and holds no control character', () => {
  fc.assert(fc.property(anyRun, fc.integer({ min: 1, max: 160 }), fc.integer({ min: 1, max: 60 }), fc.boolean(), (run, columns, rows, unicode) => {
    const state = newRunState(0);
    let now = 0;
    for (const [index, { after, event }] of run.entries()) {
      now += after;
      advance(state, event, now);
      if (index % 10 !== 0 && index !== run.length - 1) continue;
      const lines = drawRun(state, { columns, rows, now, colors: false, unicode });
      expect(lines.length).toBeLessThan(rows);
      for (const line of lines) {
        expect(textWidth(line)).toBeLessThanOrEqual(columns);
        expect(line).not.toMatch(/\p{Cc}/u);
      }
      if (rows > 1 && columns >= 80) expect(lines.at(-1)).toMatch(/^\d+ of \d+ points? done, /);
    }
  }), { seed: 1, numRuns: 100 });
});

test('counts add up: every point is in exactly one of the counts, in any order of events', () => {
  fc.assert(fc.property(anyRun, (run) => {
    const state = newRunState(0);
    for (const { event } of run) advance(state, event, 0);
    const counts = [...state.stages.values()].map(({ counts }) => Object.values(counts).reduce((sum, count) => sum + count, 0));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(state.settledCount);
    for (const stage of state.stages.values()) for (const point of stage.activities.keys()) expect(stage.outcomes.has(point)).toBe(false);
  }), { seed: 1, numRuns: 150 });
});

test('a frame of 10,000 points and what it took to get there cost little', () => {
  const points = Array.from({ length: 10_000 }, (_, index) => ({ id: `s${index % 50}[seed=${index}]`, stage: 'x/y', stageName: `s${index % 50}` }));
  const state = newRunState(0);
  const before = process.cpuUsage();
  advance(state, { type: 'begin', run: 'r', pipeline: 'p', points }, 0);
  for (const { id } of points.slice(0, 9000)) advance(state, { type: 'cached', point: id, key: '' }, 1);
  for (let count = 0; count < 10; count++) drawRun(state, { columns: 120, rows: 40, now: 1000, colors: true });
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(500);
});
