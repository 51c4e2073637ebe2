import type { FileHandle } from 'node:fs/promises';
import { getHeapStatistics } from 'node:v8';
import { ArtifactError } from '../artifact-error.js';
import { readFully } from '../tensor/byte-source.js';
import { maxExpansion } from './bounded-codecs.js';
import { readThrift, type ThriftStruct, type ThriftValue } from './thrift.js';

const magic = 'PAR1';
const maxMetadataBytes = 64 * 1024 * 1024;
const maxDepth = 16;
const maxColumns = 16_384;
/** A value takes as many bytes of JavaScript's heap while a row group is read, by measurement; a little more in nested columns. */
const heapBytesPerValue = 100;
/** Runs of one value take almost no room, so a small file may rightly hold many; but none of those that people send does. */
const freeValues = 4 * 2 ** 20;
const valuesPerByte = 1024;
/** By the number of the codec. */
const expansions = new Map<number, number>([[0, maxExpansion.none], [1, maxExpansion.snappy], [2, maxExpansion.gzip], [4, maxExpansion.brotli]]);
const pageTypes = { data: 0, dictionary: 2, dataV2: 3 } as const;
const bson = 20;

type Leaf = { readonly name: string; readonly isRepeated: boolean };

/**
 * Checks that what a Parquet file says of itself can be true, before the reader believes it: columns and pages stay inside the
 * file, pages hold no more values than their column and unpack to no more than their codec can, and names are plain.
 *
 * @returns the number of rows.
 * @throws ArtifactError if anything can't be, or the values would not fit the memory.
 */
export async function checkParquetLayout(file: FileHandle, path: string): Promise<number> {
  try {
    return await new Layout(file, path, (await file.stat()).size).check();
  } catch (cause) {
    if (cause instanceof ArtifactError) throw cause;
    throw new ArtifactError(`${path} must be a whole Parquet file; ${(cause as Error).message}.`, { path, cause });
  }
}

class Layout {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #size: number;
  #values = 0;
  #bytes = 0;

  constructor(file: FileHandle, path: string, size: number) {
    this.#file = file;
    this.#path = path;
    this.#size = size;
  }

