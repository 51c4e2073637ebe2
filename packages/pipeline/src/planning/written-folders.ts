import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { InputError } from './input-error.js';

/** A folder that runs write to, and the option that names another. */
export type WrittenFolder = { readonly what: string; readonly path: string; readonly option: string };

/** @throws InputError if what is read is or holds a folder that runs write to. */
export function requireNotWritten(path: string, written: readonly WrittenFolder[]): void {
  const read = realPath(path);
  const inside = written.find((folder) => `${realPath(folder.path)}${sep}`.startsWith(read.endsWith(sep) ? read : `${read}${sep}`));
  if (inside) throw new InputError(`${path} holds ${inside.what} (${inside.path}), which each run changes, so that no result would ever be used again. Name only what is needed of it, or put ${inside.what} elsewhere by ${inside.option}.`);
}

/** The path without links, also of what does not yet exist. */
function realPath(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    return dirname(absolute) === absolute ? absolute : join(realPath(dirname(absolute)), basename(absolute));
  }
}
