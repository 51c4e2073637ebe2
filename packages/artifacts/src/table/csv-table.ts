import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { ParquetReader } from 'parquetjs';
import { ArtifactError } from '../artifact-error.js';
import { verifyArtifact } from '../manifest/manifest.js';
import { readCsvRecords, type CsvRecord } from './csv-records.js';
import { csvText, parseCsvValue } from './csv-values.js';
import { writeTable } from './table-artifact.js';
import type { Row, TableSchema } from './table-schema.js';

/** What CSV holds without loss, by the name that the Parquet reader gives it. */
const plainTypes = new Set(['INT32', 'INT64', 'FLOAT', 'DOUBLE', 'UTF8', 'BOOLEAN']);
const writtenLength = 1 << 20;

/**
 * Writes a table artifact of any schema as a CSV file: RFC 4180 with a header, UTF-8, lines that end in LF. The values are those of
 * {@link csvText}; no value is changed or rounded.
 *
 * @param folder  The artifact. It is verified.
 * @param path  The file to make; it must not exist.
 * @returns the number of rows.
 * @throws ArtifactError if the artifact is altered, is no table, or has a column that CSV can't hold, such as a list.
 */
export async function tableToCsv(folder: string, path: string): Promise<number> {
  const { kind, schema } = await verifyArtifact(folder);
  if (kind !== 'table') throw new ArtifactError(`tableToCsv: ${folder} must be a table; it is a ${kind} of schema ${schema}.`, { path: folder });
  const source = join(folder, 'table.parquet');
  const reader = await ParquetReader.openFile(source).catch((cause: Error) => { throw new ArtifactError(`tableToCsv: ${source} must be a Parquet file; ${cause.message}.`, { path: source, cause }); });
  const file = await open(path, 'wx');
  try {
    const fields = Object.entries(reader.getSchema().schema);
    const odd = fields.find(([, { type, repeated }]) => !plainTypes.has(String(type)) || repeated === true);
    if (odd) throw new ArtifactError(`tableToCsv: the columns of ${source} must be numbers, texts or booleans; "${odd[0]}" is ${odd[1].repeated === true ? 'a list' : `of type ${odd[1].type ?? 'group'}`}. Read it as an artifact.`, { path: source });
    const names = fields.map(([name]) => name);
    // Alone in its line, nothing would be an empty line, which many readers pass over.
    const isLoneNumber = names.length === 1 && fields[0]![1].type !== 'UTF8';
    const lineOf = (row: { [name: string]: unknown }): string => csvLine(names.map((name) => row[name] ?? (isLoneNumber ? '' : null)));
    const cursor = reader.getCursor();
    let text = csvLine(names);
    let rows = 0;
    for (let row = (await cursor.next()) as { [name: string]: unknown } | null; row !== null; row = (await cursor.next()) as typeof row, rows++) {
      text += lineOf(row);
      if (text.length < writtenLength) continue;
      await file.writeFile(text);
      text = '';
    }
    await file.writeFile(text);
    return rows;
  } finally {
    await file.close();
    await reader.close();
  }
}

function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvText).join(',')}\n`;
}

/**
 * Makes a table artifact of a CSV file. The header names the columns, in any order.
 *
 * @param path  As {@link readCsvRecords} takes it.
 * @param folder  The artifact to make.
 * @throws ArtifactError that names file, line and column if a column is missing, unknown or there twice, a line has more or fewer fields
 *   than the header, or a value is not of its column's type.
 */
export async function csvToTable<S extends TableSchema>(path: string, folder: string, schema: S): ReturnType<typeof writeTable> {
  const refuse = (message: string): never => { throw new ArtifactError(`csvToTable: ${path}${message}`, { path }); };
  const wanted = Object.keys(schema.columns).join(', ');
  let header: string[] | undefined;
  const rows: Row<S>[] = [];
  for await (const record of readCsvRecords(path)) {
    if (header) rows.push(readRow(record, { header, schema, refuse }) as Row<S>);
    else header = readHeader(record, { schema, wanted, refuse });
  }
  if (!header) refuse(` must begin with a line that names the columns (${wanted}); it is empty.`);
  return writeTable(folder, schema, rows);
}

type Refuse = (message: string) => never;

function readHeader({ fields }: CsvRecord, { schema, wanted, refuse }: { schema: TableSchema; wanted: string; refuse: Refuse }): string[] {
  const header = fields.map(({ text }) => text);
  const twice = header.find((name, index) => header.indexOf(name) !== index);
  if (twice !== undefined) refuse(`, line 1: each column must be named once; "${twice}" is there twice.`);
  const unknown = header.find((name) => !Object.hasOwn(schema.columns, name));
  if (unknown !== undefined) refuse(`, line 1: the columns must be ${wanted}; "${unknown}" is none of them.`);
  const missing = Object.keys(schema.columns).find((name) => !header.includes(name));
  if (missing !== undefined) refuse(`, line 1: the columns must be ${wanted}; "${missing}" is missing.`);
  return header;
}

function readRow({ line, fields }: CsvRecord, { header, schema, refuse }: { header: readonly string[]; schema: TableSchema; refuse: Refuse }): { [name: string]: unknown } {
  if (fields.length !== header.length) {
    const isBlank = fields.length === 1 && fields[0]!.text === '';
    refuse(`, line ${line}: a line must have ${header.length} fields, as the header has; ${isBlank ? 'this one is empty' : `this one has ${fields.length}`}.`);
  }
  return Object.fromEntries(header.map((name, index) => {
    const column = schema.columns[name]!;
    const value = parseCsvValue(fields[index]!, column);
    if (value === undefined) refuse(`, line ${line}, column "${name}": a value must be ${column.type}${column.isNullable === true ? ' or empty' : ''}; got ${JSON.stringify(shortened(fields[index]!.text))}.`);
    return [name, value];
  }));
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
