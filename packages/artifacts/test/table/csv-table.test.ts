import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { csvToTable, defineTable, readTable, sealArtifact, tableToCsv, writeTable, type Column, type ColumnType, type TableSchema } from '../../src/index.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-csv-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const schema = defineTable('mixed@1', {
  id: { type: 'int32', description: '' },
  big: { type: 'int64', isNullable: true, description: '' },
  value: { type: 'float64', isNullable: true, description: '' },
  name: { type: 'string', isNullable: true, description: '' },
  'is "good"': { type: 'boolean', description: '' },
});
const header = 'id,big,value,name,"is ""good"""\n';

async function fromCsv(text: string | Buffer, as: TableSchema = schema): Promise<{ [name: string]: unknown }[]> {
  const path = join(folder, 'in.csv');
  await writeFile(path, text);
  await csvToTable(path, join(folder, 'made'), as);
  return readTable(join(folder, 'made'), as);
}

test('tableToCsv() writes a header and every value without loss', async () => {
  await writeTable(join(folder, 't'), schema, [
    { id: -3, big: 2n ** 63n - 1n, value: 0.1, name: 'α, "β"\nγ', 'is "good"': true },
    { id: 0, big: -(2n ** 63n), value: -0, name: '', 'is "good"': false },
    { id: 1, big: null, value: null, name: null, 'is "good"': true },
    { id: 2, big: 0n, value: Number.NaN, name: ' x', 'is "good"': true },
    { id: 3, big: 0n, value: Number.NEGATIVE_INFINITY, name: 'null', 'is "good"': true },
    { id: 4, big: 0n, value: 5e-324, name: 'x', 'is "good"': true },
  ]);
  expect(await tableToCsv(join(folder, 't'), join(folder, 't.csv'))).toBe(6);
  expect(await readFile(join(folder, 't.csv'), 'utf8')).toBe([
    header.trimEnd(), '-3,9223372036854775807,0.1,"α, ""β""\nγ",true', '0,-9223372036854775808,-0,"",false', '1,,,,true', '2,0,nan," x",true', '3,0,-inf,null,true', '4,0,5e-324,x,true', '',
  ].join('\n'));
});

const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('', ' ', '"', '""', ',', '\n', '\r\n', '\r', '\uFEFF', 'null', 'nan', 'true', '0', '\u0000', 'a"b,c\nd', '__proto__'));
const valuesOf: { readonly [K in ColumnType]: fc.Arbitrary<unknown> } = {
  int32: fc.integer({ min: -0x7fffffff, max: 0x7fffffff }),
  int64: fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n), 0n)),
  float64: fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, -0, 5e-324, 1.7976931348623157e308, 1e21, 1e-7, 0.1 + 0.2)),
  string: texts,
  boolean: fc.boolean(),
};
const columns: fc.Arbitrary<[string, Column]> = fc.tuple(
  fc.oneof(texts, fc.string({ minLength: 1, maxLength: 5 })).filter((name) => name !== '__proto__' && name !== '' && !name.includes(',')),
  fc.record({ type: fc.constantFrom<ColumnType[]>('int32', 'int64', 'float64', 'string', 'boolean'), isNullable: fc.boolean(), description: fc.constant('') }),
);
const tables = fc.uniqueArray(columns, { minLength: 1, maxLength: 5, selector: ([name]) => name }).chain((chosen) => fc.record({
  schema: fc.constant<TableSchema>({ schema: 'any@1', columns: Object.fromEntries(chosen) }),
  rows: fc.array(fc.tuple(...chosen.map(([, { type, isNullable }]) => isNullable === true ? fc.option(valuesOf[type], { nil: null }) : valuesOf[type]))
    .map((values) => Object.fromEntries(values.map((value, index) => [chosen[index]![0], value]))), { maxLength: 8 }),
}));

test('table -> CSV -> table gives the same digest, for any schema and any values', async () => {
  let count = 0;
  await fc.assert(fc.asyncProperty(tables, async ({ schema: any, rows }) => {
    const at = join(folder, String(count++));
    const { digest } = await writeTable(`${at}-before`, any, rows as never[]);
    await tableToCsv(`${at}-before`, `${at}.csv`);
    expect((await csvToTable(`${at}.csv`, `${at}-after`, any)).digest).toBe(digest);
  }), { numRuns: 200, seed: 1 });
}, 120_000);

test('no text is a table that crashes: each gives a table or an ArtifactError that names the file', async () => {
  const pieces = fc.array(fc.constantFrom('a', 'b', ',', '\n', '\r', '"', ' ', '1', '-', '.', 'e', 'nan', '\uFEFF', 'ü'), { maxLength: 30 }).map((parts) => parts.join(''));
  const small = defineTable('small@1', { a: { type: 'float64', isNullable: true, description: '' }, b: { type: 'string', description: '' } });
  let [read, refused] = [0, 0];
  await fc.assert(fc.asyncProperty(fc.oneof(pieces, pieces.map((text) => `a,b\n${text}`)), async (text) => {
    await fromCsv(text, small).then(() => { read++; }, (cause: Error) => {
      expect(cause).toMatchObject({ name: 'ArtifactError', message: expect.stringContaining('in.csv') as string });
      refused++;
    });
  }), { numRuns: 2000, seed: 1 });
  expect(Math.min(read, refused)).toBeGreaterThan(50);
}, 120_000);

