import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executeJob, StageError, type AnyStage, type StageContext, type StageEvent } from '../../src/index.js';
import { jobIn, stage } from '../repeat-stage.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-execute-job-')); });
afterEach(() => rm(folder, { recursive: true, force: true }));

const ignore = () => undefined;
const written = async (): Promise<unknown> => JSON.parse(await readFile(join(folder, 'result.json'), 'utf8'));
/** The same stage with other work. */
const running = (run: (context: StageContext) => Promise<void>): AnyStage => ({ ...stage, run });
const failing = (cause: unknown) => running(() => { throw cause; });

test('a job that succeeds leaves its outputs, its facts and what it took', async () => {
  const before = Date.now();
  const result = await executeJob(jobIn(folder), stage, ignore);
  expect(await readFile(join(folder, 'out/repeated/text.txt'), 'utf8')).toBe('abab');
  if (result.status !== 'done') throw new Error(result.error.message);
  expect(result.facts).toEqual({ characters: 4 });
  expect(Date.parse(result.startedAt)).toBeGreaterThanOrEqual(before);
  expect(result.durationMs).toBeGreaterThanOrEqual(0);
  expect(result.peakMemoryBytes).toBeGreaterThan(10e6);
  expect(result.environment).toMatchObject({ node: process.version, cores: expect.any(Number) as number });
});

test('the result file says what was returned, in success and in failure', async () => {
  const result = await executeJob(jobIn(folder), stage, ignore);
  expect(await written()).toEqual(result);
  const failure = await executeJob(jobIn(folder), failing(new RangeError('too large')), ignore);
  expect(failure.status).toBe('failed');
  expect(await written()).toEqual(failure);
});

test('the result file appears whole: it is written aside and renamed', async () => {
  const seen: string[][] = [];
  await executeJob(jobIn(folder), running(async () => { seen.push(await readdir(folder)); }), ignore);
  expect(seen[0]!.sort()).toEqual(['out', 'state']);
  expect((await readdir(folder)).sort()).toEqual(['out', 'result.json', 'state']);
});

test('a result file that cannot be written is an error of the call, and leaves none', async () => {
  const job = jobIn(folder, { resultFile: join(folder, 'missing/result.json') });
  await expect(executeJob(job, stage, ignore)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(existsSync(job.resultFile)).toBe(false);
});

test('run finds defaults filled in, its own paths, and what the job grants', async () => {
  const lineage = [{ point: 'data', stage: 'text/read', key: 'k', params: {}, upstream: [], startedAt: '', durationMs: 1, peakMemoryBytes: 1, environment: {}, facts: {} }];
  const job = jobIn(folder, { inputs: { source: '/in/source' }, files: { words: '/in/words' }, threads: 3, lineage });
  let found: StageContext | undefined;
  await executeJob(job, running((context) => { found = context; return Promise.resolve(); }), ignore);
  expect(found).toMatchObject({
    params: { text: 'ab', repeat: 2 }, inputs: { source: '/in/source' }, files: { words: '/in/words' },
    outputs: { repeated: join(folder, 'out/repeated') }, stateFolder: join(folder, 'state'), threads: 3, lineage,
  });
});

test('the state folder is there with what an earlier run left; an output folder is not made', async () => {
  const seen: string[][] = [];
  const look = running(async ({ stateFolder, outputs }) => {
    seen.push(await readdir(stateFolder), existsSync(outputs.repeated!) ? ['repeated'] : []);
    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(stateFolder, 'epoch-3'), '');
  });
  await executeJob(jobIn(folder), look, ignore);
  await executeJob(jobIn(folder), look, ignore);
  expect(seen).toEqual([[], [], ['epoch-3'], []]);
});

test('progress, messages and warnings come as events, in order', async () => {
  const events: StageEvent[] = [];
  await executeJob(jobIn(folder, { params: { text: '' } }), stage, (event) => events.push(event));
  expect(events).toEqual([
    { type: 'log', message: 'begins' },
    { type: 'progress', done: 1, total: 2, label: 'repeats' },
    { type: 'progress', done: 2, total: 2, label: 'repeats' },
    { type: 'warning', message: 'There is nothing to repeat.' },
  ]);
});

test('a run that returns nothing has no facts', async () => {
  expect(await executeJob(jobIn(folder), running(() => Promise.resolve()), ignore)).toMatchObject({ status: 'done', facts: {} });
});

test.each([
  ['of another type', { text: 'ab', repeat: 'often' }, /repeat/],
  ['out of range', { text: 'ab', repeat: 0 }, /repeat/],
  ['unknown', { text: 'ab', repeats: 3 }, /repeats/],
  ['missing', {}, /text/],
])('parameters that do not fit (%s) fail as a StageError that names them, before any work', async (_, params, named) => {
  const result = await executeJob(jobIn(folder, { params }), stage, ignore);
  expect(result).toMatchObject({ status: 'failed', error: { name: 'StageError' } });
  if (result.status !== 'failed') return;
  expect(result.error.message).toMatch(/^text\/repeat: the parameters must fit the stage's schema\.\n/);
  expect(result.error.message).toMatch(named);
  expect(await readdir(join(folder, 'out'))).toEqual([]);
});

test('a StageError keeps its name and message', async () => {
  const result = await executeJob(jobIn(folder), failing(new StageError('text/repeat: text must be short.')), ignore);
  expect(result).toMatchObject({ status: 'failed', error: { name: 'StageError', message: 'text/repeat: text must be short.' } });
});

test('another error keeps its name, message and stack; what is no error becomes one', async () => {
  const result = await executeJob(jobIn(folder), failing(new TypeError('internal: no axis')), ignore);
  expect(result).toMatchObject({ status: 'failed', error: { name: 'TypeError', message: 'internal: no axis', stack: expect.stringContaining('execute-job.test') as string } });
  expect(await executeJob(jobIn(folder), failing('gone'), ignore)).toMatchObject({ status: 'failed', error: { name: 'Error', message: 'gone' } });
});

test('a StageError that knows what kind of failure it is says so in the result', async () => {
  const result = await executeJob(jobIn(folder), failing(new StageError('The program was ended by SIGSEGV.', { kind: 'signal' })), ignore);
  expect(result).toEqual({ status: 'failed', error: { name: 'StageError', kind: 'signal', message: 'The program was ended by SIGSEGV.' } });
});

test('the peak memory that a stage tells of its own processes counts if it is larger, and is no fact', async () => {
  const telling = (peakMemoryBytes: number): AnyStage => ({ ...stage, run: () => Promise.resolve({ peakMemoryBytes, rows: 3 }) });
  expect(await executeJob(jobIn(folder), telling(1e15), ignore)).toMatchObject({ peakMemoryBytes: 1e15, facts: { rows: 3 } });
  const small = await executeJob(jobIn(folder), telling(1), ignore);
  if (small.status !== 'done') throw new Error('it failed');
  expect(small.peakMemoryBytes).toBeGreaterThan(10e6);
  expect(small.facts).toEqual({ rows: 3 });
});

test('a full disk is told in words that say what to do, without a stack', async () => {
  const cause = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const result = await executeJob(jobIn(folder), failing(cause), ignore);
  expect(result).toEqual({
    status: 'failed',
    error: { name: 'NoSpaceError', kind: 'no-space', message: 'The disk is full: ENOSPC: no space left on device, write. Free some space and run again; what was finished is kept.' },
  });
});
