import { visibleText } from '@memgeo/artifacts/contract';
import { textWidth } from '../rendering/text-width.js';

const labelWidth = 10;
const widestLabel = 20;

/** Columns of the terminal that is written to; endless where it is none, so that lines can be searched. */
export function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns || 80 : Infinity;
}

/** Text for people: paragraphs, facts behind labels and lists, broken to a width. What data hold of control characters shows as escapes. */
export class Page {
  readonly width: number;
  readonly #lines: string[] = [];

  constructor(width = terminalWidth()) {
    this.width = width;
  }

  /** @param indent  Of all lines; a line that is broken goes on `hang` further in. */
  line(text = '', indent = 0, hang = 2): this {
    this.#lines.push(...wrap(visibleText(text), { first: ' '.repeat(indent), rest: ' '.repeat(indent + hang), width: this.width }));
    return this;
  }

  /** As it is, behind a prefix that goes on as another one where the text is broken. */
  prefixed(first: string, rest: string, text: string): this {
    this.#lines.push(...wrap(visibleText(text), { first, rest, width: this.width }));
    return this;
  }

  fact(label: string, text: string): this {
    return this.facts([[label, text]]);
  }

  /** Facts with their labels in one column. */
  facts(facts: readonly (readonly [label: string, text: string])[], indent = 0): this {
    const width = Math.min(widestLabel, Math.max(labelWidth, ...facts.map(([label]) => label.length + 2)));
    for (const [label, text] of facts) this.prefixed(`${' '.repeat(indent)}${visibleText(label).padEnd(width)}${label.length >= width ? ' ' : ''}`, ' '.repeat(indent + width), text);
    return this;
  }

  /** Lines that must not be broken. */
  block(lines: readonly string[], indent = 0): this {
    this.#lines.push(...lines.map((line) => `${' '.repeat(indent)}${visibleText(line)}`.trimEnd()));
    return this;
  }

  toString(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }

  print(): void {
    process.stdout.write(this.toString());
  }
}

/** Breaks text at spaces. A word that is too long stays whole: it may be a path or a digest that someone wants to copy. */
function wrap(text: string, { first, rest, width }: { first: string; rest: string; width: number }): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && textWidth(line) + 1 + textWidth(word) > width) {
      lines.push(line.trimEnd());
      line = rest + word;
    } else line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}
