import { stripVTControlCharacters } from 'node:util';
import { textWidth } from './text-width.js';

export type TerminalStream = { readonly columns?: number; readonly rows?: number; readonly write: (text: string) => unknown };

const hold = '\u001b[?2026h';
const release = '\u001b[?2026l';
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
/** A line that a terminal finds wider than we did is cut, not continued on the next. */
const cut = '\u001b[?7l';
const wrap = '\u001b[?7h';
const toLineEnd = '\u001b[K';
const toScreenEnd = '\u001b[J';
const up = (count: number): string => (count > 0 ? `\u001b[${count}A` : '');

/**
 * Writes frames over each other on a terminal, and lines that stay above them.
 *
 * The cursor is hidden only within a write, and rests below the frame, so that however the process ends the terminal is as it was.
 */
export class FrameWriter {
  readonly #stream: TerminalStream;
  #lines: readonly string[] = [];
  #columns = 0;

  constructor(stream: TerminalStream) {
    this.#stream = stream;
  }

  /** @param above  Lines of any length that are to stay. */
  write(lines: readonly string[], above: readonly string[] = []): void {
    const columns = sizeOf(this.#stream).columns;
    const isSame = above.length === 0 && columns === this.#columns;
    if (isSame && lines.length === this.#lines.length && lines.every((line, index) => line === this.#lines[index])) return;
    const body = isSame ? this.#changes(lines, columns) : `${up(this.#height(columns))}\r${toScreenEnd}${above.map((line) => `${line}\n`).join('')}${cut}${lines.map((line) => `${line}\n`).join('')}`;
    this.#stream.write(`${hold}${hideCursor}${body}${wrap}${showCursor}${release}`);
    this.#lines = lines;
    this.#columns = columns;
  }

  /** What was written stays; the next frame goes below it. */
  leave(): void {
    this.#lines = [];
  }

  #changes(lines: readonly string[], columns: number): string {
    const texts = lines.map((line, index) => (line === this.#lines[index] ? '\n' : `${line}${shownWidth(line) < columns ? toLineEnd : ''}\n`));
    return `${up(this.#height(columns))}\r${cut}${texts.join('')}${toScreenEnd}`;
  }

  /** Lines from the start of the frame to the cursor. A terminal that became narrower has wrapped those that were wider. */
  #height(columns: number): number {
    const height = this.#lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(shownWidth(line) / columns)), 0);
    return Math.min(height, sizeOf(this.#stream).rows - 1);
  }
}

/** The size of a terminal; the customary one where it doesn't tell. */
export function sizeOf({ columns = 0, rows = 0 }: TerminalStream): { readonly columns: number; readonly rows: number } {
  return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
}

function shownWidth(line: string): number {
  return textWidth(stripVTControlCharacters(line));
}
