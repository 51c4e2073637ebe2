import { hash } from 'node:crypto';

/** Anything JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Deeper values would overflow the stack of some later reader. */
const maxDepth = 500;

/**
 * Encodes a value so that equal values have equal encodings and different values have different ones.
 *
 * Every value is framed by a type tag and a length in UTF-16 code units, and object keys are sorted by code unit. Texts are
 * compared as they stand: the same letters in another Unicode normal form are another text. 1.0 is 1. Zero has no sign: values
 * reach a stage as JSON, in which -0 is 0. The encoding is the same on every platform, and its UTF-8 bytes tell as much as it does:
 * text that UTF-8 can't hold, half of a surrogate pair, is framed by another tag, as hexadecimal code units.
 *
 * @throws TypeError if the value holds NaN, an infinity, a function or another thing that JSON can't say.
 * @throws RangeError if it is nested more than 500 deep.
 */
export function canonicalEncoding(value: Json): string {
  return encode(value, 0);
}

function encode(value: Json, depth: number): string {
  if (depth > maxDepth) throw new RangeError(`canonicalEncoding: a value must be nested at most ${maxDepth} deep.`);
  if (value === null) return 'z;';
  switch (typeof value) {
    case 'boolean':
      return value ? 't;' : 'f;';
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`canonicalEncoding: a number must be finite; got ${value}.`);
      return frame('n', String(value === 0 ? 0 : value));
    case 'string':
      return encodeText('s', value);
    case 'object':
      return Array.isArray(value) ? frame('a', encodeItems(value as readonly Json[], depth + 1)) : frame('o', encodeEntries(value as { readonly [key: string]: Json }, depth + 1));
    default:
      throw new TypeError(`canonicalEncoding: a value must be JSON; got ${typeof value}.`);
  }
}

function encodeItems(items: readonly Json[], depth: number): string {
  let encoded = '';
  for (const item of items) encoded += encode(item, depth);
  return encoded;
}

function encodeEntries(value: { readonly [key: string]: Json }, depth: number): string {
  const kind = Object.prototype.toString.call(value);
  if (kind !== '[object Object]') throw new TypeError(`canonicalEncoding: a value must be JSON; got ${kind}.`);
  let encoded = '';
  // By code unit, as texts are sorted where nothing else is said.
  for (const key of Object.keys(value).sort()) encoded += encodeText('k', key) + encode(value[key]!, depth);
  return encoded;
}

/** Digests a value's canonical encoding; the result looks like `sha256:3f0a...`. */
export function digestValue(value: Json): string {
  return `sha256:${hash('sha256', canonicalEncoding(value), 'hex')}`;
}

/** Capital tags mark text that UTF-8 can't hold. */
function encodeText(tag: 's' | 'k', text: string): string {
  if (!/\p{Surrogate}/u.test(text)) return frame(tag, text);
  return frame(tag.toUpperCase(), Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16).padStart(4, '0')).join(''));
}

function frame(tag: string, content: string): string {
  return `${tag}${content.length}:${content};`;
}
