import { ArtifactError } from '../artifact-error.js';
import { pieceBytes, type ByteSource } from './byte-source.js';
import type { NpyDtype, NpyHeader } from './npy-header.js';
import { bytesOf, int32Values, sharedValues } from './shared-values.js';
import { rowLength, type RowColumn } from './tensor.js';
import { maxTexts, maxTextsLength } from './text-bounds.js';

type Numeric = { readonly kind: 'b' | 'i' | 'u' | 'f'; readonly itemBytes: number; readonly isSwapped: boolean };
type Numbers = Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array;

/** Values that have to be converted pass through a buffer of this size. */
const convertedBytes = 8 * 1024 * 1024;

/**
 * Reads the values behind a header as float32 in C order; those that are float32 in C order already come straight from the file.
 *
 * float64 is rounded. @throws ArtifactError that names row and feature of a value that float32 can't hold: an integer that it
 * would round, a fraction beyond its range.
 */
export async function readFloat32(source: ByteSource, { dtype, isFortran, shape, count }: NpyHeader): Promise<Float32Array> {
  const numeric = numericOf(dtype, source);
  const values = sharedValues('float32', count, { path: source.name });
  const place = isFortran ? fortranPlaces(shape) : undefined;
  if (numeric.kind === 'f' && numeric.itemBytes === 4 && !place) {
    for (let first = 0; first < count; first += pieceBytes / 4) {
      const bytes = bytesOf(values, first, Math.min(first + pieceBytes / 4, count));
      await source.fill(bytes);
      if (numeric.isSwapped) swapBytes(bytes, 4);
    }
    return values;
  }
  const features = rowLength(shape);
  await forEachPiece(source, numeric, count, (piece, first) => {
    for (let i = 0; i < piece.length; i++) {
      const at = place ? place(first + i) : first + i;
      const item = piece[i]!;
      const value = Number(item);
      values[at] = value;
      const isKept = numeric.kind === 'f' ? Number.isFinite(values[at]!) || !Number.isFinite(value) : values[at] === value && isExact(item, value);
      if (!isKept) {
        throw new ArtifactError(`readFloat32: the values of ${source.name} must fit float32; row ${Math.floor(at / features)}, feature ${at % features} is ${item}. Scale them before saving.`, { path: source.name });
      }
    }
  });
  return values;
}

/** Whether an integer of 64 bits became the same number. */
function isExact(item: number | bigint, value: number): boolean {
  return typeof item === 'number' || Number.isSafeInteger(value) || BigInt(value) === item;
}

/** The first entry that keeps an array from being a row column. */
export type Misfit = { readonly misfit: { readonly row: number; readonly value: string } };

/** Reads an array of one axis as a row column, or says which entry is no text and no whole number of 32 bits. */
export async function readRowColumn(source: ByteSource, { dtype, count }: NpyHeader): Promise<RowColumn | Misfit> {
  if (dtype.kind === 'S' || dtype.kind === 'U') return readTexts(source, { ...dtype, kind: dtype.kind }, count);
  const column = int32Values(count, { path: source.name });
  let misfit: Misfit['misfit'] | undefined;
  await forEachPiece(source, numericOf(dtype, source), count, (piece, first) => {
    for (let i = 0; i < piece.length; i++) {
      const value = Number(piece[i]);
      column[first + i] = value;
      if (column[first + i] !== value) misfit ??= { row: first + i, value: String(piece[i]) };
    }
  });
  return misfit ? { misfit } : column;
}

function numericOf(dtype: NpyDtype, { name }: ByteSource): Numeric {
  if (dtype.kind === 'unreadable') throw new ArtifactError(`readNpy: ${name} ${dtype.reason}`, { path: name });
  if (dtype.kind === 'S' || dtype.kind === 'U') throw new ArtifactError(`readNpy: ${name} must hold numbers; it holds text.`, { path: name });
  return { ...dtype, kind: dtype.kind };
}

