import { createHash } from 'node:crypto';

/** Anything JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Encodes a value so that equal values have equal encodings and different values have different ones.
 *
 * Every value is framed by a type tag and a length, object keys are sorted by code unit, and numbers keep
 * the sign of zero. The encoding is the same on every platform.
 *
 * @throws TypeError if the value holds NaN, an infinity, a function or another thing that JSON can't say.
 */
export function canonicalEncoding(value: Json): string {
  if (value === null) return 'z;';
  switch (typeof value) {
    case 'boolean':
      return value ? 't;' : 'f;';
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`canonicalEncoding: a number must be finite; got ${value}.`);
      return frame('n', Object.is(value, -0) ? '-0' : String(value));
    case 'string':
      return frame('s', value);
    case 'object': {
      if (Array.isArray(value)) return frame('a', value.map(canonicalEncoding).join(''));
      const entries = Object.entries(value as { readonly [key: string]: Json });
      entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      return frame('o', entries.map(([key, item]) => frame('k', key) + canonicalEncoding(item)).join(''));
    }
    default:
      throw new TypeError(`canonicalEncoding: a value must be JSON; got ${typeof value}.`);
  }
}

/** Digests a value's canonical encoding; the result looks like `sha256:3f0a...`. */
export function digestValue(value: Json): string {
  return `sha256:${createHash('sha256').update(canonicalEncoding(value)).digest('hex')}`;
}

function frame(tag: string, content: string): string {
  return `${tag}${content.length}:${content};`;
}
