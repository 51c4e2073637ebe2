import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { ParquetSchema, ParquetWriter } from 'parquetjs';
import { ArtifactError } from '../artifact-error.js';
import { digestFile } from '../digest/files.js';
import type { ArtifactManifest } from '../manifest/artifact-manifest.js';
import { sealArtifact } from '../manifest/manifest.js';
import { columnNameFault } from '../parquet/parquet-layout.js';
import { readParquetRows } from '../parquet/parquet-rows.js';
import { verifySchema } from '../tensor/tensor-artifact.js';
import type { Column, ColumnType, Row, TableSchema } from './table-schema.js';

const tableFileName = 'table.parquet';
const parquetTypes = { int32: 'INT32', int64: 'INT64', float64: 'DOUBLE', string: 'UTF8', boolean: 'BOOLEAN' } as const;

/**
 * Writes a table artifact into a new folder: `table.parquet` (snappy) and `artifact.json`.
 *
 * @throws TypeError if a row misses a column, has one too many, or holds a value of another type.
 */
export async function writeTable<S extends TableSchema>(folder: string, schema: S, rows: readonly Row<S>[]): Promise<ArtifactManifest> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, tableFileName);
  await writeTableFile(path, schema, rows);
  const file = { path: tableFileName, ...(await digestFile(path)) };
  return sealArtifact(folder, { kind: 'table', schema: schema.schema, files: [file], summary: { rows: rows.length } });
}

/** Writes rows as a Parquet file that any Parquet reader opens; see {@link writeTable}. */
export async function writeTableFile<S extends TableSchema>(path: string, schema: S, rows: readonly Row<S>[]): Promise<void> {
  rows.forEach((row, index) => checkRow(schema, row as { [name: string]: unknown }, index));
  const writer = await ParquetWriter.openFile(parquetSchema(schema), path);
  for (const row of rows) await writer.appendRow(withoutNulls(row as { [name: string]: unknown }));
  await writer.close();
  const file = await open(path, 'r+');
  await file.sync();
  await file.close();
}

/**
 * Reads a table artifact after checking its schema and digest.
 *
 * @throws ArtifactError if it is missing, altered, or of another kind or schema.
 */
export async function readTable<S extends TableSchema>(folder: string, schema: S): Promise<Row<S>[]> {
  await verifySchema(folder, 'table', schema.schema);
  const path = join(folder, tableFileName);
  const rows = await readTableFile(path);
  const columns = Object.entries(schema.columns);
  return rows.map((row, index) => Object.fromEntries(columns.map(([name, column]) => {
    const value = typed(row[name], column.type);
    if (!fits(value, column)) throw new ArtifactError(`readTable: column "${name}" of row ${index} of ${path} must be ${typeName(column)} as ${schema.schema} says; got ${String(value).slice(0, 100)}.`, { path });
    return [name, value];
  })) as Row<S>);
}

/** Reads the rows of any Parquet file as plain objects; absent values are null. */
export async function readTableFile(path: string): Promise<{ [name: string]: unknown }[]> {
  return (await readParquetRows(path)).rows;
}

function parquetSchema(schema: TableSchema): ParquetSchema {
  for (const name of Object.keys(schema.columns)) {
    const fault = columnNameFault(name);
    if (fault !== undefined) throw new TypeError(`writeTable: a column of ${schema.schema} is called ${JSON.stringify(name)}, and ${fault}. Rename it.`);
  }
  const fields = Object.entries(schema.columns).map(([name, column]) => [name, { type: parquetTypes[column.type], compression: 'SNAPPY', optional: column.isNullable === true }]);
  return new ParquetSchema(Object.fromEntries(fields) as ConstructorParameters<typeof ParquetSchema>[0]);
}

function withoutNulls(row: { [name: string]: unknown }): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

function typed(value: unknown, type: ColumnType): unknown {
  if (value === undefined || value === null) return null;
  return type === 'int64' && Number.isSafeInteger(value) ? BigInt(value as number) : value;
}

function checkRow(schema: TableSchema, row: { [name: string]: unknown }, index: number): void {
  for (const name of Object.keys(row)) {
    if (!Object.hasOwn(schema.columns, name)) throw new TypeError(`writeTable: row ${index} has the column "${name}", which ${schema.schema} doesn't have (columns: ${Object.keys(schema.columns).join(', ')}).`);
  }
  for (const [name, column] of Object.entries(schema.columns)) {
    if (!fits(row[name], column)) throw new TypeError(`writeTable: column "${name}" of row ${index} must be ${typeName(column)} as ${schema.schema} says; got ${String(row[name])}.`);
  }
}

function typeName({ type, isNullable }: Column): string {
  return `${type}${isNullable === true ? ' or null' : ''}`;
}

function fits(value: unknown, column: Column): boolean {
  if (value === null) return column.isNullable === true;
  switch (column.type) {
    case 'int32':
      return Number.isInteger(value) && Math.abs(value as number) <= 0x7fffffff;
    case 'int64':
      return typeof value === 'bigint';
    case 'float64':
      return typeof value === 'number';
    default:
      return typeof value === column.type;
  }
}
