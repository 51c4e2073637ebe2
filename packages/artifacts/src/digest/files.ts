import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactError } from '../artifact-error.js';
import { openRegularFile } from '../files/regular-file.js';
import { digestValue } from './canonical.js';

/** A file inside a folder: its path with forward slashes, its size, and the hex sha256 of its bytes. */
export type FileDigest = { readonly path: string; readonly bytes: number; readonly sha256: string };

/** Folders that lie in each other only by links; more are taken for a snare. */
const maxNestedLinks = 8;

/** Digests the bytes of one file, a regular file; `isLinkRefused` as in {@link openRegularFile}. */
export async function digestFile(path: string, options: { isLinkRefused?: boolean } = {}): Promise<{ bytes: number; sha256: string }> {
  const file = await openRegularFile(path, options);
  const hash = createHash('sha256');
  let bytes = 0;
  // The stream closes the file.
  for await (const chunk of file.createReadStream({ highWaterMark: 1 << 20 })) {
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

/**
 * Lists the files below a folder, sorted by path.
 *
 * @throws ArtifactError if anything but regular files and folders lies there: a link could lead out, a pipe never end.
 */
export async function listFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  const visit = async (relative: string): Promise<void> => {
    for (const entry of await readFolder(join(folder, relative))) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) await visit(path);
      else if (entry.isFile()) files.push(path);
      else {
        const kind = entry.isSymbolicLink() ? 'a symbolic link' : 'a pipe, a socket or a device';
        throw new ArtifactError(`listFiles: ${folder} must hold files and folders only; ${path} is ${kind}. Put the file itself there.`, { path: join(folder, path) });
      }
    }
  };
  await visit('');
  return files.sort();
}

/** Digests every file below a folder; see {@link listFiles}. */
export async function digestFolder(folder: string): Promise<FileDigest[]> {
  return digestFiles(folder, await listFiles(folder), { isLinkRefused: true });
}

/**
 * Digests whatever lies at a path outside the store, a file or a folder: its contents and, for a folder, the
 * names inside it, but not the path itself. Links are followed.
 *
 * @param options.isSkipped  Says of a name inside a folder that it does not count, nor what is below it.
 * @throws ArtifactError if nothing is there, it can't be read, or it holds a pipe, a device, or a link to a folder around it.
 */
export async function digestPath(path: string, options: { isSkipped?: (name: string) => boolean } = {}): Promise<string> {
  try {
    if ((await stat(path)).isDirectory()) return digestValue(await digestFiles(path, await listLinkedFiles(path, options.isSkipped), {}));
    return digestValue(await digestFile(path));
  } catch (cause) {
    if (cause instanceof ArtifactError) throw cause;
    throw new ArtifactError(`digestPath: ${path} can't be read: ${(cause as Error).message}.`, { path, cause });
  }
}

async function digestFiles(folder: string, paths: readonly string[], options: { isLinkRefused?: boolean }): Promise<FileDigest[]> {
  const digests: FileDigest[] = [];
  for (const path of paths) digests.push({ path, ...(await digestFile(join(folder, path), options)) });
  return digests;
}

/** Lists the files below a folder of the user's, links followed, sorted by path. */
async function listLinkedFiles(folder: string, isSkipped: (name: string) => boolean = () => false): Promise<string[]> {
  const files: string[] = [];
  const visit = async (relative: string, around: readonly string[], links: number): Promise<void> => {
    for (const entry of await readFolder(join(folder, relative))) {
      if (isSkipped(entry.name)) continue;
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      const isLink = entry.isSymbolicLink();
      if (!(isLink ? await stat(join(folder, path)) : entry).isDirectory()) {
        files.push(path);
        continue;
      }
      const real = isLink ? await realpath(join(folder, path)) : join(around.at(-1)!, entry.name);
      const nested = links + (isLink ? 1 : 0);
      if (around.includes(real) || nested > maxNestedLinks) throw new ArtifactError(`digestPath: ${folder} must not hold a folder within itself; ${path} leads back by links. Remove the link.`, { path: join(folder, path) });
      await visit(path, [...around, real], nested);
    }
  };
  await visit('', [await realpath(folder)], 0);
  return files.sort();
}

async function readFolder(path: string): Promise<Dirent[]> {
  return readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
    throw new ArtifactError(`listFiles: ${path} can't be read: ${(cause as Error).message}.`, { path, cause });
  });
}
