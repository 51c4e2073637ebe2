import { textWidth } from '../../src/rendering/text-width.js';

/** A terminal as far as the live tree uses one: lines that scroll away at the top, a cursor, wrapping at the right edge. */
export class Screen {
  columns: number;
  rows: number;
  isTTY = true;
  lines: string[] = [''];
  /** Of all lines ever written, as `lines`. */
  row = 0;
  column = 0;
  doesWrap = true;
  isCursorShown = true;
  writes = 0;
  readonly #resized = new Set<() => void>();

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  on(_: 'resize', listener: () => void): void {
    this.#resized.add(listener);
  }

  off(_: 'resize', listener: () => void): void {
    this.#resized.delete(listener);
  }

  write(text: string): boolean {
    this.writes++;
    for (const [token, code, letter] of text.matchAll(/\u001b\[([?\d;]*)([A-Za-z])|[^\u001b]/gu)) {
      if (letter === undefined) this.#put(token);
      else this.#obey(code!, letter);
    }
    return true;
  }

  /** What is shown, without colors. */
  text(): readonly string[] {
    return this.lines.map((line) => line.trimEnd());
  }

  #put(token: string): void {
    if (token === '\n') {
      this.row++;
      this.column = 0;
      if (this.row === this.lines.length) this.lines.push('');
    } else if (token === '\r') {
      this.column = 0;
    } else {
      const width = textWidth(token);
      if (this.column + width > this.columns) {
        if (!this.doesWrap) return;
        this.#put('\n');
      }
      const line = this.lines[this.row]!.padEnd(this.column);
      this.lines[this.row] = line.slice(0, this.column) + token + line.slice(this.column + token.length);
      this.column += token.length;
    }
  }

  #obey(code: string, letter: string): void {
    if (letter === 'A') this.row = Math.max(Math.max(0, this.lines.length - this.rows), this.row - Number(code));
    else if (letter === 'K') this.lines[this.row] = this.lines[this.row]!.slice(0, this.column);
    else if (letter === 'J') this.lines.splice(this.row, Infinity, this.lines[this.row]!.slice(0, this.column));
    else if (code === '?7') this.doesWrap = letter === 'h';
    else if (code === '?25') this.isCursorShown = letter === 'h';
    else if (letter !== 'm' && code !== '?2026') throw new Error(`the screen does not know ${JSON.stringify(code + letter)}`);
  }
}
