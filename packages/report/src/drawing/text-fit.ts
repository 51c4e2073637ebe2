/** Mean advance of DejaVu Sans, the widest of the fonts asked for, as a fraction of the font size. */
const advance = 0.6;
const boldAdvance = 0.66;

/** The width text takes, in pixels, rather too large than too small. */
export function textWidth(text: string, fontSize: number, { isBold = false }: { isBold?: boolean } = {}): number {
  return text.length * fontSize * (isBold ? boldAdvance : advance);
}

/** Cuts text that is wider than its room, at the end. */
export function cutEnd(text: string, room: number, fontSize: number, options: { isBold?: boolean } = {}): string {
  if (textWidth(text, fontSize, options) <= room) return text;
  const count = Math.max(1, Math.floor(room / textWidth('x', fontSize, options)) - 1);
  return `${text.slice(0, count)}…`;
}

/**
 * Shortens names of layers that are too long to be read along an axis: what all have in common at the start goes first,
 * then their middles, because such names differ at both ends.
 *
 * @param options.most  Most characters of a name.
 */
export function shortNames(names: readonly string[], { most = 14 }: { most?: number } = {}): string[] {
  if (names.every((name) => name.length <= most)) return [...names];
  const shared = names.length < 2 ? 0 : sharedStart(names);
  return names.map((name) => cutMiddle(name.length > most && shared > 2 ? `…${name.slice(shared)}` : name, most));
}

function sharedStart(names: readonly string[]): number {
  const [first] = names as [string];
  let length = 0;
  while (length < first.length && names.every((name) => name[length] === first[length])) length++;
  return length;
}

function cutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const tail = Math.ceil((most - 1) / 2);
  return `${text.slice(0, most - 1 - tail)}…${text.slice(text.length - tail)}`;
}
