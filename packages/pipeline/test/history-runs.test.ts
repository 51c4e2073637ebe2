import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Executions, findRun, HistoryError, listRuns, pointsOf, readEvents, runsNewestFirst, Store } from '../src/index.js';
import { ownIdentity } from '../src/store/process-identity.js';
import { digestOf, HistoryWorkbench } from './history-workbench.js';

let bench: HistoryWorkbench;
beforeEach(async () => { bench = await HistoryWorkbench.create(); });
afterEach(() => bench.remove());

const ids = () => listRuns(bench.store).map(({ manifest }) => manifest.id);

describe('listRuns()', () => {
  test('gives runs newest first, also those of one second', async () => {
    const late = await bench.run('b', {}, { startedAt: '2026-02-01T10:00:00.700Z' });
    const early = await bench.run('z', {}, { startedAt: '2026-02-01T10:00:00.200Z' });
    const before = await bench.run('a', {}, { startedAt: '2026-01-31T10:00:00.000Z' });
    expect(ids()).toEqual([late.id, early.id, before.id]);
  });

  test('of a store that is not there: none', () => {
    expect(listRuns(Store.openForReading(`${bench.folder}/nowhere`))).toEqual([]);
  });

  test('leaves out what is half-written, foreign or of another format', async () => {
    const whole = await bench.run('smoke', {});
    const text = JSON.stringify(whole);
    const broken = [text.slice(0, 100), '', '[]', 'null', '{}', text.replace('"format":2', '"format":1'), text.replace(whole.id, 'another'), text.replace('"points":[]', '"points":[{}]'), text.replace('"process":{', '"other":{')];
    for (const [i, content] of broken.entries()) await bench.writeRun(`2026-03-01T00-00-0${i}-smoke-0000`, content.replace(whole.id, `2026-03-01T00-00-0${i}-smoke-0000`));
    await mkdir(bench.store.path('runs', 'empty'));
    await writeFile(bench.store.path('runs', 'a-file'), 'x');
    expect(ids()).toEqual([whole.id]);
  });
});

describe('findRun()', () => {
  const idOf = (name: string) => findRun(bench.store, name).manifest.id;

  test('takes latest, previous, -1, -2, an id, the beginning of one, or a pipeline', async () => {
    const first = await bench.run('smoke', {});
    const second = await bench.run('other', {});
    const third = await bench.run('smoke', {});
    expect(['latest', '-1', 'smoke', third.id].map(idOf)).toEqual(Array(4).fill(third.id));
    expect(['previous', '-2', 'other', second.id.slice(0, 19)].map(idOf)).toEqual(Array(4).fill(second.id));
    expect(['-3', first.id.slice(0, -1)].map(idOf)).toEqual([first.id, first.id]);
  });

  test.each([
    ['-3', /no run "-3": the store .* has 2 runs/],
    ['2026', /must fit one of them; "2026" fits 2/],
    ['smok', /no run "smok"\. Did you mean "smoke"\? Name a run by latest/],
    ['', /no run ""/],
  ])('says of %j what is wrong', async (name, message) => {
    await bench.run('smoke', {});
    await bench.run('smoke', {});
    expect(() => findRun(bench.store, name)).toThrow(message);
    expect(() => findRun(bench.store, name)).toThrow(HistoryError);
  });

  test('says that a store has no runs', () => {
    expect(() => findRun(bench.store, 'latest')).toThrow(/has none/);
    expect(() => findRun(bench.store, 'smoke')).toThrow(/has none\. Run a pipeline first/);
  });

  test('says of a half-written run which file can not be read; others are found past it', async () => {
    const whole = await bench.run('smoke', {});
    await bench.writeRun('2026-09-01T00-00-00-smoke-0000', '{"format":2,');
    expect(() => idOf('2026-09')).toThrow(/can't be read: .*2026-09-01T00-00-00-smoke-0000\/run\.json is missing, half-written/);
    expect(idOf('latest')).toBe(whole.id);
  });
});

describe('the state of a run', () => {
  test('is running while its process lives, and died once that is gone', async () => {
    const child = spawn('sleep', ['60']);
    const ended = new Promise((resolve) => { child.on('close', resolve); });
    const identity = { ...ownIdentity(), pid: child.pid!, start: startOf(child.pid!) };
    const { id } = await bench.run('smoke', {}, { state: 'running', process: identity });
    expect(findRun(bench.store, id).state).toBe('running');
    child.kill('SIGKILL');
    await ended;
    expect(findRun(bench.store, id).state).toBe('died');
  });

  test('is died if another process has its number by now', async () => {
    const { id } = await bench.run('smoke', {}, { state: 'running', process: { ...ownIdentity(), start: '1' } });
    expect(findRun(bench.store, id).state).toBe('died');
  });

  test('is not guessed for a process on another machine', async () => {
    const { id } = await bench.run('smoke', {}, { state: 'running', process: { host: 'elsewhere', space: 'x', pid: 1, start: '1' } });
    expect(findRun(bench.store, id).state).toBe('running');
  });

  /** When a process started, as the system tells it. */
  function startOf(pid: number): string {
    return process.platform === 'linux' ? readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[19]! : '';
  }
});

describe('pointsOf()', () => {
  test('of a run that died: what its events tell, up to a torn line', async () => {
    const died = await bench.run('smoke', {}, { state: 'running', process: { ...ownIdentity(), start: '1' } });
    await bench.writeRun(died.id, JSON.stringify(died), [
      { type: 'begin', run: died.id, pipeline: 'smoke', points: ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, stage: `test/${id}`, stageName: id })) },
      { type: 'cached', point: 'a', key: 'ka' },
      { type: 'started', point: 'b', key: 'kb', attempt: 1, threads: 1, reasons: [] },
      { type: 'done', point: 'b', key: 'kb', durationMs: 5, peakMemoryBytes: 6 },
      'no json\n',
      { type: 'started', point: 'c', key: 'kc', attempt: 1, threads: 1, reasons: [] },
      { type: 'failed', point: 'd', key: 'kd', failure: 'timeout', error: 'too slow', attempt: 1, willRetry: false, workFolder: '/kept' },
      { type: 'failed', point: 'e', key: 'ke', failure: 'exit', error: 'again', attempt: 1, willRetry: true, workFolder: null },
      '{"type":"done","point":"c","key',
    ]);
    const run = findRun(bench.store, died.id);
    expect(readEvents(run)).toHaveLength(7);
    expect(pointsOf(run)).toEqual([
      { point: 'a', stage: 'test/a', outcome: 'cached', key: 'ka' },
      { point: 'b', stage: 'test/b', outcome: 'ran', key: 'kb', durationMs: 5, peakMemoryBytes: 6 },
      { point: 'c', stage: 'test/c', outcome: 'interrupted', key: 'kc' },
      { point: 'd', stage: 'test/d', outcome: 'failed', key: 'kd', failure: 'timeout', error: 'too slow', workFolder: '/kept' },
      { point: 'e', stage: 'test/e', outcome: 'open', key: null },
    ]);
  });
});

describe('Executions', () => {
  test('finds the latest run that executed an action, not one that found it cached', async () => {
    const record = await bench.act('a', { out: { digest: digestOf('a') } });
    await bench.run('smoke', { a: record });
    const again = await bench.run('smoke', { a: record });
    await bench.run('smoke', { a: { outcome: 'cached', key: record.key } });
    expect(new Executions(runsNewestFirst(bench.store)).of(record.key)?.id).toBe(again.id);
    expect(new Executions(runsNewestFirst(bench.store)).of('unknown')).toBeUndefined();
  });
});
