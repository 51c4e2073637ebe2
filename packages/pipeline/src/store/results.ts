import { join } from 'node:path';
import { clockStepMs, isAsThen, statOrNothing, timesOf, type FileTimes } from './file-times.js';
import { LineFile } from './line-file.js';
import { namesDigests, type ActionRecord } from './record.js';

/** Of the record of an action, what it takes to use its outputs. */
export type Result = Pick<ActionRecord, 'key' | 'outputs' | 'durationMs' | 'peakMemoryBytes'>;

/** A result as its record file said it, and the times of that file before it was read. */
type Line = Result & { readonly file: FileTimes };

/** A file of results, one a line. */
export const resultsFile = 'results.jsonl';

/**
 * Remembers what record files say of results, so that of ten thousand of them only the times are looked at.
 *
 * A result that is remembered counts as long as its record file is the same.
 */
export class Results {
  readonly #lines: LineFile<Line>;

  constructor(storeFolder: string) {
    this.#lines = new LineFile(join(storeFolder, resultsFile), (line) => (Array.isArray(line.file) && namesDigests(line) ? line.key : undefined));
  }

  /** What a record file says; undefined if it has changed or is gone, or nothing is known of it. */
  get(key: string, recordPath: string): Result | undefined {
    const line = this.#lines.get(key);
    return line && isAsThen(statOrNothing(recordPath), line.file) ? line : undefined;
  }

  /**
   * Reads a record, and remembers what it says unless its file has only just been written.
   *
   * @param read  Reads the record file.
   */
  read(recordPath: string, read: () => ActionRecord | undefined): Result | undefined {
    // Measured before it is read: what replaces it meanwhile has other times.
    const found = statOrNothing(recordPath);
    const isSure = found !== undefined && found.ctimeMs < Date.now() - clockStepMs;
    const record = read();
    if (!record || !isSure || this.get(record.key, recordPath)) return record;
    const { key, outputs, durationMs, peakMemoryBytes } = record;
    this.#lines.note(key, { key, outputs, durationMs, peakMemoryBytes, file: timesOf(found) });
    return record;
  }
}
