import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const pieceBytes = 64 * 1024;

/** Follows a file that another process appends to. */
export class FileTail {
  readonly #file: number;
  readonly #receive: (bytes: Buffer) => void;
  #offset = 0;

  constructor(path: string, receive: (bytes: Buffer) => void) {
    this.#file = openSync(path, 'r');
    this.#receive = receive;
  }

  /** Hands on what has been added up to now. A file that was emptied is read from its start. */
  read(): void {
    const { size } = fstatSync(this.#file);
    if (size < this.#offset) this.#offset = 0;
    while (this.#offset < size) {
      const piece = Buffer.allocUnsafe(Math.min(pieceBytes, size - this.#offset));
      const count = readSync(this.#file, piece, 0, piece.length, this.#offset);
      if (count === 0) return;
      this.#offset += count;
      this.#receive(piece.subarray(0, count));
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Keeps the end of what a program printed. */
export class LastLines {
  static readonly #keptBytes = 16 * 1024;
  #bytes = Buffer.alloc(0);

  add(piece: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, piece]).subarray(-LastLines.#keptBytes);
  }

  /** At most so many lines, each of at most so many characters. */
  lines(count: number, length: number): string[] {
    const lines = this.#bytes.toString().split(/\r?\n|\r/).filter((line) => line.trim() !== '');
    return lines.slice(-count).map((line) => (line.length > length ? `…${line.slice(-length)}` : line));
  }
}
