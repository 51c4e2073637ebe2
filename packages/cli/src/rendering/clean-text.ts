import { stripVTControlCharacters } from 'node:util';

// Control characters, marks that turn the direction of writing, separators of lines that some terminals obey, halves of characters.
const harmful = /[\p{Cc}\p{Surrogate}\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu;

/** Text from data as one line that can't move the cursor, color, ring or write over what stands before it. */
export function cleanLine(text: string): string {
  return stripVTControlCharacters(text).replace(harmful, ' ').trim();
}

/** The same of text with several lines: they stay lines, without empty ones at the end. */
export function cleanLines(text: string): readonly string[] {
  return stripVTControlCharacters(text).trimEnd().split(/\r\n|[\r\n]/).map((line) => line.replaceAll('\t', '  ').replace(harmful, ' ').trimEnd());
}
