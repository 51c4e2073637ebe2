import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyArtifact } from '@memgeo/artifacts';
import { executeJob, type LineageNode, type StageResult } from '@memgeo/stage';
import { judgeClaims } from '../../src/index.js';
import { stage } from '../../src/stages/compare.js';
import { quickstartGeometry, quickstartHistory } from '../quickstart-rows.js';
import { action, keyOf } from '../lineage.js';
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

async function compare(names: readonly string[], into: string, { lineage = [], inputKeys = {} }: { lineage?: LineageNode[]; inputKeys?: { [port: string]: string[] } } = {}): Promise<{ result: StageResult; report: string }> {
  const reports = names.map((run) => ({ coordinates: { run }, location: join(folder, run, 'out', 'report') }));
  const result = await executeJob({
    format: 1, stage: stage.id, point: 'comparison', params: {}, inputs: { reports }, files: {}, outputFolder: join(folder, into), stateFolder: join(folder, `${into}-state`), resultFile: join(folder, `${into}.json`), threads: 1, lineage, inputKeys,
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

test('figures of a comparison name the reports they came from, with the record of how these were made', async () => {
  const { report } = await compare(['whole', 'early'], 'traced', { lineage: [action('report[a=1]'), action('report[a=2]')], inputKeys: { reports: ['report[a=1]', 'report[a=2]'].map(keyOf) } });
  const page = await readFile(join(report, 'index.html'), 'utf8');
  expect(page).toContain(`<p class="made-from">From <a href="#made-${keyOf('report[a=1]').slice(0, 12)}">report[a=1] `);
  expect(page).toContain(`<details id="made-${keyOf('report[a=2]').slice(0, 12)}">`);
  expect(await readdir(report)).toContain('provenance.json');
});

test.each(['not json', '[]', '{"title":"x"}', '{"title":"x","lineage":[{"point":5,"stage":"s","params":{}}]}'])('a report that says %s of itself is an error, not a crash', async (about) => {
  await cp(join(folder, 'early', 'out', 'report'), join(folder, 'odd', 'out', 'report'), { recursive: true });
  await writeFile(join(folder, 'odd', 'out', 'report', 'about.json'), about);
  expect((await compare(['whole', 'odd'], 'odd-out')).result).toMatchObject({ status: 'failed', error: { name: 'StageError', message: 'report/compare: about.json of odd must hold a title and a lineage, as report/html writes it; it does not. Make the report again.' } });
});