test('csvToTable() reads what other programs write: CR LF, a byte order mark, quotes around all, columns in another order, no line end at the end', async () => {
  const text = '\uFEFF"name","is ""good""","value","big","id"\r\n"x","True","1.50","+7","1"\r\n,FALSE,  -Infinity,, 2';
  expect(await fromCsv(text)).toEqual([
    { id: 1, big: 7n, value: 1.5, name: 'x', 'is "good"': true },
    { id: 2, big: null, value: Number.NEGATIVE_INFINITY, name: null, 'is "good"': false },
  ]);
});

test('an empty field is null where text may be null, "" is the empty text; elsewhere both are the same', async () => {
  const two = defineTable('two@1', { maybe: { type: 'string', isNullable: true, description: '' }, text: { type: 'string', description: '' }, number: { type: 'float64', isNullable: true, description: '' } });
  expect(await fromCsv('maybe,text,number\n,,\n"","",""\n', two)).toEqual([{ maybe: null, text: '', number: null }, { maybe: '', text: '', number: null }]);
});

test('a column of numbers alone has no empty line for null', async () => {
  const one = defineTable('one@1', { x: { type: 'float64', isNullable: true, description: '' } });
  await writeTable(join(folder, 't'), one, [{ x: null }, { x: 1 }]);
  await tableToCsv(join(folder, 't'), join(folder, 't.csv'));
  expect(await readFile(join(folder, 't.csv'), 'utf8')).toBe('x\n""\n1\n');
});

test.each([
  ['nothing', '', /in\.csv must begin with a line that names the columns \(id, big, value, name, is "good"\); it is empty/],
  ['a missing column', 'id,big,value,name\n', /line 1: .*"is "good"" is missing/],
  ['an extra column', 'id,big,value,name,x\n', /line 1: .*"x" is none of them/],
  ['a column that every object has', 'id,big,value,name,toString\n', /"toString" is none of them/],
  ['a column twice', 'id,id\n', /"id" is there twice/],
  ['too few fields', `${header}1,2,3,x,true\n1,2,3\n`, /line 3: a line must have 5 fields, as the header has; this one has 3/],
  ['too many fields', `${header}1,2,3,x,true,\n`, /line 2: .* this one has 6/],
  ['an empty line', `${header}1,2,3,x,true\n\n`, /line 3: .* this one is empty/],
  ['a fraction for int32', `${header}1.5,2,3,x,true\n`, /line 2, column "id": a value must be int32; got "1\.5"/],
  ['a number beyond int32', `${header}2147483648,2,3,x,true\n`, /column "id"/],
  ['a number beyond int64', `${header}1,9223372036854775808,3,x,true\n`, /column "big": a value must be int64 or empty; got "9223372036854775808"/],
  ['words for float64', `${header}1,2,three,x,true\n`, /column "value": .* got "three"/],
  ['a number beyond float64', `${header}1,2,1e999,x,true\n`, /column "value"/],
  ['a hexadecimal number', `${header}1,2,0x10,x,true\n`, /column "value"/],
  ['a number for boolean', `${header}1,2,3,x,1\n`, /column "is "good"": a value must be boolean; got "1"/],
  ['nothing where nothing may be', `${header},2,3,x,true\n`, /column "id": a value must be int32; got ""/],
  ['a line counted through line ends in quotes', `${header}1,2,3,"a\nb\nc",true\n1,2,3,x,maybe\n`, /line 5, column "is "good""/],
  ['quotes that stay open', `${header}1,2,3,"x,true\n\n`, /the quotes that open in the record of line 2 must be closed/],
  ['a quote inside a field', `${header}1,2,3,5" disk,true\n`, /line 2: a field with a quote in it must stand in quotes/],
  ['text behind quotes', `${header}1,2,3,"x"y,true\n`, /line 2: after closing quotes must come a comma or the line's end; got "y"/],
  ['a carriage return alone', `${header}1,2,3,x\ry,true\n`, /line 2: a carriage return must be followed by a line feed/],
  ['bytes that are no UTF-8', Buffer.concat([Buffer.from(`${header}1,2,3,`), Buffer.from([0xff, 0xfe]), Buffer.from(',true\n')]), /must be UTF-8/],
  ['a field without end', `${header}1,2,3,"${'x'.repeat(17 * 1024 * 1024)}`, /a field must have at most 16777216 characters/],
])('csvToTable() refuses %s, and says where', async (_, text, message) => {
  const refused = fromCsv(text);
  await expect(refused).rejects.toMatchObject({ name: 'ArtifactError' });
  await expect(refused).rejects.toThrow(message);
});

test('a record that comes in pieces is read as one', async () => {
  // Pieces of a file have 256 KiB: the quotes, the letter of two bytes and the line end fall on the border in turn.
  const one = defineTable('one@1', { x: { type: 'string', description: '' } });
  for (let shift = 0; shift < 8; shift++) {
    const text = `${'x'.repeat((1 << 18) - 2 - 5 + shift)}`;
    expect(await fromCsv(`x\n"${text}""ü"\r\ny\r\n`, one)).toEqual([{ x: `${text}"ü` }, { x: 'y' }]);
    await rm(join(folder, 'made'), { recursive: true });
  }
});

test('tableToCsv() refuses what is no table, and what has been altered', async () => {
  await writeTable(join(folder, 't'), schema, []);
  await writeFile(join(folder, 't/table.parquet'), 'x');
  await expect(tableToCsv(join(folder, 't'), join(folder, 't.csv'))).rejects.toThrow(/must have \d+ bytes; it has 1/);
  await rm(join(folder, 't/artifact.json'));
  await sealArtifact(join(folder, 't'), { kind: 'folder', schema: 'text@1' });
  await expect(tableToCsv(join(folder, 't'), join(folder, 't.csv'))).rejects.toThrow(/must be a table; it is a folder of schema text@1/);
});
