/** Characters that move the cursor, change colors, end a line or turn the direction of reading; and halves of pairs, which no encoding holds. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

/**
 * Writes what a terminal would obey as an escape, as in `\u001b[2J`, so that a name from a file can be shown and does nothing.
 *
 * Printable text stays as it is, in any script.
 */
export function visibleText(text: string): string {
  return text.replace(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