  async check(): Promise<number> {
    if (this.#size < 12) throw new RangeError(`it has ${this.#size} bytes`);
    const tail = await this.#read(this.#size - 8, 8);
    if ((await this.#read(0, 4)).toString('latin1') !== magic || tail.toString('latin1', 4) !== magic) throw new RangeError('it does not begin and end as one');
    const length = tail.readUInt32LE(0);
    if (length > this.#size - 12 || length > maxMetadataBytes) throw new RangeError(`its metadata can't have ${length} bytes`);
    const { struct } = readThrift(await this.#read(this.#size - 8 - length, length));
    const leaves = readLeaves(list(struct, 2));
    let rowCount = 0;
    for (const group of list(struct, 4)) rowCount += await this.#checkGroup(group as ThriftStruct, leaves);
    if (rowCount !== whole(struct, 3)) throw new RangeError(`its row groups have ${rowCount} rows, and it says ${whole(struct, 3)}`);
    return rowCount;
  }

  async #checkGroup(group: ThriftStruct, leaves: ReadonlyMap<string, Leaf>): Promise<number> {
    const rowCount = whole(group, 3);
    const columns = list(group, 1) as readonly ThriftStruct[];
    if (columns.length !== leaves.size) throw new RangeError(`a row group has ${columns.length} columns, and its schema ${leaves.size}`);
    const seen = new Set<string>();
    for (const column of columns) {
      if (column.has(1)) throw new RangeError('a column lies in another file');
      const meta = column.get(3);
      if (!(meta instanceof Map)) throw new RangeError('a column has no metadata');
      const leaf = leaves.get(list(meta, 3).map(text).join(','));
      if (leaf === undefined || seen.has(leaf.name)) throw new RangeError('a column is not in its schema, or is there twice');
      seen.add(leaf.name);
      await this.#checkColumn(meta, leaf, rowCount);
    }
    return rowCount;
  }

  async #checkColumn(meta: ThriftStruct, leaf: Leaf, rowCount: number): Promise<void> {
    const [codec, valueCount, start] = [whole(meta, 4), whole(meta, 5), whole(meta, 9)];
    const dictionaryAt = meta.has(11) ? whole(meta, 11) : 0;
    if (!expansions.has(codec)) throw new RangeError(`column "${leaf.name}" is compressed by a means that is not read. Write it with compression="snappy"`);
    if (leaf.isRepeated ? valueCount < rowCount : valueCount !== rowCount) throw new RangeError(`column "${leaf.name}" has ${valueCount} values for ${rowCount} rows`);
    this.#values += valueCount;
    const most = Math.min(getHeapStatistics().heap_size_limit / heapBytesPerValue, freeValues + valuesPerByte * this.#size);
    if (this.#values > most) {
      throw new ArtifactError(`${this.#path} must have at most ${Math.floor(most)} values; it says ${this.#values} up to column "${leaf.name}". Save it as Arrow or .npy, or give Node.js more memory by NODE_OPTIONS=--max-old-space-size.`, { path: this.#path });
    }
    const end = Math.min(this.#size, start + whole(meta, 7));
    // The reader takes the dictionary for one page, wherever it lies.
    if (dictionaryAt > 0) await this.#checkPage(dictionaryAt, this.#size, { codec, leaf, valueCount });
    let [at, values] = [start, 0];
    while (at < end && values < valueCount) {
      const page = await this.#checkPage(at, end, { codec, leaf, valueCount: valueCount - values });
      at = page.end;
      values += page.values;
    }
    if (values !== valueCount) throw new RangeError(`the pages of column "${leaf.name}" hold ${values} values, and it says ${valueCount}`);
  }

  async #checkPage(at: number, end: number, { codec, leaf, valueCount }: { codec: number; leaf: Leaf; valueCount: number }): Promise<{ end: number; values: number }> {
    // A header is short, unless it holds statistics of long texts.
    let header: ReturnType<typeof readThrift> | undefined;
    for (let most = 4096; header === undefined; most *= 64) {
      const bytes = await this.#read(at, Math.min(most, end - at));
      try {
        header = readThrift(bytes);
      } catch (cause) {
        if (bytes.length === end - at || most > maxMetadataBytes) throw cause;
      }
    }
    const { struct } = header;
    const [type, unpacked, packed] = [whole(struct, 1), whole(struct, 2), whole(struct, 3)];
    const pageEnd = at + header.bytes + packed;
    const expansion = expansions.get(codec)!;
    this.#bytes += unpacked;
    if (pageEnd > end || unpacked > 1024 + packed * expansion || this.#bytes > 1024 + 2 * this.#size * expansion) throw new RangeError(`a page of column "${leaf.name}" can't have ${packed} bytes that unpack to ${unpacked}`);
    const content = struct.get(type === pageTypes.dictionary ? 7 : type === pageTypes.dataV2 ? 8 : 5);
    if (![pageTypes.data, pageTypes.dictionary, pageTypes.dataV2].includes(type as 0) || !(content instanceof Map)) throw new RangeError(`a page of column "${leaf.name}" is of no known kind`);
    const values = whole(content as ThriftStruct, 1);
    if (type === pageTypes.dictionary) {
      if (values > 1 + unpacked * 8) throw new RangeError(`the dictionary of column "${leaf.name}" can't hold ${values} values in ${unpacked} bytes`);
      return { end: pageEnd, values: 0 };
    }
    if (type === pageTypes.dataV2 && whole(content as ThriftStruct, 2) > values) throw new RangeError(`a page of column "${leaf.name}" has more nulls than values`);
    if (values > valueCount) throw new RangeError(`a page of column "${leaf.name}" holds ${values} values where ${valueCount} are left`);
    return { end: pageEnd, values };
  }

  async #read(position: number, bytes: number): Promise<Buffer> {
    if (!(position >= 0 && bytes >= 0 && position + bytes <= this.#size)) throw new RangeError(`a part of it lies at byte ${position}, outside its ${this.#size}`);
    const buffer = Buffer.alloc(bytes);
    await readFully(this.#file, buffer, { position, name: this.#path });
    return buffer;
  }
}

/** The columns of a schema that hold values, by path. */
function readLeaves(elements: readonly ThriftValue[]): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  let next = 1;
  const visit = (count: number, path: readonly string[], isRepeated: boolean): void => {
    if (path.length > maxDepth) throw new RangeError(`its columns are nested more than ${maxDepth} deep`);
    const siblings = new Set<string>();
    for (let i = 0; i < count; i++) {
      const element = elements[next++];
      if (!(element instanceof Map)) throw new RangeError('its schema is cut short');
      const name = text(element.get(4));
      const fault = columnNameFault(name) ?? (siblings.has(name) ? 'it is there twice' : undefined);
      if (fault !== undefined) throw new RangeError(`a column is called ${JSON.stringify(name.slice(0, 100))}, and ${fault}. Rename it`);
      siblings.add(name);
      if (element.get(6) === bson) throw new RangeError(`column "${name}" holds BSON, which is not read`);
      const inner = [...path, name];
      const repeated = isRepeated || element.get(3) === 2;
      const children = element.has(5) ? whole(element, 5) : 0;
      if (children > 0) visit(children, inner, repeated);
      else leaves.set(inner.join(','), { name: inner.join('.'), isRepeated: repeated });
    }
  };
  const [root] = elements;
  if (!(root instanceof Map) || elements.length > maxColumns) throw new RangeError(`its schema can't have ${elements.length} parts`);
  visit(root.has(5) ? whole(root, 5) : 0, [], false);
  if (next !== elements.length) throw new RangeError('its schema has parts that belong to nothing');
  return leaves;
}

/**
 * Says what keeps a text from being the name of a column, or undefined: the reader keeps columns in plain objects, in which
 * some names already mean something, and joins names by commas.
 */
export function columnNameFault(name: string): string | undefined {
  if (name === '') return 'a name can\'t be empty';
  if (name in {} || name === 'prototype') return 'JavaScript keeps the name for itself';
  if (name.includes(',')) return 'a name can\'t hold a comma';
  return undefined;
}

function list(struct: ThriftStruct, field: number): readonly ThriftValue[] {
  const value = struct.get(field);
  if (!Array.isArray(value)) throw new RangeError('its metadata lack a list');
  return value as readonly ThriftValue[];
}

function whole(struct: ThriftStruct, field: number): number {
  const value = struct.get(field);
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new RangeError(`its metadata must say a whole number; they say ${String(value)}`);
  return value;
}

function text(value: ThriftValue | undefined): string {
  if (!ArrayBuffer.isView(value)) throw new RangeError('its metadata lack a name');
  return new TextDecoder().decode(value as Uint8Array);
}
