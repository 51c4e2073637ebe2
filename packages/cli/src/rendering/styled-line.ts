import { cleanLine } from './clean-text.js';
import { truncate } from './text-width.js';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** A piece of a line and how it looks where there are colors. */
export type Span = string | readonly [text: string, style: Style];

const codes: { readonly [S in Style]: readonly [on: number, off: number] } = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] };

export function paint(text: string, style: Style, colors: boolean): string {
  const [on, off] = codes[style];
  return colors && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text;
}

/** Joins spans to a line no wider than the terminal. Nothing in their texts can do more than be read. */
export function styledLine(spans: readonly Span[], { columns, colors, ellipsis = '…' }: { columns: number; colors: boolean; ellipsis?: string }): string {
  const texts = spans.map((span) => clean(typeof span === 'string' ? span : span[0]));
  const whole = texts.join('');
  const shown = truncate(whole, columns, ellipsis);
  const isCut = shown !== whole;
  let left = isCut ? Math.max(0, shown.length - ellipsis.length) : shown.length;
  let line = '';
  for (const [index, text] of texts.entries()) {
    const span = spans[index]!;
    const isLast = isCut && text.length >= left;
    const kept = isLast ? text.slice(0, left) + (shown === '' ? '' : ellipsis) : text;
    line += typeof span === 'string' ? kept : paint(kept, span[1], colors);
    if (isLast) break;
    left -= text.length;
  }
  return line;
}

/** Cleaned, with the spaces that set spans apart. */
function clean(text: string): string {
  const cleaned = cleanLine(text);
  const start = /^ */.exec(text)![0];
  return cleaned === '' ? start : start + cleaned + / *$/.exec(text)![0];
}
