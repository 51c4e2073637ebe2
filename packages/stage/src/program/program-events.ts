import type { StageEvent } from '../execution/job.js';

const maxLineLength = 64 * 1024;
const shownLength = 120;

/** Reads events from lines of JSON that come in pieces, and counts the lines that are none. */
export class ProgramEvents {
  readonly #emit: (event: StageEvent) => void;
  #rest = Buffer.alloc(0);
  #isTooLong = false;
  #oddCount = 0;
  #firstOdd = '';

  constructor(emit: (event: StageEvent) => void) {
    this.#emit = emit;
  }

  add(piece: Buffer): void {
    for (let at = 0; at < piece.length;) {
      const end = piece.indexOf(10, at);
      const part = piece.subarray(at, end === -1 ? piece.length : end);
      if (this.#rest.length + part.length > maxLineLength) this.#isTooLong = true;
      else this.#rest = Buffer.concat([this.#rest, part]);
      if (end === -1) return;
      this.#closeLine();
      at = end + 1;
    }
  }

  /** Reads a last line without an end, and says what was wrong, if anything was. */
  end(): string | undefined {
    if (this.#rest.length > 0 || this.#isTooLong) this.#closeLine();
    if (this.#oddCount === 0) return undefined;
    return `${this.#oddCount === 1 ? 'A line of its events file is' : `${this.#oddCount} lines of its events file are`} no event and passed over, ${this.#oddCount === 1 ? '' : 'the first '}${JSON.stringify(this.#firstOdd)}. `
      + 'An event is a line as {"type": "progress", "done": 1, "total": 10, "label": "rows"} or {"type": "warning", "message": "..."}; the type log is there too.';
  }

  #closeLine(): void {
    const line = this.#rest.toString();
    const event = this.#isTooLong ? undefined : parseEvent(line);
    if (event) this.#emit(event);
    else if (line.trim() !== '') {
      if (this.#oddCount++ === 0) this.#firstOdd = line.slice(0, shownLength);
    }
    this.#rest = Buffer.alloc(0);
    this.#isTooLong = false;
  }
}

function parseEvent(line: string): StageEvent | undefined {
  let event: { readonly [key: string]: unknown } | null;
  try {
    event = JSON.parse(line) as typeof event;
  } catch {
    return undefined;
  }
  if (typeof event !== 'object' || event === null) return undefined;
  const { type, done, total, label = '', message } = event;
  if (type === 'progress') return isCount(done) && isCount(total) && typeof label === 'string' ? { type, done, total, label } : undefined;
  return (type === 'log' || type === 'warning') && typeof message === 'string' ? { type, message } : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
