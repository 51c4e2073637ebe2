import type { FileHandle } from 'node:fs/promises';
import { ArtifactError } from '../artifact-error.js';
import { readFully } from './byte-source.js';
import { FlatTable, type Visits } from './flat-table.js';

const magic = 'ARROW1';
const maxDepth = 32;
const maxMetadataBytes = 256 * 1024 * 1024;
const maxTables = 1_000_000;
const oldestVersion = 3;
const kinds = { dictionary: 2, batch: 3 } as const;
const types = { timestamp: 10, union: 14 } as const;

/** A message of an Arrow file: where it begins, the bytes before its body, and those of its body. */
type Block = { readonly offset: number; readonly metadataBytes: number; readonly bodyBytes: number };

/**
 * Checks that what an Arrow IPC file says of itself can be true, before Arrow's reader believes it: offsets and lengths stay
 * inside the file, messages don't overlap, metadata end, buffers lie in their bodies, and columns have as many rows as their batch.
 *
 * @returns positions in the file at which the bodies of record batches begin.
 * @throws ArtifactError if anything can't be, or bodies are compressed.
 */
export async function readArrowLayout(file: FileHandle, path: string): Promise<ReadonlySet<number>> {
  const { size } = await file.stat();
  const read = async (position: number, bytes: number): Promise<Buffer> => {
    const buffer = Buffer.alloc(bytes);
    await readFully(file, buffer, { position, name: path });
    return buffer;
  };
  const ends = size < 2 * magic.length + 6 ? undefined : { first: await read(0, magic.length), last: await read(size - 10, 10) };
  const footerBytes = ends?.last.readInt32LE(0) ?? 0;
  if (ends?.first.toString('latin1') !== magic || ends.last.toString('latin1', 4) !== magic || footerBytes <= 0 || footerBytes > size - 18) {
    throw new ArtifactError(`readTensorFile: ${path} must be a whole Arrow IPC file (the random-access format, also called Feather 2); it does not ${ends?.first.toString('latin1') === magic ? 'end' : 'begin'} as one.`, { path });
  }
  try {
    if (footerBytes > maxMetadataBytes) throw new RangeError(`its metadata have ${footerBytes} bytes, more than ${maxMetadataBytes}`);
    const visits = { left: maxTables };
    const footer = FlatTable.root(await read(size - 10 - footerBytes, footerBytes), visits);
    const nodeCounts = checkSchema(footer.table(1));
    checkMetadata(footer, 4);
    const [dictionaries, batches] = [footer.structs(2, 3), footer.structs(3, 3)].map((blocks) => blocks.map(toBlock)) as [Block[], Block[]];
    requireApart([...dictionaries, ...batches], size - 10 - footerBytes);
    for (const [blocks, kind] of [[dictionaries, kinds.dictionary], [batches, kinds.batch]] as const) {
      for (const block of blocks) checkMessage(await read(block.offset, block.metadataBytes), block, { kind, nodeCounts, visits });
    }
    // An empty body has no bytes of its own: the next message begins there.
    return new Set(batches.filter(({ bodyBytes }) => bodyBytes > 0).map(({ offset, metadataBytes }) => offset + metadataBytes));
  } catch (cause) {
    if (cause instanceof ArtifactError) throw cause;
    throw new ArtifactError(`readTensorFile: ${path} must be a whole Arrow IPC file; ${(cause as Error).message}.`, { path, cause });
  }
}

/** Number of nodes that each column takes in a batch. */
function checkSchema(schema: FlatTable | undefined): number[] {
  if (schema === undefined) throw new RangeError('it has no schema');
  checkMetadata(schema, 2);
  if (schema.int16(0) !== 0) throw new RangeError('its numbers are big-endian');
  return schema.tables(1).map((field) => checkField(field, 0));
}

function checkField(field: FlatTable, depth: number): number {
  if (depth > maxDepth) throw new RangeError(`its columns are nested more than ${maxDepth} deep`);
  field.checkVector(0, 1);
  checkMetadata(field, 6);
  const type = field.table(3);
  if (field.int8(2) === types.timestamp) type?.checkVector(1, 1);
  if (field.int8(2) === types.union) type?.checkVector(1, 4);
  const children = field.tables(5).reduce((count, child) => count + checkField(child, depth + 1), 0);
  const encoding = field.table(4);
  encoding?.table(1);
  // What a dictionary holds lies in a batch of its own.
  return encoding === undefined ? 1 + children : 1;
}

function checkMetadata(table: FlatTable, slot: number): void {
  for (const entry of table.tables(slot)) for (const part of [0, 1]) entry.checkVector(part, 1);
}

/** In a block, the metadata's length takes 32 of 64 bits. */
function toBlock([offset, metadataBytes, bodyBytes]: number[]): Block {
  return { offset: offset!, metadataBytes: Number(BigInt.asIntN(32, BigInt(metadataBytes!))), bodyBytes: bodyBytes! };
}

function requireApart(blocks: readonly Block[], end: number): void {
  let free = magic.length;
  for (const { offset, metadataBytes, bodyBytes } of [...blocks].sort((a, b) => a.offset - b.offset)) {
    if (!(offset >= free && metadataBytes >= 8 && metadataBytes <= maxMetadataBytes && bodyBytes >= 0 && offset + metadataBytes + bodyBytes <= end)) throw new RangeError(`a batch at byte ${offset} lies outside it or over another`);
    free = offset + metadataBytes + bodyBytes;
  }
}

function checkMessage(bytes: Buffer, { offset, metadataBytes, bodyBytes }: Block, { kind, nodeCounts, visits }: { kind: number; nodeCounts: readonly number[]; visits: Visits }): void {
  const prefix = bytes.readInt32LE(0) === -1 ? 8 : 4;
  if (prefix + bytes.readInt32LE(prefix - 4) !== metadataBytes) throw new RangeError(`the batch at byte ${offset} has another length than the footer says`);
  const message = FlatTable.root(bytes.subarray(prefix), visits);
  checkMetadata(message, 4);
  const header = message.table(2);
  const batch = kind === kinds.dictionary ? header?.table(1) : header;
  if (message.int8(1) !== kind || message.int64(3) !== bodyBytes || batch === undefined) throw new RangeError(`the batch at byte ${offset} is not what the footer says`);
  if (message.int16(0) < oldestVersion) throw new RangeError('it is of a format before Arrow 0.8');
  if (batch.table(3) !== undefined) throw new RangeError("it is compressed. Write it with compression='uncompressed'");
  const rowCount = batch.int64(0);
  const nodes = batch.structs(1, 2);
  const buffers = batch.structs(2, 2);
  batch.checkVector(4, 8);
  const mostItems = Math.max(rowCount, 8 * bodyBytes);
  if (!(rowCount >= 0) || nodes.some(([length, nulls]) => !(length! >= 0 && length! <= mostItems && nulls! >= 0 && nulls! <= length!))) throw new RangeError(`a column of the batch at byte ${offset} has more rows than bytes`);
  if (buffers.some(([start, length]) => !(start! >= 0 && length! >= 0 && start! + length! <= bodyBytes && (start! % 8 === 0 || length === 0)))) throw new RangeError(`a buffer of the batch at byte ${offset} lies outside its body, or not at a multiple of 8 bytes`);
  if (kind === kinds.batch) {
    let node = 0;
    for (const count of nodeCounts) {
      if (nodes[node]?.[0] !== rowCount) throw new RangeError(`the columns of the batch at byte ${offset} must have ${rowCount} rows each`);
      node += count;
    }
    if (node !== nodes.length) throw new RangeError(`the batch at byte ${offset} has other columns than the schema`);
  }
}
