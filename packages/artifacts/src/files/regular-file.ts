import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { ArtifactError } from '../artifact-error.js';

type Options = { readonly isLinkRefused?: boolean };

/**
 * Opens a file for reading if it is a regular file. A named pipe, a socket or a device is refused at once, where opening
 * it would wait for a writer or reading it never end.
 *
 * @param options.isLinkRefused  Whether a symbolic link is refused too, even if it leads to a file.
 * @throws ArtifactError if nothing is there, it can't be read, or it is anything else.
 */
export async function openRegularFile(path: string, { isLinkRefused = false }: Options = {}): Promise<FileHandle> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (isLinkRefused ? constants.O_NOFOLLOW ?? 0 : 0));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'ELOOP' && isLinkRefused ? 'it is a symbolic link' : code === 'ENXIO' ? 'it is a socket or a device, not a file' : message;
    throw new ArtifactError(`${path} can't be read: ${reason}.`, { path, cause });
  }
  const information = await file.stat();
  if (information.isFile()) return file;
  await file.close();
  throw new ArtifactError(`${path} must be a regular file; it is ${information.isDirectory() ? 'a folder' : 'a pipe, a socket or a device'}.`, { path });
}

/**
 * Reads a whole regular file into memory.
 *
 * @param options.maxBytes  What is larger is refused unread.
 * @throws ArtifactError if it can't be read, is no regular file, or is too large.
 */
export async function readRegularFile(path: string, { maxBytes, ...options }: Options & { readonly maxBytes: number }): Promise<Buffer> {
  const file = await openRegularFile(path, options);
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw new ArtifactError(`${path} must have at most ${maxBytes} bytes; it has ${size}.`, { path });
    return await file.readFile();
  } catch (cause) {
    if (cause instanceof ArtifactError) throw cause;
    throw new ArtifactError(`${path} can't be read: ${(cause as Error).message}.`, { path, cause });
  } finally {
    await file.close();
  }
}
