import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { DataFileError } from '../images/labeled-images.js';

/**
 * Reads a whole file; a gzip file is unpacked.
 *
 * @throws DataFileError if it can't be read or its gzip stream is damaged.
 */
export async function readBytes(path: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new DataFileError(`${path} can't be read: ${(cause as Error).message}.`, { cause });
  }
  return unpack(bytes, path);
}

/** Unpacks bytes if they are gzip's. */
export function unpack(bytes: Buffer, path: string): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw new DataFileError(`${path} must be a whole gzip file of ${bytes.length} bytes; ${(cause as Error).message}. Is the download complete?`, { cause });
  }
}
