import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readNpyTensor, readRowsCsv, writeNpyTensor, writeRowsCsv } from '../../src/index.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-rows-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

test('writeRowsCsv() writes a line per row; text that looks like a number stays text only in quotes', async () => {
  const path = join(folder, 'rows.csv');
  await writeRowsCsv(path, { exampleId: Int32Array.of(3, -1), set: ['test', 'a,"b"\n'] });
  expect(await readFile(path, 'utf8')).toBe('exampleId,set\n3,test\n-1,"a,""b""\n"\n');
  await writeFile(path, 'a,b,c\n"1",1,x\n"2",2,3\n');
  expect(await readRowsCsv(path)).toEqual({ a: ['1', '2'], b: Int32Array.of(1, 2), c: ['x', '3'] });
});

test('row columns come back from CSV as they were', async () => {
  let count = 0;
  const word = fc.string({ unit: 'binary' }).filter((text) => !/^[+-]?\d+$/.test(text));
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: -0x7fffffff, max: 0x7fffffff }), word), { minLength: 1 }), async (rows) => {
    const path = join(folder, `${count++}.csv`);
    const columns = { 'the id': Int32Array.from(rows, ([id]) => id), 'a "name"': rows.map(([, name]) => name) };
    await writeRowsCsv(path, columns);
    expect(await readRowsCsv(path)).toEqual(columns);
  }), { numRuns: 100, seed: 1 });
});

test.each([
  ['nothing', '', /must begin with a line that names the columns/],
  ['a column twice', 'a,a\n', /line 1: each column must be named once/],
  ['a short line', 'a,b\n1,2\n1\n', /line 3: a line must have 2 fields, as the header has; this one has 1/],
])('readRowsCsv() refuses %s', async (_, text, message) => {
  await writeFile(join(folder, 'rows.csv'), text);
  await expect(readRowsCsv(join(folder, 'rows.csv'))).rejects.toThrow(message);
});

test('writeNpyTensor() writes what the reader of .npy files reads, for any shape', async () => {
  let count = 0;
  await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 5 }), fc.boolean(), async (shape, isByte) => {
    const path = join(folder, `${count++}.npy`);
    const size = shape.reduce((product, n) => product * n, 1);
    const data = isByte ? Uint8Array.from({ length: size }, (_, i) => i % 256) : Float32Array.from({ length: size }, (_, i) => (i === 0 ? NaN : i / 3));
    await writeNpyTensor(path, { data, shape, rows: {}, metadata: {} });
    const read = await readNpyTensor(path);
    expect(read.shape).toEqual(shape);
    expect([...read.data]).toEqual([...data]);
    // NumPy aligns values to 64 bytes.
    expect((await readFile(path)).length % 64).toBe((size * data.BYTES_PER_ELEMENT) % 64);
  }), { numRuns: 50, seed: 1 });
});
