import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from '../store/read-leniently.js';

/** Bytes of the files under a path, and the last time anything there changed; zeros if it is gone. */
export function measurePath(path: string): { readonly bytes: number; readonly changedAt: number } {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return { bytes: 0, changedAt: 0 };
  if (!found.isDirectory()) return { bytes: found.size, changedAt: found.mtimeMs };
  let [bytes, changedAt] = [0, found.mtimeMs];
  for (const name of namesIn(path)) {
    const inner = measurePath(join(path, name));
    bytes += inner.bytes;
    changedAt = Math.max(changedAt, inner.changedAt);
  }
  return { bytes, changedAt };
}
