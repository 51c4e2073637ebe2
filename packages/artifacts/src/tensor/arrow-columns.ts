import { DataType, type Data, type Vector } from 'apache-arrow';
import { ArtifactError } from '../artifact-error.js';
import { int32Values } from './shared-values.js';
import { maxTexts, maxTextsLength } from './text-bounds.js';
import type { RowColumn } from './tensor.js';

type Place = { readonly path: string; readonly name: string };
type Chunks = readonly Data[];

/**
 * Reads a column of an Arrow file that can describe rows, text or whole numbers of 32 bits, also by a dictionary.
 *
 * @returns undefined for any other column: fractions, nulls, dates, nested values.
 * @throws ArtifactError if its offsets lead out of its bytes, or there is more text than memory should hold.
 */
export function readArrowColumn(chunks: Chunks, rowCount: number, place: Place): RowColumn | undefined {
  const type = chunks[0]?.type as DataType | undefined;
  if (type === undefined || chunks.some(({ nullCount }) => nullCount > 0)) return undefined;
  const isDictionary = DataType.isDictionary(type);
  const itemType = isDictionary ? type.dictionary as DataType : type;
  const isText = DataType.isUtf8(itemType) || DataType.isLargeUtf8(itemType) || DataType.isUtf8View(itemType);
  if ((isText || isDictionary) && rowCount > maxTexts) refuse(place, `must have at most ${maxTexts} rows of text or of a dictionary; it has ${rowCount}`);
  if (isText) {
    return isDictionary ? chunks.flatMap((chunk) => lookUp(chunk, readTexts, place)) : readTexts(chunks, place);
  }
  if (!DataType.isInt(itemType) && !DataType.isFloat(itemType)) return undefined;
  return isDictionary ? wholeNumbers(chunks.map((chunk) => lookUp(chunk, readNumbers, place)), rowCount, place) : wholeNumbers(chunks.map((chunk) => numbersIn(chunk, place)), rowCount, place);
}

/** The entries of a dictionary that a chunk names. */
function lookUp<T>({ values: indices, dictionary, length }: Data, read: (chunks: Chunks, place: Place) => readonly T[], place: Place): T[] {
  const entryChunks = (dictionary as Vector | undefined)?.data ?? [];
  if (entryChunks.some(({ nullCount }) => nullCount > 0)) refuse(place, 'must have a dictionary without nulls');
  const entries = read(entryChunks, place);
  return Array.from({ length }, (_, row) => {
    const index = Number(indices[row]);
    if (!(index >= 0 && index < entries.length)) refuse(place, `must name the ${entries.length} entries of its dictionary; row ${row} names ${index}`);
    return entries[index]!;
  });
}

function readNumbers(chunks: Chunks, place: Place): (number | bigint)[] {
  return chunks.flatMap((chunk) => Array.from(numbersIn(chunk, place)));
}

function numbersIn({ values, length, type }: Data, place: Place): ArrayLike<number | bigint> {
  if (values.length < length) refuse(place, `must have ${length} values; it has ${values.length}`);
  // Half-precision numbers come as their bits.
  return DataType.isFloat(type) && values.BYTES_PER_ELEMENT === 2 ? [Number.NaN] : values.subarray(0, length) as ArrayLike<number | bigint>;
}

/** The numbers as a column, or undefined if one is no whole number of 32 bits. */
function wholeNumbers(parts: readonly ArrayLike<number | bigint>[], rowCount: number, { path }: Place): Int32Array | undefined {
  const column = int32Values(rowCount, { path });
  let row = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++, row++) {
      const value = Number(part[i]);
      column[row] = value;
      if (column[row] !== value || value === -0x80000000) return undefined;
    }
  }
  return column;
}

function readTexts(chunks: Chunks, place: Place): string[] {
  const texts: string[] = [];
  const decoder = new TextDecoder();
  let left = maxTextsLength;
  for (const chunk of chunks) {
    const bytesOf = DataType.isUtf8View(chunk.type) ? viewedBytes(chunk, place) : offsetBytes(chunk, place);
    for (let row = 0; row < chunk.length; row++) {
      const bytes = bytesOf(row);
      left -= bytes.length;
      if (left < 0) refuse(place, `must hold at most ${maxTextsLength} bytes of text`);
      texts.push(decoder.decode(bytes));
    }
  }
  return texts;
}

/** Texts lie one after the other. */
function offsetBytes({ values, valueOffsets, length }: Data, place: Place): (row: number) => Uint8Array {
  return (row) => {
    const [first, end] = [Number(valueOffsets[row]), Number(valueOffsets[row + 1])];
    if (!(first >= 0 && first <= end && end <= values.length)) refuse(place, `must have texts inside its ${values.length} bytes; row ${row} of ${length} lies at ${first} to ${end}`);
    return (values as Uint8Array).subarray(first, end);
  };
}

/** Short texts lie in their views of 16 bytes, longer ones where the view says. */
function viewedBytes({ values, variadicBuffers, length }: Data & { readonly variadicBuffers?: readonly Uint8Array[] }, place: Place): (row: number) => Uint8Array {
  const views = new DataView(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
  if (views.byteLength < 16 * length) refuse(place, `must have ${length} texts; it has room for ${Math.floor(views.byteLength / 16)}`);
  return (row) => {
    const size = views.getInt32(16 * row, true);
    if (size >= 0 && size <= 12) return (values as Uint8Array).subarray(16 * row + 4, 16 * row + 4 + size);
    const [buffer, first] = [variadicBuffers?.[views.getInt32(16 * row + 8, true)], views.getInt32(16 * row + 12, true)];
    if (size < 0 || buffer === undefined || first < 0 || first + size > buffer.length) refuse(place, `must have texts inside its bytes; row ${row} lies outside`);
    return buffer!.subarray(first, first + size);
  };
}

function refuse({ path, name }: Place, message: string): never {
  throw new ArtifactError(`readTensorFile: column "${name}" of ${path} ${message}.`, { path });
}
