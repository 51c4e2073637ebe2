import { eastAsianWidth } from 'get-east-asian-width';

// Made when first needed: most texts are plain, and starting is quick.
let segmenter: Intl.Segmenter | undefined;
let emoji: RegExp | undefined;
// ASCII and our own signs: nearly all there is, and quick to tell.
const plain = /^[\x20-\x7e…✓✗▸·–█░]*$/;
const invisible = /^[\p{Default_Ignorable_Code_Point}\p{Mark}\p{Cc}\p{Surrogate}]+$/u;

/** Columns that text takes on a terminal: none for marks, two for wide characters and emoji. */
export function textWidth(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmentsOf(text)) width += clusterWidth(segment);
  return width;
}

/** Text of at most this many columns; what is cut off at the end shows as an ellipsis. */
export function truncate(text: string, columns: number, ellipsis = '…'): string {
  if (textWidth(text) <= columns) return text;
  return columns < ellipsis.length ? '' : takeStart(text, columns - ellipsis.length) + ellipsis;
}

/** As `truncate`, with what is cut off in the middle: names of one family differ at their ends. */
export function truncateMiddle(text: string, columns: number, ellipsis = '…'): string {
  if (textWidth(text) <= columns) return text;
  if (columns < ellipsis.length + 2) return truncate(text, columns, ellipsis);
  const start = Math.ceil((columns - ellipsis.length) / 2);
  return takeStart(text, start) + ellipsis + takeEnd(text, columns - ellipsis.length - start);
}

/** Text with spaces up to this many columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}

function segmentsOf(text: string): Intl.Segments {
  return (segmenter ??= new Intl.Segmenter()).segment(text);
}

function clusterWidth(cluster: string): number {
  if (invisible.test(cluster)) return 0;
  if ((emoji ??= new RegExp('^\\p{RGI_Emoji}$', 'v')).test(cluster)) return 2;
  return eastAsianWidth(cluster.codePointAt(0)!);
}

function takeStart(text: string, columns: number): string {
  let taken = '';
  let width = 0;
  for (const { segment } of segmentsOf(text)) {
    width += clusterWidth(segment);
    if (width > columns) break;
    taken += segment;
  }
  return taken;
}

function takeEnd(text: string, columns: number): string {
  let taken = '';
  let width = 0;
  for (const { segment } of [...segmentsOf(text)].reverse()) {
    width += clusterWidth(segment);
    if (width > columns) break;
    taken = segment + taken;
  }
  return taken;
}
