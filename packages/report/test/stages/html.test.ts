import { mkdtemp, readFile, rm, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTableFile, verifyArtifact } from '@memgeo/artifacts';
import { judgeClaims } from '../../src/index.js';
import { learningExample } from '../experiment-rows.js';
import { quickstartGeometry, quickstartHistory, quickstartSimilarity } from '../quickstart-rows.js';
import { action, keyOf } from '../lineage.js';
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

test('tables of images give three figures, their sources, and a table of all images', async () => {
  const learning = [2, 1].map((seed) => ({ coordinates: { seed }, rows: learningExample({ seeds: [seed] }).map(({ coordinates: _, ...row }) => row) }));
  const { report } = await runStage(join(folder, 'a'), { geometry, history, learning });
  const page = await readFile(join(report, 'index.html'), 'utf8');
  for (const name of ['learned-by-epoch', 'margins', 'forgetting']) expect(page).toContain(`<figure id="${name}"`);
  expect(page).toContain('id="toneva2019empirical"');
  expect((await readdir(join(report, 'tables'))).filter((name) => name.startsWith('learning')).sort()).toEqual(['learning-over-seeds.csv', 'learning-over-seeds.parquet', 'learning.csv', 'learning.parquet']);
  const rows = await readTableFile(join(report, 'tables', 'learning.parquet'));
  expect(rows).toEqual(learning.reverse().flatMap(({ coordinates, rows }) => rows.map((row) => ({ ...coordinates, ...row }))));
  const { report: without } = await runStage(join(folder, 'b'), { geometry, history });
  expect(await readFile(join(without, 'index.html'), 'utf8')).not.toContain('toneva');
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

test('provenance.json maps figures and tables to the actions that made them, and the figures carry it', async () => {
  const inputKeys = { history: [keyOf('train')], geometry: geometry.map(({ coordinates: { epoch } }) => keyOf(`geometry[epoch=${epoch}]`)) };
  const lineage = [action('train'), ...geometry.map(({ coordinates: { epoch } }) => action(`geometry[epoch=${epoch}]`, { upstream: ['train'] }))];
  const { report } = await runStage(join(folder, 'a'), { geometry, history, lineage, inputKeys });
  const provenance = JSON.parse(await readFile(join(report, 'provenance.json'), 'utf8')) as { figures: object; tables: object; inputs: { [port: string]: { point: string; key: string }[] } };
  expect(Object.keys(provenance.figures).sort()).toEqual((await readdir(join(report, 'figures'))).filter((file) => file.endsWith('.svg')).map((file) => file.slice(0, -4)).sort());
  expect(provenance.tables).toEqual({ history: ['history'], geometry: ['geometry'] });
  expect(provenance.inputs.geometry!.map(({ point }) => point)).toEqual(['geometry[epoch=30]', 'geometry[epoch=0]', 'geometry[epoch=4]']);
  expect(await readFile(join(report, 'figures', 'accuracy-by-epoch.svg'), 'utf8')).toContain(`<metadata>From train ${keyOf('train').slice(0, 12)}.</metadata>`);
  const { report: bare } = await runStage(join(folder, 'b'), { geometry, history });
  expect(await readdir(bare)).not.toContain('provenance.json');
});

test('of several seeds, tables over seeds lie beside the tables', async () => {
  const seeds = [1, 2].map((seed) => ({ coordinates: { epoch: 0, seed, name: `run ${seed}` }, rows: quickstartGeometry(0).map((row) => ({ ...row, value: row.value! + seed })) }));
  const { report } = await runStage(folder, { geometry: seeds, history });
  expect((await readdir(join(report, 'tables'))).sort()).toEqual(['geometry-over-seeds.csv', 'geometry-over-seeds.parquet', 'geometry.csv', 'geometry.parquet', 'history.csv', 'history.parquet']);
  const rows = await readTableFile(join(report, 'tables', 'geometry-over-seeds.parquet'));
  expect(rows).toHaveLength(quickstartGeometry(0).length);
  expect(rows[0]).toMatchObject({ layer: 'conv1.relu', seeds: 2, mean: expect.closeTo(quickstartGeometry(0)[0]!.value! + 1.5, 10) as number });
  expect((await readFile(join(report, 'tables', 'geometry-over-seeds.csv'), 'utf8')).split('\n')[0]).toBe('epoch,layer,layerIndex,set,measure,mean,standardDeviation,lower,upper,seeds');
});

test('no name of a measure writes a file outside the folder, or over another', async () => {
  const names = ['../../../../escaped', '/tmp/escaped', 'a\\b', 'nul\u0000', 'Capacity', 'x'.repeat(300), '..', '\u00e9', '\u00e8', '=1+1'];
  const rows = quickstartGeometry(0).filter(({ measure, layer }) => measure === 'capacity' && layer === 'conv1.relu');
  const measured = [{ coordinates: { epoch: 0 }, rows: ['capacity', ...names].flatMap((measure) => rows.map((row) => ({ ...row, measure, note: '=HYPERLINK("x")' }))) }];
  const { result, report } = await runStage(folder, { geometry: measured, history });
  expect(result).toMatchObject({ status: 'done' });
  expect((await readdir(folder, { recursive: true })).filter((path) => /escaped/.test(path) && !path.startsWith(join('out', 'report', 'figures')))).toEqual([]);
  const figures = await readdir(join(report, 'figures'));
  for (const file of figures) expect(file).toMatch(/^[A-Za-z0-9_-]{1,100}\.(svg|png)$/);
  expect(new Set(figures.map((file) => file.toLowerCase())).size).toBe(figures.length);
  expect(figures.filter((file) => /-by-layer(-\d)?\.svg$/.test(file))).toHaveLength(names.length + 1);
  expect(await verifyArtifact(report)).toMatchObject({ schema: 'report@1' });
  const table = await readFile(join(report, 'tables', 'geometry.csv'), 'utf8');
  expect(table).toContain(",'=1+1,");
  expect(table).toContain(`"'=HYPERLINK(""x"")"`);
  expect((await readTableFile(join(report, 'tables', 'geometry.parquet'))).map(({ measure }) => measure)).toContain('=1+1');
});
