import type { FileHandle } from 'node:fs/promises';
import {
  Field, FixedSizeList, Float32, Int32, RecordBatch, RecordBatchFileWriter, RecordBatchReader, Schema, Struct, Uint8, Utf8,
  makeData, vectorFromArray, type Data, type DataType,
} from 'apache-arrow';
import { ArtifactError } from '../artifact-error.js';
import { writeFileDigested } from '../digest/files.js';
import type { Json } from '../digest/canonical.js';
import { openRegularFile } from '../files/regular-file.js';
import { BlankBodies } from './arrow-bodies.js';
import { readArrowColumn } from './arrow-columns.js';
import { sharedValues } from './shared-values.js';
import { rowLength, tensorFault, validateTensor, type RowColumn, type Tensor, type TensorData, type TensorDtype } from './tensor.js';

const maxBatchBytes = 64 * 1024 * 1024;
const metadataKey = 'memgeo';
const valuesColumn = 'values';

/**
 * Writes a tensor as an uncompressed Arrow IPC file: a FixedSizeList column `values` and one column per row column.
 *
 * Record batches hold at most 64 MiB, so that a reader maps each without a copy. Returns size and digest.
 */
export async function writeTensorFile(path: string, tensor: Tensor): Promise<{ bytes: number; sha256: string }> {
  validateTensor(tensor, 'writeTensorFile');
  const { data, shape, rows, metadata } = tensor;
  const columnCount = rowLength(shape);
  const itemType = isUint8(data) ? new Uint8() : new Float32();
  const listType = new FixedSizeList(columnCount, new Field('item', itemType as DataType, false));
  const fields = [new Field(valuesColumn, listType as DataType, false)];
  for (const [name, column] of Object.entries(rows)) fields.push(new Field(name, ArrayBuffer.isView(column) ? new Int32() : new Utf8(), false));
  const schema = new Schema(fields, new Map([[metadataKey, JSON.stringify({ shape, metadata })]]));
  const rowCount = shape[0]!;
  const rowsPerBatch = Math.max(1, Math.floor(maxBatchBytes / (columnCount * data.BYTES_PER_ELEMENT)));
  const writer = new RecordBatchFileWriter();
  writer.reset(undefined, schema);
  for (let first = 0; first < rowCount || first === 0; first += rowsPerBatch) {
    const end = Math.min(first + rowsPerBatch, rowCount);
    const items = makeData({ type: itemType as Float32, data: data.subarray(first * columnCount, end * columnCount) as Float32Array, nullCount: 0 });
    const children: Data[] = [makeData({ type: listType, length: end - first, nullCount: 0, child: items as never })];
    for (const column of Object.values(rows)) children.push(rowColumnData(column, first, end));
    writer.write(new RecordBatch(schema, makeData({ type: new Struct(fields), length: end - first, nullCount: 0, children })));
  }
  writer.finish();
  return writeFileDigested(path, writer as AsyncIterable<Uint8Array>);
}

/**
 * Reads a tensor from an Arrow IPC file, ours or another program's, into memory that worker threads share.
 *
 * The one FixedSizeList column of float32 or uint8 gives the values; columns of text or of whole numbers that
 * fit 32 bits become row columns; others are passed over. However many record batches there are, the values are read
 * from the file to where they stay, and never held twice.
 *
 * @throws ArtifactError if the file is no Arrow file, is cut short, has no such column or more values than an array holds.
 */
export async function readTensorFile(path: string): Promise<Tensor> {
  const file = await openRegularFile(path);
  try {
    const blank = await BlankBodies.open(file, path);
    const reader = await RecordBatchReader.from(blank.handle as FileHandle);
    await reader.open();
    const schema = reader.schema as Schema; // read first: the reader forgets it at the end of the file
    const batches: RecordBatch[] = [];
    for await (const batch of reader as AsyncIterable<RecordBatch>) batches.push(batch);
    return await assembleTensor(path, { schema, batches, blank });
  } catch (cause) {
    if (cause instanceof ArtifactError) throw cause;
    throw new ArtifactError(`readTensorFile: ${path} must be a whole Arrow IPC file; ${(cause as Error).message}.`, { path, cause });
  } finally {
    await file.close().catch(() => undefined);
  }
}

