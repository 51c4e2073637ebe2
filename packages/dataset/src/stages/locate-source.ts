import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Data sets that come with memgeo. */
export const embeddedSets = ['glyphs', 'fashion-mnist'] as const;

/** The file or folder of a source. The packed package carries the embedded sets; in the repository they stand in its data folder. */
export function locateSource(source: (typeof embeddedSets)[number] | { readonly path: string }): string {
  if (typeof source !== 'string') return source.path;
  const packageFolder = fileURLToPath(new URL('../..', import.meta.url));
  const packed = join(packageFolder, 'data', source);
  return existsSync(packed) ? packed : join(packageFolder, '../../data', source);
}
