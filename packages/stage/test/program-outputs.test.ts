import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { digestValue, historyTable, readTable, readTensor, verifyArtifact, writeTable, writeTensor } from '@memgeo/artifacts';
import type { Program } from '../src/index.js';
import { failure, ProgramBench, success } from './program-bench.js';

let bench: ProgramBench;
beforeEach(async () => { bench = await ProgramBench.create(); });
afterEach(() => bench.remove());

const csv = { outputs: { made: { kind: 'table', schema: 'made@1', format: 'csv', columns: { layer: 'string', value: 'float64?' } } } } as const;
const folder = { outputs: { made: { kind: 'folder', schema: 'made@1', format: 'folder' } } } as const;
const npy = { outputs: { made: { kind: 'tensor', schema: 'made@1', format: 'npy' } } } as const;
const artifact = (kind: 'table' | 'tensor' | 'folder' | 'tensor-set', schema = 'made@1') => ({ outputs: { made: { kind, schema, format: 'artifact' } } }) as const;
/** The message of a bad output. */
const refused = async (lines: string, changes: Partial<Pick<Program, 'outputs'>> | typeof csv | typeof folder | typeof npy | ReturnType<typeof artifact>): Promise<string> => {
  const result = failure(await bench.sh(`set -eu\nout="$MEMGEO_OUTPUT_made"\n${lines}`, changes as never));
  expect(result).toMatchObject({ name: 'StageError', kind: 'bad-output' });
  expect(await readdir(bench.at('work/outputs')).catch(() => [])).toEqual([]);
  return result.message;
};

test('a CSV file becomes a table of the declared schema', async () => {
  success(await bench.sh('printf \'layer,value\\nconv1,0.5\\nconv2,\\n\' > "$MEMGEO_OUTPUT_made"', csv));
  const schema = { schema: 'made@1', columns: { layer: { type: 'string', description: '' }, value: { type: 'float64', isNullable: true, description: '' } } } as const;
  expect(await readTable(bench.at('work/outputs/made'), schema)).toEqual([{ layer: 'conv1', value: 0.5 }, { layer: 'conv2', value: null }]);
});

test('a table of a schema of memgeo needs no columns, and is what any other stage reads', async () => {
  success(await bench.sh('printf \'epoch,set,examples,loss,accuracy,learningRate\\n0,test,10,2.3,0.1,0\\n\' > "$MEMGEO_OUTPUT_made"', { outputs: { made: { kind: 'table', schema: 'history@1', format: 'csv' } } }));
  expect(await readTable(bench.at('work/outputs/made'), historyTable)).toEqual([{ epoch: 0, set: 'test', examples: 10, loss: 2.3, accuracy: 0.1, learningRate: 0 }]);
});

test('a folder becomes an artifact with all that is below it; the same content gives the same digest', async () => {
  const lines = 'mkdir -p "$MEMGEO_OUTPUT_made/a b/c"; echo x > "$MEMGEO_OUTPUT_made/a b/c/it\'s \\"x\\""; echo y > "$MEMGEO_OUTPUT_made/y"';
  success(await bench.sh(lines, folder));
  const { digest, kind, schema, files } = await verifyArtifact(bench.at('work/outputs/made'));
  expect({ kind, schema, paths: files.map(({ path }) => path) }).toEqual({ kind: 'folder', schema: 'made@1', paths: ['a b/c/it\'s "x"', 'y'] });
  success(await bench.sh(lines, folder));
  expect((await verifyArtifact(bench.at('work/outputs/made'))).digest).toBe(digest);
});

