import { expect, test } from '@jest/globals';
import type { RunEvent, RunSummary } from '@memgeo/pipeline';
import { formatDuration, formatProgress } from '../src/rendering/durations.js';
import { plainRenderer } from '../src/rendering/plain-renderer.js';
import { describeErrors, summarizeRun } from '../src/rendering/summary.js';

test.each([[0, '0 ms'], [850, '850 ms'], [4240, '4.2 s'], [59_940, '59.9 s'], [80_000, '1 min 20 s'], [119_700, '2 min 0 s'], [7_500_000, '2 h 5 min']])('formatDuration(%d) is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('progress tells the time left once there is enough to tell', () => {
  expect(formatProgress(Date.now(), 1, 100)).toBe('1 %');
  expect(formatProgress(Date.now() - 10_000, 1, 4)).toMatch(/^25 %, about (29\.9|30\.\d) s left$/);
});

test('the plain renderer writes a line per event, each with its point', () => {
  const lines: string[] = [];
  const show = plainRenderer((line) => lines.push(line));
  const events: RunEvent[] = [
    { type: 'begin', pipeline: 'p', points: [{ id: 'a', stage: 's/a', stageName: 'a' }] },
    { type: 'started', point: 'a', reasons: ['with.x 1 -> 2', 'in.data changed'] },
    { type: 'progress', point: 'a', done: 1, total: 2, label: 'too soon to tell again' },
    { type: 'message', point: 'a', level: 'warning', message: 'careful' },
    { type: 'failed', point: 'a', error: 'no', attempt: 1, willRetry: true },
    { type: 'done', point: 'a', durationMs: 1500, peakMemoryBytes: 2 ** 21 },
    { type: 'cached', point: 'b' },
    { type: 'skipped', point: 'c', because: 'b did not succeed' },
  ];
  events.forEach(show);
  expect(lines).toEqual([
    'p: 1 points', 'a | starts: with.x 1 -> 2; in.data changed', 'a | warning: careful', 'a | failed, attempt 1; tries again', 'a | ran in 1.5 s, 2 MiB', 'b | cached', 'c | skipped: b did not succeed',
  ]);
});

test('a summary counts only what there was, and says how to go on', () => {
  const summary: RunSummary = { pipeline: 'p', outcomes: { a: 'cached', b: 'cached' }, errors: {}, wasInterrupted: false, durationMs: 300, exported: {} };
  expect(summarizeRun(summary, 'memgeo run p')).toBe('p: 2 cached in 300 ms');
  const failed: RunSummary = { ...summary, outcomes: { a: 'ran', b: 'failed', c: 'interrupted' }, errors: { b: 'too large' }, wasInterrupted: true };
  expect(summarizeRun(failed, 'memgeo run p')).toMatch(/^p: 1 ran, 1 failed, 1 interrupted in 300 ms\nInterrupted\. .*memgeo run p$/);
  expect(describeErrors(failed)).toBe('b failed: too large');
});
