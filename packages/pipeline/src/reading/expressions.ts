import type { Json } from '@memgeo/artifacts';
import type { KeyPath } from './document.js';

/** Values that `${...}` may name: `params.NAME` and `matrix.NAME`. */
export type Scope = { readonly [root: string]: { readonly [name: string]: Json } };

/** How expressions are filled in: with what, and who is told what is wrong. */
export type Filling = {
  readonly scope: Scope;
  /** Told what is wrong, and where; must throw. `known` and `name` are there if the expression names nothing. */
  readonly fail: (message: string, keys: KeyPath, unknown?: { readonly name: string; readonly known: readonly string[] }) => never;
  readonly allowance: Allowance;
};

/** How much text expressions may make of one file, so that a small file can't fill the memory. */
export class Allowance {
  #left: number;
  readonly #sizes = new WeakMap<object, number>();

  constructor(characters: number) {
    this.#left = characters;
  }

  /** Counts a value; false once there is too much. */
  take(value: Json): boolean {
    this.#left -= this.#sizeOf(value);
    return this.#left >= 0;
  }

  #sizeOf(value: Json): number {
    if (typeof value === 'string') return value.length;
    if (value === null || typeof value !== 'object') return 8;
    let size = this.#sizes.get(value);
    if (size === undefined) {
      size = Object.entries(value).reduce((sum, [key, item]) => sum + key.length + this.#sizeOf(item as Json), 8);
      this.#sizes.set(value, size);
    }
    return size;
  }
}

/**
 * Replaces `${params.x}` and `${matrix.x}` in every text of a value. A text that is one expression becomes the value itself.
 *
 * @param keys  Where the value stands in the file.
 */
export function interpolate(value: Json, filling: Filling, keys: KeyPath): Json {
  if (typeof value === 'string') return value.includes('${') ? fill(value, filling, keys) : value;
  if (Array.isArray(value)) return value.map((item: Json, index) => interpolate(item, filling, [...keys, index]));
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolate(item as Json, filling, [...keys, key])]));
  return value;
}

/** Whether a value changes from point to point. */
export function mentionsMatrix(value: Json): boolean {
  if (typeof value === 'string') return /\$\{\s*matrix/.test(value);
  return value !== null && typeof value === 'object' && Object.values(value).some((item) => mentionsMatrix(item as Json));
}

function fill(text: string, filling: Filling, keys: KeyPath): Json {
  const { fail, allowance } = filling;
  let result = '';
  let end = 0;
  for (let start = text.indexOf('${'); start !== -1; start = text.indexOf('${', end)) {
    const close = text.indexOf('}', start);
    if (close === -1) return fail('"${" has no "}".', keys);
    const found = look(text.slice(start + 2, close).trim(), filling, keys);
    if (!allowance.take(found)) return fail('expressions make too much text of this file. Give large values to the stage as files.', keys);
    if (start === 0 && close === text.length - 1) return found;
    result += `${text.slice(end, start)}${found !== null && typeof found === 'object' ? JSON.stringify(found) : String(found)}`;
    end = close + 1;
  }
  return result + text.slice(end);
}

function look(name: string, { scope, fail }: Filling, keys: KeyPath): Json {
  const [root, ...rest] = name.split('.');
  let found: Json | undefined = Object.hasOwn(scope, root!) ? scope[root!] : undefined;
  for (const key of rest) found = found !== null && typeof found === 'object' && Object.hasOwn(found, key) ? (found as { [key: string]: Json })[key] : undefined;
  if (rest.length > 0 && found !== undefined) return found;
  const known = Object.entries(scope).flatMap(([prefix, values]) => Object.keys(values).map((key) => `${prefix}.${key}`));
  return fail(`\${${name.length > 100 ? `${name.slice(0, 100)}...` : name}} names nothing.`, keys, { name, known });
}
