import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readLines } from './read-leniently.js';
import { namesDigests, type ActionRecord } from './record.js';
import { clockStepMs } from './stamps.js';

/** Of the record of an action, what it takes to use its outputs. */
export type Result = Pick<ActionRecord, 'key' | 'outputs' | 'durationMs' | 'peakMemoryBytes'>;

/** A result as its record file said it, and size, change times and inode of that file before it was read. */
type Line = Result & { readonly file: readonly number[] };

/** A file of results, one a line. */
export const resultsFile = 'results.jsonl';

/**
 * Remembers what record files say of results, so that of ten thousand of them only the times are looked at.
 *
 * A result that is remembered counts as long as its record file is the same. A line that is torn or lost costs the reading of one record.
 */
export class Results {
  readonly #path: string;
  #lines: Map<string, Line> | undefined;

  constructor(storeFolder: string) {
    this.#path = join(storeFolder, resultsFile);
  }

  /** What a record file says; undefined if it has changed or is gone, or nothing is known of it. */
  get(key: string, recordPath: string): Result | undefined {
    const line = this.#load().get(key);
    const now = line && statSync(recordPath, { throwIfNoEntry: false });
    if (!line || !now) return undefined;
    const [size, mtimeMs, ctimeMs, ino] = line.file;
    return now.size === size && now.mtimeMs === mtimeMs && now.ctimeMs === ctimeMs && now.ino === ino ? line : undefined;
  }

  /**
   * Reads a record, and remembers what it says unless its file has only just been written.
   *
   * @param read  Reads the record file.
   */
  read(recordPath: string, read: () => ActionRecord | undefined): Result | undefined {
    // Measured before it is read: what replaces it meanwhile has other times.
    const found = statSync(recordPath, { throwIfNoEntry: false });
    const isSure = found !== undefined && found.ctimeMs < Date.now() - clockStepMs;
    const record = read();
    if (!record || !isSure || this.get(record.key, recordPath)) return record;
    const { key, outputs, durationMs, peakMemoryBytes } = record;
    const line: Line = { key, outputs, durationMs, peakMemoryBytes, file: [found.size, found.mtimeMs, found.ctimeMs, found.ino] };
    this.#load().set(key, line);
    try {
      appendFileSync(this.#path, `${JSON.stringify(line)}\n`);
    } catch {
      // Without it the record is read again.
    }
    return record;
  }

  #load(): Map<string, Line> {
    if (this.#lines) return this.#lines;
    this.#lines = new Map();
    for (const text of readLines(this.#path)) {
      try {
        const line = JSON.parse(text) as Line;
        if (Array.isArray(line.file) && namesDigests(line)) this.#lines.set(line.key, line);
      } catch {
        continue;
      }
    }
    return this.#lines;
  }
}
