import { expect, test } from '@jest/globals';
import { formatDuration, formatElapsed, formatEstimate, formatShare } from '../../src/rendering/durations.js';
import { advance, newRunState, type RunState } from '../../src/rendering/run-state.js';
import { paceLeft, runLeft, stageLeft } from '../../src/rendering/time-left.js';
import { simulate, matrix } from './scenarios.js';

test.each([[0, '0 ms'], [850, '850 ms'], [999.7, '1.0 s'], [4240, '4.2 s'], [59_940, '59.9 s'], [59_990, '1 min 0 s'], [80_000, '1 min 20 s'], [119_700, '2 min 0 s'], [7_500_000, '2 h 5 min'], [273_600_000, '3 d 4 h']])('formatDuration(%d) is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([[0, '1 s'], [3200, '4 s'], [38_000, '40 s'], [58_000, '1 min'], [83_000, '1 min 30 s'], [700_000, '12 min'], [7_460_000, '2 h 5 min']])('formatEstimate(%d) is %s', (ms, text) => {
  expect(formatEstimate(ms)).toBe(text);
});

test('formatElapsed counts whole seconds, formatShare says 100 % only when all is done', () => {
  expect(formatElapsed(59_999)).toBe('59 s');
  expect([0, 0.999, 1, 7, -1].map(formatShare)).toEqual(['0 %', '99 %', '100 %', '100 %', '0 %']);
});

test('a point that goes on from a checkpoint is measured from there', () => {
  const pace = { total: 100, done: 60, at: 10_000, fromDone: 50, from: 0 };
  expect(paceLeft(pace, 10_000)).toBe(40_000);
  expect(paceLeft(pace, 15_000)).toBe(35_000);
  expect(paceLeft({ ...pace, done: 50 }, 15_000)).toBeUndefined();
  expect(paceLeft({ ...pace, at: 1000 }, 1000)).toBeUndefined();
});

/** A run's state after the events up to a time. */
function stateAt(timed: ReturnType<typeof simulate>, now: number): RunState {
  const state = newRunState(0);
  for (const { at, event } of timed) if (at <= now) advance(state, event, at);
  return state;
}

test('a stage takes as long as its open points at the pace of those that are done, side by side', () => {
  const timed = simulate([{ name: 'train', points: matrix('train', 40), ms: 30_000 }, { name: 'report', points: ['report'], ms: 1000 }], 4);
  const end = timed.at(-1)!.at;
  for (const now of [40_000, 100_000, 200_000]) {
    const state = stateAt(timed, now);
    const left = stageLeft(state.stages.get('train')!, now)!;
    expect(Math.abs(left - (end - 1000 - now)) / (end - now)).toBeLessThan(0.25);
    // Nothing is known of the report yet.
    expect(runLeft(state, now)).toEqual({ ms: expect.any(Number), isLowerBound: true });
  }
  expect(stageLeft(stateAt(timed, 0).stages.get('train')!, 0)).toBeUndefined();
  expect(runLeft(stateAt(timed, end), end)).toBeUndefined();
});
