import { appendFileSync } from 'node:fs';
import { readLines } from './read-leniently.js';

/**
 * What is remembered of things by name, one line of JSON each, appended to one file and read at once; the last line about a thing counts.
 *
 * A line that is torn or lost costs what it would have spared, never a wrong answer.
 */
export class LineFile<Line> {
  readonly #path: string;
  readonly #nameOf: (line: Line) => string | undefined;
  #lines: Map<string, Line> | undefined;

  /** @param nameOf  What a line is about; undefined, or an error, if it is no such line. */
  constructor(path: string, nameOf: (line: Line) => string | undefined) {
    this.#path = path;
    this.#nameOf = nameOf;
  }

  get(name: string): Line | undefined {
    return this.#load().get(name);
  }

  note(name: string, line: Line): void {
    this.#load().set(name, line);
    try {
      appendFileSync(this.#path, `${JSON.stringify(line)}\n`);
    } catch {
      // Without it the work is done again.
    }
  }

  #load(): Map<string, Line> {
    if (this.#lines) return this.#lines;
    this.#lines = new Map();
    for (const text of readLines(this.#path)) {
      try {
        const line = JSON.parse(text) as Line;
        const name = this.#nameOf(line);
        if (name !== undefined) this.#lines.set(name, line);
      } catch {
        continue;
      }
    }
    return this.#lines;
  }
}
