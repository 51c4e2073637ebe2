import { sizeOfShape } from '../description/shapes.js';
import { maxHeaderBytes, parseSafetensorsHeader, type SafetensorsEntry, type SafetensorsHeader } from './safetensors-header.js';
import { decodeValues, encodeValues, readableTypes } from './safetensors-values.js';
import { shownName, WeightsFileError } from './weights-file-error.js';

/** Bytes read at once. */
const pieceBytes = 16 * 1024 * 1024;

/** A file open for reading; a `FileHandle` of node:fs/promises is one. */
export type ReadableFile = {
  readonly stat: () => Promise<{ readonly size: number }>;
  readonly read: (target: Uint8Array, offset: number, length: number, position: number) => Promise<{ readonly bytesRead: number }>;
};

/** Values by name and shape, row-major. */
export type NamedValues = { readonly name: string; readonly shape: readonly number[]; readonly data: Float32Array };

/**
 * A safetensors file, of which each tensor is read when it is asked for.
 *
 * A length of 8 bytes, a JSON header, then the data of all tensors, little-endian. The file stays open, and is its opener's to close.
 */
export class SafetensorsFile {
  readonly #file: ReadableFile;
  readonly #name: string;
  readonly #dataStart: number;
  readonly #header: SafetensorsHeader;

  private constructor(file: ReadableFile, { name, dataStart, header }: { name: string; dataStart: number; header: SafetensorsHeader }) {
    this.#file = file;
    this.#name = name;
    this.#dataStart = dataStart;
    this.#header = header;
  }

  /**
   * Reads and checks the header.
   *
   * @param options.name  Path of the file, for messages.
   * @throws WeightsFileError if it is not a whole safetensors file.
   */
  static async read(file: ReadableFile, { name }: { name: string }): Promise<SafetensorsFile> {
    const { size } = await file.stat();
    const start = new Uint8Array(8);
    if (size < 8) throw new WeightsFileError(`${name} must be a safetensors file; it has ${size} bytes. Save it again.`);
    await fill(file, start, { position: 0, name });
    if (start[0] === 0x50 && start[1] === 0x4b) throw new WeightsFileError(`${name} must be a safetensors file; it is a zip archive, as torch.save writes. Save the weights by safetensors.torch.save_file.`);
    const length = new DataView(start.buffer).getBigUint64(0, true);
    if (length > BigInt(size - 8)) throw new WeightsFileError(`${name} must be a safetensors file; its header should have ${length} bytes, and ${size - 8} follow: it is another format, or cut short.`);
    if (length < 2n || length > BigInt(maxHeaderBytes)) throw new WeightsFileError(`${name} must have a header of 2 to ${maxHeaderBytes} bytes; it has ${length}.`);
    const bytes = new Uint8Array(Number(length));
    await fill(file, bytes, { position: 8, name });
    const dataStart = 8 + bytes.length;
    return new SafetensorsFile(file, { name, dataStart, header: parseSafetensorsHeader(bytes, { dataBytes: size - dataStart, file: name }) });
  }

  /** Path of the file, for messages. */
  get name(): string {
    return this.#name;
  }

  /** Types, shapes and places of the tensors, by name. */
  get entries(): ReadonlyMap<string, SafetensorsEntry> {
    return this.#header.entries;
  }

  /** What the writer said about the file: text by text. */
  get metadata(): ReadonlyMap<string, string> {
    return this.#header.metadata;
  }

  /**
   * Reads one tensor as float32.
   *
   * @throws WeightsFileError if there is none of that name, its values are of a type that does not fit, or the file has become shorter.
   */
  async tensor(name: string): Promise<NamedValues> {
    const entry = this.entries.get(name);
    if (!entry) throw new WeightsFileError(`${this.#name} has no tensor ${shownName(name)}.`);
    const { dtype, shape, begin, end } = entry;
    const size = readableTypes[dtype];
    if (size === undefined) throw new WeightsFileError(`${this.#name}: ${shownName(name)} must be of type ${Object.keys(readableTypes).join(', ')}; it is ${dtype}. Convert it to float32 before saving.`);
    const data = new Float32Array((end - begin) / size);
    const piece = new Uint8Array(Math.min(pieceBytes, end - begin));
    for (let position = begin; position < end; position += piece.length) {
      const bytes = piece.subarray(0, Math.min(piece.length, end - position));
      await fill(this.#file, bytes, { position: this.#dataStart + position, name: this.#name });
      const first = (position - begin) / size;
      decodeValues(dtype, bytes, data.subarray(first, first + bytes.length / size));
    }
    return { name, shape, data };
  }
}

/**
 * The bytes of a safetensors file in pieces, float32, tensors in the given order.
 *
 * @param options.metadata  Text by text; kept in the header.
 * @throws RangeError if a name stands there twice or is `__metadata__`, or a shape is not that of its data.
 */
export function* safetensorsBytes(tensors: readonly NamedValues[], { metadata = {} }: { metadata?: { readonly [key: string]: string } } = {}): Generator<Uint8Array> {
  const header = new Map<string, unknown>(Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : []);
  let position = 0;
  for (const { name, shape, data } of tensors) {
    if (header.has(name) || name === '__metadata__') throw new RangeError(`safetensorsBytes: names must differ and not be __metadata__; got ${shownName(name)}.`);
    if (sizeOfShape(shape) !== data.length) throw new RangeError(`safetensorsBytes: ${shownName(name)} must have the values of its shape (${shape.join(', ')}); got ${data.length}.`);
    header.set(name, { dtype: 'F32', shape, data_offsets: [position, position + 4 * data.length] });
    position += 4 * data.length;
  }
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  // Spaces bring the data to a multiple of 8, as the format asks of writers.
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, ' ');
  text.copy(padded);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true);
  yield length;
  yield padded;
  for (const { data } of tensors) yield* encodeValues(data);
}

async function fill(file: ReadableFile, target: Uint8Array, { position, name }: { position: number; name: string }): Promise<void> {
  for (let filled = 0; filled < target.length;) {
    const { bytesRead } = await file.read(target, filled, target.length - filled, position + filled);
    if (bytesRead === 0) throw new WeightsFileError(`${name} is cut short: it ends at byte ${position + filled}.`);
    filled += bytesRead;
  }
}
