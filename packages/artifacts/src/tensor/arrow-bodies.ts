import type { FileHandle } from 'node:fs/promises';
import { readArrowLayout } from './arrow-layout.js';
import { pieceBytes, readFully } from './byte-source.js';
import { bytesOf } from './shared-values.js';
import type { TensorData } from './tensor.js';

/**
 * An Arrow IPC file for Arrow's reader, which gets the bodies of its record batches blank: memory that is reserved and not touched.
 *
 * What the reader makes of them says where in the file each column lies. So values go from the file to where they are
 * wanted, and a batch of any size costs no memory of its own.
 */
export class BlankBodies {
  readonly #file: FileHandle;
  readonly #path: string;
  /** Positions in the file at which bodies begin. */
  readonly #bodies: ReadonlySet<number>;
  /** Position in the file of each body handed out. */
  readonly #positions = new Map<ArrayBufferLike, number>();

  private constructor(file: FileHandle, path: string, bodies: ReadonlySet<number>) {
    this.#file = file;
    this.#path = path;
    this.#bodies = bodies;
  }

  /** Reads where the record batches lie. @throws ArtifactError if the file is no sound Arrow IPC file. */
  static async open(file: FileHandle, path: string): Promise<BlankBodies> {
    return new BlankBodies(file, path, await readArrowLayout(file, path));
  }

  /** What Arrow's reader uses of a file handle. */
  get handle(): Pick<FileHandle, 'fd' | 'stat' | 'read' | 'close'> {
    const read = async (buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number; buffer: Uint8Array }> => {
      if (this.#bodies.has(position)) this.#positions.set(buffer.buffer, position - offset);
      else await readFully(this.#file, buffer.subarray(offset, offset + length), { position, name: this.#path });
      return { bytesRead: length, buffer };
    };
    return { fd: this.#file.fd, stat: this.#file.stat.bind(this.#file), close: () => Promise.resolve(), read: read as FileHandle['read'] };
  }

  /** Reads values, given as a view of a blank body, from the file to their place in `target`. */
  async readValues(values: TensorData, target: TensorData, first: number): Promise<void> {
    if (values.length === 0) return;
    const position = this.#positionOf(values) + values.byteOffset;
    const step = pieceBytes / values.BYTES_PER_ELEMENT;
    for (let done = 0; done < values.length; done += step) {
      const end = Math.min(done + step, values.length);
      await readFully(this.#file, bytesOf(target, first + done, first + end), { position: position + done * values.BYTES_PER_ELEMENT, name: this.#path });
    }
  }

  /** Reads the rest of a body, where the other columns lie, to its place in the body. */
  async fillAround(values: TensorData): Promise<void> {
    if (values.length === 0) return;
    const position = this.#positionOf(values);
    const body = new Uint8Array(values.buffer);
    const end = values.byteOffset + values.byteLength;
    await readFully(this.#file, body.subarray(0, values.byteOffset), { position, name: this.#path });
    await readFully(this.#file, body.subarray(end), { position: position + end, name: this.#path });
  }

  #positionOf({ buffer }: TensorData): number {
    const position = this.#positions.get(buffer);
    if (position === undefined) throw new Error('internal: the values of a batch lie outside its body');
    return position;
  }
}
