import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJob, writeJob } from '../../src/index.js';
import { jobIn } from '../repeat-stage.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-job-')); });
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a job comes back as it was written, with every form of input', async () => {
  const job = jobIn(folder, {
    inputs: {
      one: '/store/a', members: { conv1: '/store/b' },
      points: [{ coordinates: { epoch: 4, net: 'mlp', batchNorm: true }, location: { examples: '/store/c', labels: '/store/d' } }],
    },
    lineage: [{ point: 'data', stage: 'text/read', key: 'k', params: { seed: 1 }, upstream: [], startedAt: '2024-01-01T00:00:00.000Z', durationMs: 1, peakMemoryBytes: 1, environment: {}, facts: {} }],
  });
  const path = join(folder, 'job.json');
  await writeJob(path, job);
  expect(await readJob(path)).toEqual(job);
});

test.each([
  ['of another format', { format: 2 }, /format/],
  ['without threads', { threads: 0 }, /threads/],
  ['with a field too many', { priority: 1 }, /priority/],
  ['with an input that is no path', { inputs: { data: 3 } }, /inputs\.data/],
])('a job %s is refused by a TypeError that names file and field', async (_, changes, named) => {
  const path = join(folder, 'job.json');
  await writeFile(path, JSON.stringify({ ...jobIn(folder), ...changes }));
  const refused = readJob(path);
  await expect(refused).rejects.toThrow(TypeError);
  await expect(refused).rejects.toThrow(path);
  await expect(refused).rejects.toThrow(named);
});

test('a job file that is cut short, or not there, is an error', async () => {
  const path = join(folder, 'job.json');
  await expect(readJob(path)).rejects.toMatchObject({ code: 'ENOENT' });
  await writeFile(path, JSON.stringify(jobIn(folder)).slice(0, 40));
  await expect(readJob(path)).rejects.toThrow(SyntaxError);
});
