import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { drawRun } from '../../src/rendering/draw-run.js';
import { FrameWriter } from '../../src/rendering/frame-writer.js';
import { liveRenderer } from '../../src/rendering/live-renderer.js';
import { advance, newRunState } from '../../src/rendering/run-state.js';
import { scenarios } from './scenarios.js';
import { Screen } from './screen.js';

const view = { colors: true, unicode: true };

test.each(Object.keys(scenarios))('%s: every frame stands where the one before stood, and nothing of that is left', (name) => {
  const screen = new Screen(80, 24);
  screen.write('before\n');
  const writer = new FrameWriter(screen);
  const state = newRunState(0);
  const timed = scenarios[name]!();
  for (let now = 0, next = 0; next < timed.length; now += 100) {
    for (; next < timed.length && timed[next]!.at <= now; next++) advance(state, timed[next]!.event, timed[next]!.at);
    const size = { columns: 80, rows: 24, now };
    writer.write(drawRun(state, { ...size, colors: true }));
    expect(screen.text()).toEqual(['before', ...drawRun(state, { ...size, colors: false }).map((line) => line.trimEnd()), '']);
  }
});

test('lines that change, come, go or stay above, at any size that does not shrink: the screen is what was written', () => {
  const line = fc.string({ maxLength: 20 }).map((text) => text.trimEnd());
  fc.assert(fc.property(fc.array(fc.tuple(fc.array(line, { maxLength: 8 }), fc.array(fc.string({ minLength: 1, maxLength: 19 }).map((text) => `!${text.trim()}`), { maxLength: 2 })), { maxLength: 12 }), (frames) => {
    const screen = new Screen(20, 10);
    const writer = new FrameWriter(screen);
    const kept: string[] = [];
    for (const [lines, above] of frames) {
      writer.write(lines, above);
      kept.push(...above);
      expect(screen.text().map((text) => text.trim())).toEqual([...kept, ...lines, ''].map((text) => text.trim()));
      expect([screen.isCursorShown, screen.doesWrap, screen.column]).toEqual([true, true, 0]);
    }
  }), { seed: 1, numRuns: 150 });
});

test('an unchanged frame writes nothing, a changed line writes that line alone', () => {
  const written: string[] = [];
  const writer = new FrameWriter({ columns: 80, rows: 24, write: (text) => written.push(text) });
  writer.write(['one', 'two', 'three']);
  writer.write(['one', 'two', 'three']);
  writer.write(['one', 'TWO', 'three']);
  expect(written).toHaveLength(2);
  expect(written[1]).toContain('TWO');
  expect(written[1]).not.toMatch(/one|three/);
});

test('the cursor is shown and lines wrap after every single write, so that any end leaves the terminal as it was', () => {
  const writes: string[] = [];
  const writer = new FrameWriter({ columns: 40, rows: 10, write: (text) => writes.push(text) });
  writer.write(['a'], ['above']);
  writer.write(['b']);
  for (const text of writes) {
    expect(text.lastIndexOf('\u001b[?25h')).toBeGreaterThan(text.lastIndexOf('\u001b[?25l'));
    expect(text.lastIndexOf('\u001b[?7h')).toBeGreaterThan(text.lastIndexOf('\u001b[?7l'));
  }
});

test('a terminal that becomes narrower wraps the last frame: the next one goes up by all its lines', () => {
  const written: string[] = [];
  const stream = { columns: 80, rows: 24, write: (text: string) => written.push(text) };
  const writer = new FrameWriter(stream);
  writer.write(['x'.repeat(80), 'short']);
  stream.columns = 40;
  writer.write(['y'.repeat(40), 'short']);
  expect(written[1]).toContain('\u001b[3A\r\u001b[J');
});

test('a run writes at most ten times a second, and nothing after it is closed', async () => {
  const screen = new Screen(80, 24);
  const renderer = liveRenderer(screen, view);
  renderer.show({ type: 'begin', run: 'r', pipeline: 'p', points: [{ id: 'a', stage: 'x/a', stageName: 'a' }] });
  renderer.show({ type: 'started', point: 'a', key: '', attempt: 1, threads: 1, reasons: [] });
  const startedAt = performance.now();
  for (let done = 0; done < 400; done++) {
    renderer.show({ type: 'progress', point: 'a', done, total: 400, label: `step ${done}` });
    await sleep(1);
  }
  expect(screen.writes).toBeGreaterThan(0);
  expect(screen.writes).toBeLessThanOrEqual((performance.now() - startedAt) / 100 + 1);
  renderer.show({ type: 'done', point: 'a', key: '', durationMs: 1200, peakMemoryBytes: 1 });
  renderer.close();
  renderer.close();
  const { writes } = screen;
  await sleep(250);
  expect(screen.writes).toBe(writes);
  expect(screen.text()).toEqual([expect.stringMatching(/^✓ a {2}ran in \d/), '']);
});

test('a warning stands above the tree, once; repetitions, and those that differ in numbers alone after the first three, are counted', async () => {
  const screen = new Screen(80, 24);
  const renderer = liveRenderer(screen, view);
  const points = Array.from({ length: 9 }, (_, index) => `g[seed=${index}]`);
  renderer.show({ type: 'begin', run: 'r', pipeline: 'p', points: points.map((id) => ({ id, stage: 'x/g', stageName: 'g' })) });
  for (const [index, point] of points.entries()) {
    renderer.show({ type: 'started', point, key: '', attempt: 1, threads: 1, reasons: [] });
    for (let again = 0; again < 2; again++) renderer.show({ type: 'message', point, level: 'warning', message: `manifold ${index} is small\u001b[2J` });
    await sleep(index === 4 ? 150 : 0);
  }
  renderer.show({ type: 'failed', point: points[0]!, key: '', failure: 'timeout', error: 'too slow', attempt: 1, willRetry: true, workFolder: null });
  for (const point of points) renderer.show({ type: 'done', point, key: '', durationMs: 1, peakMemoryBytes: 1 });
  renderer.close();
  expect(screen.text().slice(0, -2)).toEqual([
    'warning: g[seed=0]: manifold 0 is small', 'warning: g[seed=1]: manifold 1 is small', 'warning: g[seed=2]: manifold 2 is small',
    'warning: g[seed=0] ran out of time in attempt 1 and is tried again: too slow', 'warning: g: 15 more like "manifold 0 is small"',
  ]);
});

test('an interrupted run says so while it ends, and leaves what did not run', () => {
  const screen = new Screen(80, 24);
  const renderer = liveRenderer(screen, { ...view, clock: () => 0 });
  renderer.show({ type: 'begin', run: 'r', pipeline: 'p', points: ['a', 'b'].map((id) => ({ id, stage: `x/${id}`, stageName: id })) });
  renderer.show({ type: 'started', point: 'a', key: '', attempt: 1, threads: 1, reasons: [] });
  renderer.interrupt();
  renderer.note('The disk is nearly full.');
  expect(screen.text()).toEqual(['The disk is nearly full.', '▸ a   0 %  running', '     0 s', '· b  waiting', '0 of 2 points done, 0 s so far, interrupted: ending (Ctrl-C: at once)', '']);
  renderer.show({ type: 'interrupted', point: 'a' });
  renderer.close();
  expect(screen.text()).toEqual(['The disk is nearly full.', '– a  interrupted in 0 ms', '– b  not run', '']);
});
