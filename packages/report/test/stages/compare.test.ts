import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyArtifact } from '@memgeo/artifacts';
import { executeJob, type StageResult } from '@memgeo/stage';
import { judgeClaims } from '../../src/index.js';
import { stage } from '../../src/stages/compare.js';
import { quickstartGeometry, quickstartHistory } from '../quickstart-rows.js';
import { runStage } from '../run-stage.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memgeo-compare-'));
  const geometry = [0, 4, 30].map((epoch) => ({ coordinates: { epoch }, rows: quickstartGeometry(epoch) }));
  const history = quickstartHistory();
  const node = (permutedFraction: number) => ({ point: 'data', stage: 'dataset/permute', key: 'k', params: { permutedFraction }, upstream: [], startedAt: '2026-01-01T00:00:00Z', durationMs: 1, peakMemoryBytes: 1, environment: {}, facts: {} });
  await runStage(join(folder, 'whole'), { geometry, history, claims: judgeClaims({ history: [{ coordinates: {}, rows: history }], geometry }), lineage: [node(0.5)], params: { title: 'To the end' } });
  const early = history.filter(({ epoch }) => epoch <= 4);
  await runStage(join(folder, 'early'), { geometry: geometry.slice(0, 2), history: early, claims: judgeClaims({ history: [{ coordinates: {}, rows: early }], geometry: geometry.slice(0, 2) }), lineage: [node(0.2)], params: { title: 'Stopped <early>' } });
});
afterAll(async () => { await rm(folder, { recursive: true, force: true }); });

async function compare(names: readonly string[], into: string): Promise<{ result: StageResult; report: string }> {
  const reports = names.map((run) => ({ coordinates: { run }, location: join(folder, run, 'out', 'report') }));
  const result = await executeJob({
    format: 1, stage: stage.id, point: 'comparison', params: {}, inputs: { reports }, files: {}, outputFolder: join(folder, into), stateFolder: join(folder, `${into}-state`), resultFile: join(folder, `${into}.json`), threads: 1, lineage: [],
  }, stage, () => {});
  return { result, report: join(folder, into, 'report') };
}

test('report/compare tells in what runs differ, what their claims come to, and draws both on one scale', async () => {
  const { result, report } = await compare(['whole', 'early'], 'both');
  expect(result).toMatchObject({ status: 'done', facts: { runs: 2 } });
  const page = await readFile(join(report, 'index.html'), 'utf8');
  expect(page).toContain('<th scope="row"><code>data.permutedFraction</code></th><td>0.5</td><td>0.2</td>');
  expect(page).toContain('Stopped &lt;early&gt;');
  // Stopped at epoch 4, the network has not memorized.
  expect(page).toMatch(/Random labels are learned late[^<]*<\/th><td>[^/]*\/span> shown<\/span><\/td><td>[^/]*\/span> not shown<\/span><\/td>/);
  expect((await readdir(join(report, 'figures'))).sort()).toEqual(expect.arrayContaining(['accuracy-by-epoch.svg', 'capacity-by-layer.png', 'radius-by-epoch.svg']));
  expect(await verifyArtifact(report)).toMatchObject({ schema: 'report@1' });
});

test('a comparison is no report to compare, and one report is too few', async () => {
  await compare(['whole', 'early'], 'once');
  const reports = [{ coordinates: { run: 'a' }, location: join(folder, 'once', 'report') }, { coordinates: { run: 'b' }, location: join(folder, 'whole', 'out', 'report') }];
  const result = await executeJob({ format: 1, stage: stage.id, point: 'c', params: {}, inputs: { reports }, files: {}, outputFolder: join(folder, 'x'), stateFolder: join(folder, 'xs'), resultFile: join(folder, 'x.json'), threads: 1, lineage: [] }, stage, () => {});
  expect(result).toMatchObject({ status: 'failed', error: { message: expect.stringContaining("comparisons can't be compared") as string } });
  expect((await compare(['whole'], 'alone')).result).toMatchObject({ status: 'failed', error: { message: 'report/compare: reports must be two or more; got 1.' } });
});