test.each([
  ['missing', ':', csv, /^The program did not write its output made\. It has to be at .*outputs\/made\.csv, as job\.json and MEMGEO_OUTPUT_made say/],
  ['an empty folder', ':', folder, /wrote nothing into its output made/],
  ['beside another file', 'echo layer,value > "$out"; touch "$(dirname "$out")/note.txt"', csv, /wrote "note\.txt" into its outputs folder, which is declared nowhere.*expected: made\.csv/],
  ['beside row columns that only a tensor has', 'echo layer,value > "$out"; touch "${out%.csv}.rows.csv"', csv, /wrote "made\.rows\.csv"/],
  ['a folder instead of a file', 'mkdir "$out"', csv, /must be a file, because its format is csv/],
  ['a file instead of a folder', 'rmdir "$out"; touch "$out"', folder, /must be a folder, because its format is folder/],
  ['a link to a file', 'echo layer,value > "$MEMGEO_STATE/x"; ln -s "$MEMGEO_STATE/x" "$out"', csv, /made\.csv is a symbolic link\. Copy the content/],
  ['a hard link', 'echo layer,value > "$MEMGEO_STATE/x"; ln "$MEMGEO_STATE/x" "$out"', csv, /made\.csv is a hard link/],
  ['a folder with a link in it', 'mkdir "$out/deep"; ln -s /etc/passwd "$out/deep/x"', folder, /made\/deep\/x is a symbolic link/],
  ['a link to a folder', 'rmdir "$out"; ln -s /etc "$out"', folder, /must be a folder|symbolic link/],
  ['a folder with a pipe in it', 'mkfifo "$out/pipe"', folder, /made\/pipe is a pipe, a socket or a device/],
  ['a pipe', 'mkfifo "$out"', csv, /made\.csv is a pipe/],
  ['a folder with a name that is no UTF-8', 'touch "$out/$(printf \'a\\377\')"', folder, /name is no UTF-8/],
  ['a folder with a manifest', 'touch "$out/artifact.json"', folder, /must not hold a file artifact\.json/],
  ['no table', 'echo hello > "$out"', csv, /made\.csv, line 1: the columns must be layer, value; "hello" is none of them/],
  ['a table with a column missing', 'echo layer > "$out"', csv, /line 1: .* "value" is missing/],
  ['a table with a column more', 'echo layer,value,x > "$out"', csv, /line 1: .*"x" is none of them/],
  ['a ragged table', 'printf \'layer,value\\nconv1,1\\nconv2\\n\' > "$out"', csv, /made\.csv, line 3: a line must have 2 fields, as the header has; this one has 1/],
  ['a table with a word for a number', 'printf \'layer,value\\nconv1,high\\n\' > "$out"', csv, /made\.csv, line 2, column "value": a value must be float64 or empty; got "high"/],
  ['empty', ': > "$out"', csv, /must begin with a line that names the columns/],
  ['no .npy file', 'echo hello > "$out"', npy, /must be a \.npy file/],
] as const)('an output that is %s is refused with the reason, and nothing is handed on', async (_, lines, changes, message) => {
  const told = await refused(lines, changes);
  expect(told).toMatch(message);
  expect(told).not.toMatch(/csvToTable|readNpyTensor|readRowsCsv/);
});

test('an artifact that another program sealed is taken as it is, if it is what was declared', async () => {
  await writeTensor(bench.at('sealed'), { data: Float32Array.of(1, 2), shape: [1, 2], rows: {}, metadata: { layer: 'conv1' } }, { schema: 'made@1' });
  const copy = `cp ${bench.at('sealed')}/* "$MEMGEO_OUTPUT_made"`;
  success(await bench.sh(copy, artifact('tensor')));
  expect((await readTensor(bench.at('work/outputs/made'), { schema: 'made@1' })).metadata).toEqual({ layer: 'conv1' });
  expect(await refused(copy, artifact('tensor', 'other@1'))).toMatch(/must be a tensor of schema other@1; its artifact\.json says tensor of schema made@1/);
  expect(await refused(`${copy}; touch "$out/more"`, artifact('tensor'))).toMatch(/more is not part of the artifact: artifact\.json does not list it/);
  expect(await refused(`${copy}; echo x >> "$out/tensor.arrow"`, artifact('tensor'))).toMatch(/tensor\.arrow must have \d+ bytes/);
});

test('files without a manifest become an artifact of the declared kind, if they are its files', async () => {
  await writeTable(bench.at('table'), historyTable, []);
  const parquet = `cp ${bench.at('table')}/table.parquet "$MEMGEO_OUTPUT_made"`;
  success(await bench.sh(parquet, artifact('table', 'history@1')));
  expect(await readTable(bench.at('work/outputs/made'), historyTable)).toEqual([]);
  expect((await verifyArtifact(bench.at('work/outputs/made'))).digest).toBe((await verifyArtifact(bench.at('table'))).digest);
  expect(await refused(`${parquet}; touch "$out/x"`, artifact('table'))).toMatch(/must hold the file table\.parquet alone; it holds "x"/);
  expect(await refused('echo x > "$out/table.parquet"', artifact('table'))).toMatch(/table\.parquet must be a whole Parquet file/);
  expect(await refused('echo x > "$out/tensor.arrow"', artifact('tensor'))).toMatch(/Arrow/);
  expect(await refused('echo x > "$out/x.arrow"', artifact('tensor-set'))).toMatch(/a tensor-set can't be told from its files/);
});

test('one bad output of two, and neither is handed on', async () => {
  const both = { outputs: { made: { kind: 'folder', schema: 'a@1', format: 'folder' }, zero: { ...csv.outputs.made } } } as const;
  expect(await refused('touch "$out/x"; echo wrong > "$MEMGEO_OUTPUT_zero"', both as never)).toMatch(/zero\.csv/);
  expect(await readFile(bench.at('work/program/outputs/made/x'), 'utf8')).toBe('');
});

test('a sealed artifact can not name a file outside its folder', async () => {
  const secret = { path: '../../../../secret', bytes: 1, sha256: createHash('sha256').update('x').digest('hex') };
  await bench.write('secret', 'x');
  const digest = digestValue({ kind: 'folder', schema: 'made@1', files: [[secret.path, secret.bytes, secret.sha256]] });
  await bench.write('artifact.json', JSON.stringify({ format: 1, kind: 'folder', schema: 'made@1', digest, bytes: 1, files: [secret], summary: {} }));
  expect(await refused(`cp ${bench.at('artifact.json')} "$out"`, artifact('folder'))).toMatch(/must lead to a file inside the artifact/);
});