/** Reads the values in the order of the file, a few MiB at a time. */
async function forEachPiece(source: ByteSource, { kind, itemBytes, isSwapped }: Numeric, count: number, take: (piece: Numbers, first: number) => void): Promise<void> {
  const pieceLength = convertedBytes / itemBytes;
  const buffer = new ArrayBuffer(Math.min(pieceLength, count) * itemBytes);
  for (let first = 0; first < count; first += pieceLength) {
    const bytes = new Uint8Array(buffer, 0, Math.min(pieceLength, count - first) * itemBytes);
    await source.fill(bytes);
    if (isSwapped) swapBytes(bytes, itemBytes);
    take(numbersIn(bytes, kind, itemBytes), first);
  }
}

function numbersIn({ buffer, length }: Uint8Array<ArrayBuffer>, kind: Numeric['kind'], itemBytes: number): Numbers {
  const views = {
    b: [Uint8Array], u: [Uint8Array, Uint16Array, Uint32Array, BigUint64Array], i: [Int8Array, Int16Array, Int32Array, BigInt64Array], f: [undefined, Uint16Array, Float32Array, Float64Array],
  } as const;
  const values = new (views[kind][Math.log2(itemBytes)]!)(buffer, 0, length / itemBytes);
  return kind === 'f' && itemBytes === 2 ? halvesToFloats(values as Uint16Array) : values;
}

let floatOfHalf: Float32Array | undefined;

/** IEEE 754 half precision to single, by a table of all 65,536. */
function halvesToFloats(halves: Uint16Array): Float32Array {
  const table = (floatOfHalf ??= Float32Array.from({ length: 65_536 }, (_, half) => {
    const [sign, exponent, fraction] = [half >> 15 ? -1 : 1, (half >> 10) & 31, half & 1023];
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  }));
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) floats[i] = table[halves[i]!]!;
  return floats;
}

function swapBytes(bytes: Uint8Array, itemBytes: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (itemBytes === 2) buffer.swap16();
  if (itemBytes === 4) buffer.swap32();
  if (itemBytes === 8) buffer.swap64();
}

/** Where an element lies in C order, for elements asked for in Fortran order, each once and in turn. */
function fortranPlaces(shape: readonly number[]): (index: number) => number {
  const strides = shape.map((_, axis) => rowLength(shape.slice(axis)));
  const position = shape.map(() => 0);
  let place = 0;
  return (index) => {
    if (index === 0) return place;
    for (let axis = 0; ; axis++) {
      place += strides[axis]!;
      if (++position[axis]! < shape[axis]!) return place;
      place -= strides[axis]! * shape[axis]!;
      position[axis] = 0;
    }
  };
}

/** Fixed-width text padded with zeros: 4 bytes a character for U, UTF-8 for S. */
async function readTexts(source: ByteSource, { kind, itemBytes, isSwapped }: { kind: 'S' | 'U'; itemBytes: number; isSwapped: boolean }, count: number): Promise<string[]> {
  const refuse = (found: string): never => { throw new ArtifactError(`readRowColumn: ${source.name} must hold at most ${maxTexts} texts of ${maxTextsLength} characters in all; it holds ${found}. Save whole numbers, and their names as classNames.`, { path: source.name }); };
  if (count > maxTexts) refuse(`${count} texts`);
  const texts: string[] = [];
  let length = 0;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const rowsPerPiece = Math.max(1, Math.floor(convertedBytes / itemBytes));
  const piece = new Uint8Array(Math.min(rowsPerPiece, count) * itemBytes);
  while (texts.length < count) {
    const bytes = piece.subarray(0, Math.min(rowsPerPiece, count - texts.length) * itemBytes);
    await source.fill(bytes);
    if (isSwapped && kind === 'U') swapBytes(bytes, 4);
    for (let at = 0; at < bytes.length; at += itemBytes) {
      const codes = kind === 'U' ? new Uint32Array(piece.buffer, at, itemBytes / 4) : bytes.subarray(at, at + itemBytes);
      const text = codes.subarray(0, codes.findLastIndex((code) => code !== 0) + 1);
      try {
        texts.push(kind === 'U' ? String.fromCodePoint(...text) : decoder.decode(text));
      } catch (cause) {
        throw new ArtifactError(`readRowColumn: the text of ${source.name} must be ${kind === 'U' ? 'Unicode' : 'UTF-8'}; row ${texts.length} is not.`, { path: source.name, cause });
      }
      length += texts.at(-1)!.length;
      if (length > maxTextsLength) refuse('more');
    }
  }
  return texts;
}
