import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ParquetSchema, ParquetWriter } from 'parquetjs';
import { defineTable, readTable, readTableFile, writeTable, writeTableFile } from '../../src/index.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-parquet-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

async function write(fields: ConstructorParameters<typeof ParquetSchema>[0], rows: readonly { [name: string]: unknown }[]): Promise<string> {
  const path = join(folder, 'x.parquet');
  const writer = await ParquetWriter.openFile(new ParquetSchema(fields), path);
  for (const row of rows) await writer.appendRow(row as never);
  await writer.close();
  return path;
}

/** Writes another name, of the same length, wherever the file says the first. */
async function rename(path: string, from: string, to: string): Promise<void> {
  expect(from).toHaveLength(to.length);
  const bytes = await readFile(path);
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at);
  await writeFile(path, bytes);
}

test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'a,b'])('a column called %s is refused, when written and when read', async (name) => {
  const table = defineTable('t@1', { [name]: { type: 'string', description: '' } } as never);
  await expect(writeTableFile(join(folder, 'y.parquet'), table, [])).rejects.toThrow(/Rename it/);
  const path = await write({ ['x'.repeat(name.length)]: { type: 'UTF8' } }, [{ ['x'.repeat(name.length)]: 'v' }]);
  await rename(path, 'x'.repeat(name.length), name);
  await expect(readTableFile(path)).rejects.toThrow(new RegExp(`x\\.parquet must be a whole Parquet file; a column is called "${name}"`));
});

test('a nested column can not write to the prototype of all objects', async () => {
  const path = await write({ xxxxxxxxx: { optional: true, fields: { polluted: { type: 'UTF8' } } } as never }, [{ xxxxxxxxx: { polluted: 'yes' } }]);
  await rename(path, 'xxxxxxxxx', '__proto__');
  await expect(readTableFile(path)).rejects.toThrow(/a column is called "__proto__", and JavaScript keeps the name for itself/);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('one column called twice is refused', async () => {
  const path = await write({ aa: { type: 'UTF8' }, ab: { type: 'UTF8' } }, [{ aa: '1', ab: '2' }]);
  await rename(path, 'ab', 'aa');
  await expect(readTableFile(path)).rejects.toThrow(/a column is called "aa", and it is there twice/);
});

test('a page that snappy would unpack to 4 GB is refused', async () => {
  const path = await write({ value: { type: 'UTF8', compression: 'SNAPPY' } }, [{ value: 'a'.repeat(70) }]);
  const bytes = await readFile(path);
  // The page begins with its unpacked length: 4 + 70, written as one byte, before a literal.
  const at = bytes.indexOf(Buffer.of(74));
  await writeFile(path, Buffer.concat([bytes.subarray(0, at), Buffer.of(0xff, 0xff, 0xff, 0xff, 0x0f), bytes.subarray(at + 5)]));
  await expect(readTableFile(path)).rejects.toThrow(/must be a whole Parquet file; /);
});

test('bytes of a page that ask for a run of two billion values give no more than the page has', async () => {
  const path = await write({ value: { type: 'INT32', optional: true, compression: 'UNCOMPRESSED' } }, Array.from({ length: 40 }, () => ({ value: 7 })));
  const bytes = await readFile(path);
  // Levels: a run of 40, written as 40 << 1, of the level 1; then the values.
  const at = bytes.indexOf(Buffer.of(80, 1, 7, 0, 0, 0));
  expect(at).toBeGreaterThan(0);
  for (const run of [[0xfe, 0xff, 0xff, 0xff, 0x0f], [0xff, 0xff, 0xff, 0xff, 0x0f], [0x80, 0x80, 0x80, 0x80, 0x80]]) {
    const changed = Buffer.from(bytes);
    Buffer.from(run).copy(changed, at);
    await writeFile(path, changed);
    const started = performance.now();
    await readTableFile(path).then((rows) => { expect(rows).toHaveLength(40); }, (cause: Error) => { expect(cause).toMatchObject({ name: 'ArtifactError' }); });
    expect(performance.now() - started).toBeLessThan(1000);
  }
});

test('a table whose file has another type in a column than its schema says is refused with column and row', async () => {
  const [one, other] = [defineTable('t@1', { value: { type: 'float64', description: '' } }), defineTable('t@1', { value: { type: 'string', description: '' } })];
  await writeTable(join(folder, 't'), other, [{ value: 'x' }]);
  await expect(readTable(join(folder, 't'), one)).rejects.toThrow(/column "value" of row 0 of .*table\.parquet must be float64 as t@1 says; got x/);
  const big = defineTable('t@1', { value: { type: 'int64', description: '' } });
  await expect(readTable(join(folder, 't'), big)).rejects.toThrow(/must be int64 as t@1 says; got x/);
  const missing = defineTable('t@1', { absent: { type: 'string', description: '' } });
  await expect(readTable(join(folder, 't'), missing)).rejects.toThrow(/column "absent" of row 0 .* must be string as t@1 says; got null/);
});

test('a million rows of one value, which take almost no room, are read', async () => {
  const path = join(folder, 'y.parquet');
  const table = defineTable('t@1', { value: { type: 'boolean', isNullable: true, description: '' } });
  await writeTableFile(path, table, Array.from({ length: 200_000 }, () => ({ value: null })));
  expect(await readTableFile(path)).toHaveLength(200_000);
});
