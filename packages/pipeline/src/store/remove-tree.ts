import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const ownerMay = 0o700;

/**
 * Removes a file or folder with all in it, also folders that a program has made read-only.
 *
 * What can't be removed stays: no run fails because of it.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch {
    if (await lstat(path).then((found) => found.isDirectory(), () => false)) await openFolders(path);
    await rm(path, { recursive: true, force: true, maxRetries: 2 }).catch(() => undefined);
  }
}

async function openFolders(path: string): Promise<void> {
  await chmod(path, ownerMay).catch(() => undefined);
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await openFolders(join(path, entry.name));
}