async function assembleTensor(path: string, { schema, batches, blank }: { schema: Schema; batches: readonly RecordBatch[]; blank: BlankBodies }): Promise<Tensor> {
  const valueFields = schema.fields.filter((field) => isValuesType(field.type));
  if (valueFields.length !== 1) {
    const found = schema.fields.map((field) => `${field.name}: ${String(field.type)}`).join(', ');
    throw new ArtifactError(`readTensorFile: ${path} must have exactly one FixedSizeList<float32> or FixedSizeList<uint8> column; it has ${valueFields.length} (columns: ${found}).`, { path });
  }
  const valueField = valueFields[0]!;
  const valueIndex = schema.fields.indexOf(valueField);
  const columnCount = (valueField.type as FixedSizeList).listSize;
  const parts = batches.map((batch) => {
    const list = batch.data.children[valueIndex]!;
    const nullCount = list.nullCount + list.children[0]!.nullCount;
    if (nullCount > 0) throw new ArtifactError(`readTensorFile: column "${valueField.name}" of ${path} must have no nulls; it has ${nullCount}.`, { path });
    const part = (list.children[0]!.values as TensorData).subarray(list.offset * columnCount, (list.offset + list.length) * columnCount);
    if (part.length !== list.length * columnCount) throw new Error(`a batch of ${list.length} rows holds ${part.length} values`);
    return part;
  });
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const data = sharedValues(itemDtype(valueField.type), length, { path });
  let first = 0;
  for (const part of parts) {
    await blank.readValues(part, data, first);
    first += part.length;
    if (schema.fields.length > 1) await blank.fillAround(part);
  }
  const rowCount = batches.reduce((sum, batch) => sum + batch.numRows, 0);
  const rows = new Map<string, RowColumn>();
  for (const [index, field] of schema.fields.entries()) {
    const column = field === valueField ? undefined : readArrowColumn(batches.map((batch) => batch.data.children[index]!), rowCount, { path, name: field.name });
    if (column !== undefined) rows.set(field.name, column);
  }
  const tensor = { data, rows: Object.fromEntries(rows), ...readSaved(schema.metadata.get(metadataKey), path) ?? { shape: [rowCount, columnCount], metadata: {} } };
  const fault = tensorFault(tensor);
  if (fault !== undefined) throw new ArtifactError(`readTensorFile: ${path}: ${fault}`, { path });
  return tensor;
}

/** Shape and metadata as {@link writeTensorFile} saves them; the shape is checked with the tensor. */
function readSaved(text: string | undefined, path: string): Pick<Tensor, 'shape' | 'metadata'> | undefined {
  if (text === undefined) return undefined;
  const { shape, metadata } = (JSON.parse(text) ?? {}) as { shape?: unknown; metadata?: unknown };
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) throw new ArtifactError(`readTensorFile: ${path} must say its metadata as an object, under "${metadataKey}" in those of its schema.`, { path });
  return { shape: shape as number[], metadata: metadata as { [key: string]: Json } };
}

function rowColumnData(column: RowColumn, first: number, end: number): Data {
  if (!Array.isArray(column)) return makeData({ type: new Int32(), data: (column as Int32Array).subarray(first, end), nullCount: 0 });
  return vectorFromArray(column.slice(first, end), new Utf8()).data[0] ?? makeData({ type: new Utf8(), length: 0, nullCount: 0 } as never);
}

function isValuesType(type: DataType): boolean {
  return type instanceof FixedSizeList && ['Float32', 'Uint8'].includes(String(type.children[0]!.type));
}

function itemDtype(type: DataType): TensorDtype {
  return String(type.children[0]!.type) === 'Uint8' ? 'uint8' : 'float32';
}

/** Told by the element size: instanceof fails for arrays made in another realm. */
function isUint8(data: TensorData): boolean {
  return data.BYTES_PER_ELEMENT === 1;
}
