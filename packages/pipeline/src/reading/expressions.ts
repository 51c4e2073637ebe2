import type { Json } from '@memgeo/artifacts';

/** Values that `${...}` may name: `params.NAME` and `matrix.NAME`. */
export type Scope = { readonly [root: string]: { readonly [name: string]: Json } };

const expression = /\$\{\s*([^}]*?)\s*\}/g;

/**
 * Replaces `${params.x}` and `${matrix.x}` in every string of a value. A string that is one expression becomes the value itself.
 *
 * @param fail  Called with a message for an expression that names nothing; must throw.
 */
export function interpolate(value: Json, scope: Scope, fail: (message: string, known: readonly string[], name: string) => never): Json {
  if (typeof value === 'string') {
    const whole = /^\$\{\s*([^}]*?)\s*\}$/.exec(value);
    if (whole) return look(whole[1]!, scope, fail);
    return value.replaceAll(expression, (_, name: string) => {
      const found = look(name, scope, fail);
      return typeof found === 'object' ? JSON.stringify(found) : String(found);
    });
  }
  if (Array.isArray(value)) return value.map((item: Json) => interpolate(item, scope, fail));
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolate(item as Json, scope, fail)]));
  return value;
}

function look(name: string, scope: Scope, fail: (message: string, known: readonly string[], name: string) => never): Json {
  const [root, ...rest] = name.split('.');
  const known = Object.entries(scope).flatMap(([prefix, values]) => Object.keys(values).map((key) => `${prefix}.${key}`));
  let found: Json | undefined = scope[root!];
  for (const key of rest) found = found !== null && typeof found === 'object' && Object.hasOwn(found, key) ? (found as { [key: string]: Json })[key] : undefined;
  if (rest.length === 0 || found === undefined) return fail(`\${${name}} names nothing.`, known, name);
  return found;
}
