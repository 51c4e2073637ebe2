import { mkdtemp, readFile, rm, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTableFile, verifyArtifact } from '@memgeo/artifacts';
import { judgeClaims } from '../../src/index.js';
import { quickstartGeometry, quickstartHistory, quickstartSimilarity } from '../quickstart-rows.js';
import { runStage } from '../run-stage.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-report-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const geometry = [30, 0, 4].map((epoch) => ({ coordinates: { epoch }, rows: quickstartGeometry(epoch) }));
const history = quickstartHistory();

test('report/html writes a sealed folder with the page, every figure twice and the tables', async () => {
  const { result, report } = await runStage(folder, { geometry, history, hasData: true });
  expect(result).toMatchObject({ status: 'done', facts: { figures: 10, layers: 5 } });
  expect(await verifyArtifact(report)).toMatchObject({ kind: 'folder', schema: 'report@1', summary: { figures: 10 } });
  expect((await readdir(join(report, 'tables'))).sort()).toEqual(['geometry.csv', 'geometry.parquet', 'history.csv', 'history.parquet']);
  const figures = (await readdir(join(report, 'figures'))).sort();
  expect(figures).toHaveLength(20);
  const png = await readFile(join(report, 'figures', 'capacity-by-layer.png'));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  const page = await readFile(join(report, 'index.html'), 'utf8');
  expect(page.match(/<figure /g)).toHaveLength(10);
});

test('the tables hold every row of the fan-in, by epoch, in CSV and Parquet alike', async () => {
  const { report } = await runStage(folder, { geometry, history });
  const rows = await readTableFile(join(report, 'tables', 'geometry.parquet'));
  expect(rows).toHaveLength(3 * quickstartGeometry(0).length);
  expect([...new Set(rows.map((row) => row.epoch))]).toEqual([0, 4, 30]);
  const lines = (await readFile(join(report, 'tables', 'geometry.csv'), 'utf8')).trimEnd().split('\n');
  expect(lines).toHaveLength(rows.length + 1);
  const columns = lines[0]!.split(',');
  lines.slice(1).forEach((line, i) => {
    const fields = Object.fromEntries(line.split(',').map((value, j) => [columns[j], value]));
    expect(Number(fields.value)).toBe(rows[i]!.value);
    expect(fields.layer).toBe(rows[i]!.layer);
  });
});

test('rows of several seeds stay apart in the tables by a column of their own', async () => {
  const seeds = [0, 1].map((seed) => ({ coordinates: { epoch: 0, seed }, rows: quickstartGeometry(0) }));
  const { report } = await runStage(folder, { geometry: seeds, history });
  const rows = await readTableFile(join(report, 'tables', 'geometry.parquet'));
  expect(rows.map((row) => row.seed).slice(0, 2)).toEqual([0, 1]);
});

test('the same inputs give the same digest', async () => {
  const first = await runStage(join(folder, 'a'), { geometry, history, hasData: true });
  const second = await runStage(join(folder, 'b'), { geometry: [...geometry].reverse(), history, hasData: true });
  expect((await verifyArtifact(second.report)).digest).toBe((await verifyArtifact(first.report)).digest);
});

test('layers narrows figures and tables; a layer that is not there is an error that lists those that are', async () => {
  const { report } = await runStage(join(folder, 'a'), { geometry, history, params: { layers: ['dense1.relu'] } });
  expect([...new Set((await readTableFile(join(report, 'tables', 'geometry.parquet'))).map((row) => row.layer))]).toEqual(['dense1.relu']);
  const { result } = await runStage(join(folder, 'b'), { geometry, history, params: { layers: ['dense9'] } });
  expect(result).toMatchObject({
    status: 'failed',
    error: { name: 'StageError', message: 'report/html: layers must name layers of the geometry tables; got "dense9". Choose from conv1.relu, conv2.pool, conv4.pool, conv6.pool, dense1.relu.' },
  });
});

test('an unknown parameter is refused', async () => {
  const { result } = await runStage(folder, { geometry, history, params: { titel: 'x' } });
  expect(result).toMatchObject({ status: 'failed', error: { name: 'StageError' } });
});

test('claims stand on the page and in a table; without them the page states no findings', async () => {
  const claims = judgeClaims({ history: [{ coordinates: {}, rows: history }], geometry });
  const { report } = await runStage(join(folder, 'a'), { geometry, history, claims });
  expect(await readFile(join(report, 'index.html'), 'utf8')).toContain('What was found');
  expect(await readTableFile(join(report, 'tables', 'claims.parquet'))).toEqual(claims);
  const { report: bare } = await runStage(join(folder, 'b'), { geometry, history });
  expect(await readFile(join(bare, 'index.html'), 'utf8')).not.toContain('What was found');
});

test('similarity tables, if there are any, become a figure and a table of their own', async () => {
  const similarity = [2, 1].map((seed) => ({ coordinates: { seed }, rows: quickstartSimilarity() }));
  const { report } = await runStage(folder, { geometry, similarity, history });
  expect((await readdir(join(report, 'figures')))).toContain('similarity-maps.png');
  expect(await readFile(join(report, 'index.html'), 'utf8')).toContain('Which layers and epochs see the examples alike?');
  const rows = await readTableFile(join(report, 'tables', 'similarity.parquet'));
  expect(rows).toHaveLength(2 * quickstartSimilarity().length);
  expect([rows[0]!.seed, rows.at(-1)!.seed]).toEqual([1, 2]);
  expect((await readFile(join(report, 'tables', 'similarity.csv'), 'utf8')).split('\n')[0]).toBe('seed,comparison,set,layer,layerIndex,epoch,otherLayer,otherLayerIndex,otherEpoch,measure,value,standardError,examples,note');
});
