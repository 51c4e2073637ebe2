import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactError } from '../artifact-error.js';
import { digestValue } from './canonical.js';

/** A file inside a folder: its path with forward slashes, its size, and the hex sha256 of its bytes. */
export type FileDigest = { readonly path: string; readonly bytes: number; readonly sha256: string };

/** Digests the bytes of one file. */
export async function digestFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Writes a file and its digest in one pass, and has the bytes on the disk before it returns. */
export async function writeFileDigested(path: string, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<{ bytes: number; sha256: string }> {
  const file = await open(path, 'wx');
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      hash.update(chunk);
      let written = 0;
      while (written < chunk.length) written += (await file.write(chunk, written)).bytesWritten;
      bytes += chunk.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Lists the files below a folder, links followed, sorted by path. */
export async function listFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  const visit = async (relative: string): Promise<void> => {
    for (const name of await readdir(join(folder, relative))) {
      const path = relative === '' ? name : `${relative}/${name}`;
      if ((await stat(join(folder, path))).isDirectory()) await visit(path);
      else files.push(path);
    }
  };
  await visit('');
  return files.sort();
}

/** Digests every file below a folder. */
export async function digestFolder(folder: string): Promise<FileDigest[]> {
  const digests: FileDigest[] = [];
  for (const path of await listFiles(folder)) digests.push({ path, ...(await digestFile(join(folder, path))) });
  return digests;
}

/**
 * Digests whatever lies at a path outside the store, a file or a folder: its contents and, for a folder, the
 * names inside it, but not the path itself.
 *
 * @throws ArtifactError if nothing is there or it can't be read.
 */
export async function digestPath(path: string): Promise<string> {
  try {
    if ((await stat(path)).isDirectory()) return digestValue(await digestFolder(path));
    return digestValue(await digestFile(path));
  } catch (cause) {
    if (cause instanceof ArtifactError) throw cause;
    throw new ArtifactError(`digestPath: ${path} can't be read: ${(cause as Error).message}.`, { path, cause });
  }
}
