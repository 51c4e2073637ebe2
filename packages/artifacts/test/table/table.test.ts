import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { defineTable, readTable, writeTable, type Row } from '../../src/index.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-table-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const schema = defineTable('mixed@1', {
  id: { type: 'int32', description: '' },
  big: { type: 'int64', description: '' },
  value: { type: 'float64', isNullable: true, description: '' },
  name: { type: 'string', description: '' },
  isGood: { type: 'boolean', description: '' },
});
const rows: Row<typeof schema>[] = [
  { id: -3, big: 2n ** 62n + 1n, value: Number.NaN, name: 'α', isGood: true },
  { id: 0, big: -1n, value: Number.NEGATIVE_INFINITY, name: '', isGood: false },
  { id: 1, big: 0n, value: -0, name: 'x,"y"\n', isGood: true },
  { id: 2, big: 5n, value: null, name: 'z', isGood: false },
];

test('readTable() returns NaN, infinities, -0, int64 and null as they were written', async () => {
  await writeTable(join(folder, 't'), schema, rows);
  expect(await readTable(join(folder, 't'), schema)).toEqual(rows);
});

test('an independent reader sees the same values', async () => {
  await writeTable(join(folder, 't'), schema, rows);
  const file = await asyncBufferFromFile(join(folder, 't', 'table.parquet'));
  expect(await parquetReadObjects({ file })).toEqual(rows);
});

test('an empty table keeps its schema', async () => {
  await writeTable(join(folder, 't'), schema, []);
  expect(await readTable(join(folder, 't'), schema)).toEqual([]);
});

test('the same rows give the same digest', async () => {
  const [a, b] = [await writeTable(join(folder, 'a'), schema, rows), await writeTable(join(folder, 'b'), schema, rows)];
  expect(a.digest).toBe(b.digest);
});

test.each([
  [{ ...rows[0], extra: 1 }, /row 0 has the column "extra"/],
  [{ ...rows[0], id: 1.5 }, /column "id" of row 0 must be int32 as mixed@1 says; got 1.5/],
  [{ ...rows[0], name: null }, /column "name" of row 0 must be string/],
])('writeTable() refuses a row that does not fit: %#', async (row, message) => {
  await expect(writeTable(join(folder, 't'), schema, [row as Row<typeof schema>])).rejects.toThrow(message);
});

test('a table of another schema, or no table at all, is refused', async () => {
  await writeTable(join(folder, 't'), schema, rows);
  await expect(readTable(join(folder, 't'), defineTable('other@1', {}))).rejects.toThrow(/must be a table artifact of schema other@1; it is a table of schema mixed@1/);
  await writeFile(join(folder, 'file'), 'x');
  await expect(readTable(join(folder, 'none'), schema)).rejects.toThrow(/artifact manifest/);
});
