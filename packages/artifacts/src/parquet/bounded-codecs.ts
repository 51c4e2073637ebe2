import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import plainModule from 'parquetjs/dist/lib/codec/plain.js';
import rleModule from 'parquetjs/dist/lib/codec/rle.js';
import compression from 'parquetjs/dist/lib/compression.js';

type Cursor = { readonly buffer: Buffer; offset: number; readonly size?: number };
type Options = { readonly bitWidth?: number; readonly disableEnvelope?: boolean; readonly typeLength?: number; readonly originalType?: string; readonly precision?: number };
type Decode = (type: string, cursor: Cursor, count: number, options: Options) => unknown[];
type Codec = { inflate: (value: Buffer) => unknown };

const bits: { readonly [type: string]: number } = { BOOLEAN: 1, INT32: 32, INT64: 64, INT96: 96, FLOAT: 32, DOUBLE: 64, BYTE_ARRAY: 32 };
const maxPageBytes = 2 ** 30;
/** How many bytes a byte of a page may unpack to: bounds of what snappy and deflate can do, and for brotli a limit of ours. */
export const maxExpansion = { none: 1, snappy: 24, gzip: 1032, brotli: 4096 } as const;
let isDone = false;

/**
 * Makes parquetjs, wherever it is used in this process, refuse pages that expand beyond what they can rightly hold: it believes the
 * lengths inside them, and one byte that is wrong asks for gigabytes or makes the process end.
 */
export function boundParquetCodecs(): void {
  if (isDone) return;
  isDone = true;
  const { SNAPPY: snappy, GZIP: gzip, BROTLI: brotli } = compression.PARQUET_COMPRESSION_METHODS as unknown as { readonly [name in 'SNAPPY' | 'GZIP' | 'BROTLI']: Codec };
  const unpackSnappy = snappy.inflate;
  snappy.inflate = (value) => {
    const length = snappyLength(value);
    if (!(length <= 1024 + maxExpansion.snappy * value.length)) throw new RangeError(`a page of ${value.length} bytes can't unpack to ${length}`);
    return unpackSnappy(value);
  };
  gzip.inflate = (value) => gunzipSync(value, { maxOutputLength: Math.min(maxPageBytes, 1024 + maxExpansion.gzip * value.length) });
  brotli.inflate = (value) => brotliDecompressSync(value, { maxOutputLength: Math.min(maxPageBytes, 1024 + maxExpansion.brotli * value.length) });
  const [plain, rle] = [plainModule, rleModule] as unknown as [{ decodeValues: Decode }, { decodeValues: Decode }];
  const decodePlain = plain.decodeValues;
  plain.decodeValues = (type, cursor, count, options) => {
    const decimalBits = options.originalType === 'DECIMAL' ? ((options.precision ?? 0) > 9 ? 64 : 32) : 0;
    const needed = Math.ceil((count * Math.max(decimalBits, type === 'FIXED_LEN_BYTE_ARRAY' ? 8 * (options.typeLength ?? 0) : bits[type] ?? 0)) / 8);
    if (cursor.offset + needed > cursor.buffer.length) throw new RangeError(`a page must have ${needed} bytes for ${count} values; it has ${cursor.buffer.length - cursor.offset}`);
    return decodePlain(type, cursor, count, options);
  };
  rle.decodeValues = decodeRuns;
}

/** Decodes runs of equal values and of values packed by bits, no more of them than are asked for. */
function decodeRuns(_type: string, cursor: Cursor, count: number, { bitWidth = 0, disableEnvelope = false }: Options): number[] {
  const { buffer } = cursor;
  if (!(bitWidth >= 0 && bitWidth <= 32)) throw new RangeError(`values must be packed in at most 32 bits; got ${bitWidth}`);
  if (!disableEnvelope) cursor.offset += 4;
  const values: number[] = [];
  while (values.length < count) {
    const header = readVarint(cursor);
    const length = Math.floor(header / 2) * (header % 2 === 1 ? 8 : 1);
    if (length === 0) throw new RangeError('a run of values is empty');
    const taken = Math.min(length, count - values.length);
    const bytes = header % 2 === 1 ? (length * bitWidth) / 8 : Math.ceil(bitWidth / 8);
    if (cursor.offset + (header % 2 === 1 ? Math.ceil((taken * bitWidth) / 8) : bytes) > buffer.length) throw new RangeError('a run of values goes beyond its page');
    if (header % 2 === 1) unpackBits(buffer, cursor.offset, { bitWidth, count: taken }, values);
    else {
      const value = bytes === 0 ? 0 : buffer.readUIntLE(cursor.offset, bytes);
      for (let i = 0; i < taken; i++) values.push(value);
    }
    cursor.offset += bytes;
  }
  return values;
}

function unpackBits(buffer: Buffer, offset: number, { bitWidth, count }: { bitWidth: number; count: number }, values: number[]): void {
  for (let i = 0, bit = 0; i < count; i++) {
    let value = 0;
    for (let k = 0; k < bitWidth; k++, bit++) if ((buffer[offset + (bit >> 3)]! >> (bit & 7)) & 1) value += 2 ** k;
    values.push(value);
  }
}

function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let factor = 1; factor < 2 ** 42; factor *= 128) {
    const byte = cursor.buffer[cursor.offset++];
    if (byte === undefined) throw new RangeError('a page is cut short inside its runs of values');
    value += (byte & 127) * factor;
    if (byte < 128) return value;
  }
  throw new RangeError('a run of values is too long');
}

/** Snappy begins with the length of what it unpacks to. */
function snappyLength(value: Buffer): number {
  return readVarint({ buffer: value, offset: 0 });
}
