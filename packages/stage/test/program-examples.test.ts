import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { geometryTable, readTable, writeTable, type GeometryRow, type TableSchema } from '@memgeo/artifacts';
import { outputFormats } from '../src/index.js';
import { failure, hasPython, ProgramBench, success } from './program-bench.js';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

let bench: ProgramBench;
beforeEach(async () => { bench = await ProgramBench.create(); });
afterEach(() => bench.remove());

const row = (layer: string, value: number | null, changes: Partial<GeometryRow> = {}): GeometryRow => ({
  epoch: 3, layer, layerIndex: 1, set: 'test', measure: 'capacity', value, standardError: null, lower: null, upper: null, samplingError: null,
  manifolds: 8, pointsPerManifold: 10, ambientDimension: 16, note: '', ...changes,
});
const points = async (tables: readonly GeometryRow[][]) => Promise.all(tables.map(async (rows, seed) => {
  await writeTable(bench.at(`geometry${seed}`), geometryTable, rows);
  return { coordinates: { seed }, location: bench.at(`geometry${seed}`) };
}));
const tables: GeometryRow[][] = [
  [row('dense1', 0.5), row('dense2', 0.25), row('dense1', 9, { set: 'permuted' }), row('dense1', 9, { measure: 'radius' })],
  [row('dense1', 0.75), row('dense2', null, { note: 'no value, "because"\nof points' })],
  [row('dense1', 1)],
];

const summary: TableSchema = { schema: 'summary@1', columns: {
  layer: { type: 'string', description: '' }, tables: { type: 'int32', description: '' }, mean: { type: 'float64', description: '' }, standardError: { type: 'float64', isNullable: true, description: '' },
} };
const summarize = (job: Parameters<ProgramBench['run']>[1]) => bench.run({
  command: ['python3', join(root, 'pipelines/programs/summary.py')], formats: { geometry: 'csv' },
  outputs: { summary: { kind: 'table', schema: 'summary@1', format: 'csv', columns: { layer: 'string', tables: 'int32', mean: 'float64', standardError: 'float64?' } } },
}, job);

const whenPython = hasPython ? test : test.skip;
whenPython('(python3) summary.py gives the mean of a measure per layer and its standard error over tables', async () => {
  success(await summarize({ inputs: { geometry: await points(tables) }, params: { measure: 'capacity', set: 'test' } }));
  expect(await readTable(bench.at('work/outputs/summary'), summary)).toEqual([
    // The standard deviation of 0.5, 0.75 and 1 is 0.25.
    { layer: 'dense1', tables: 3, mean: 0.75, standardError: 0.25 / Math.sqrt(3) }, { layer: 'dense2', tables: 1, mean: 0.25, standardError: null },
  ]);
  expect(bench.events.at(-1)).toEqual({ type: 'progress', done: 3, total: 3, label: 'tables' });
});

whenPython('(python3) summary.py says in words what it did not find', async () => {
  expect(failure(await summarize({ inputs: { geometry: await points(tables) }, params: { measure: 'capacity', set: 'restored' } }))).toEqual({
    name: 'StageError', kind: 'error', message: 'No table has a value of capacity of the set restored.',
  });
});

test('count.sh counts the rows of each table', async () => {
  success(await bench.run({
    command: [join(root, 'pipelines/programs/count.sh')], formats: { geometry: 'csv' },
    outputs: { counts: { kind: 'table', schema: 'counts@1', format: 'csv', columns: { table: 'string', rows: 'int32' } } },
  }, { inputs: { geometry: await points([tables[0]!, tables[2]!]) } }));
  const counts: TableSchema = { schema: 'counts@1', columns: { table: { type: 'string', description: '' }, rows: { type: 'int32', description: '' } } };
  expect(await readTable(bench.at('work/outputs/counts'), counts)).toEqual([{ table: 'seed=0', rows: 4 }, { table: 'seed=1', rows: 1 }]);
  expect(bench.events).toEqual([{ type: 'log', message: 'counted' }]);
});

test('docs/any-language.md shows what the files hold', async () => {
  const page = await read('docs/any-language.md');
  const blocks = [...page.matchAll(/^```\w+ (pipelines\/\S+)\n(.*?)^```$/gms)].map(([, path, text]) => ({ path: path!, text: text! }));
  expect(blocks.map(({ path }) => path)).toEqual(['pipelines/any-language.yaml', 'pipelines/programs/summary.py', 'pipelines/programs/count.sh']);
  for (const { path, text } of blocks) {
    const shown = path.endsWith('.yaml') ? text.replace(/^(?=.)/gm, '  ') : text;
    expect(await read(path)).toContain(shown);
    if (!path.endsWith('.yaml')) expect(await read(path)).toBe(shown);
  }
});

test('docs/any-language.md names each field of the job, each variable and each format', async () => {
  const page = await read('docs/any-language.md');
  success(await bench.sh('cp "$1" "$MEMGEO_OUTPUT_out"; env > "$MEMGEO_OUTPUT_out/env"', {}, { params: { name: 1 } }));
  const fields = Object.keys(JSON.parse(await bench.read('out/job.json')) as object);
  const variables = (await bench.read('out/env')).match(/^MEMGEO_[^=]+/gm)!;
  for (const word of [...fields, ...variables.map((name) => name.replace('_out', '_name')), ...outputFormats]) expect(page).toContain(`\`${word}\``);
});
