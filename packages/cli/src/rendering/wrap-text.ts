import { textWidth } from './text-width.js';

/**
 * Breaks a line between words so that no part is wider than the terminal; the parts after the first are indented.
 *
 * A word that is too long by itself stays whole, for the terminal to break: paths and commands are to be copied.
 */
export function wrapText(line: string, columns: number, indent = '  '): readonly string[] {
  if (textWidth(line) <= columns) return [line];
  const start = /^ */.exec(line)![0];
  const lines: string[] = [];
  let current = start;
  for (const word of line.trim().split(/ +/)) {
    const isFirst = current.trim() === '';
    if (!isFirst && textWidth(current) + 1 + textWidth(word) > columns) {
      lines.push(current);
      current = start + indent + word;
    } else {
      current += isFirst ? word : ` ${word}`;
    }
  }
  return [...lines, current];
}
