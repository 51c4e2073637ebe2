import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { manifestName, readManifest } from '@memgeo/artifacts/contract';

/** A file of an artifact lies at most this deep in it. */
const deepest = 4;

/** The artifact that a folder is, or that a file or folder is part of; undefined if it is none. */
export async function artifactAtPath(path: string): Promise<{ readonly folder: string; readonly digest: string } | undefined> {
  let folder = path;
  for (let depth = 0; depth <= deepest; depth++, folder = dirname(folder)) {
    if (existsSync(join(folder, manifestName))) return { folder, digest: (await readManifest(folder)).digest };
    if (folder === dirname(folder)) return undefined;
  }
  return undefined;
}
