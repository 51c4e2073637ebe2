import { gunzipSync, constants } from 'node:zlib';
import { ArtifactError, readRegularFile } from '@memgeo/artifacts';
import { DataFileError } from '../images/labeled-images.js';

/** Data sets that are read whole are smaller; Node.js itself takes no more. */
const maxFileBytes = 2 ** 31 - 1;

/**
 * Reads a whole file.
 *
 * @throws DataFileError if it can't be read, is no regular file, or has more bytes than `maxBytes`.
 */
export async function readBytes(path: string, { maxBytes = maxFileBytes }: { maxBytes?: number } = {}): Promise<Buffer> {
  try {
    return await readRegularFile(path, { maxBytes });
  } catch (cause) {
    throw cause instanceof ArtifactError ? new DataFileError(cause.message, { cause }) : cause;
  }
}

export function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Unpacks the first bytes of a gzip file, as many as the first 4 KiB of it hold. */
export function unpackStart(bytes: Buffer, path: string): Buffer {
  return gunzip(bytes.subarray(0, 4096), path, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 8 * 1024 * 1024 });
}

/**
 * Unpacks a gzip file of at most so many bytes.
 *
 * @throws DataFileError if its stream is damaged or holds more.
 */
export function unpack(bytes: Buffer, path: string, { maxBytes }: { maxBytes: number }): Buffer {
  return gunzip(bytes, path, { maxOutputLength: Math.max(1, maxBytes) });
}

function gunzip(bytes: Buffer, path: string, options: { finishFlush?: number; maxOutputLength: number }): Buffer {
  try {
    return gunzipSync(bytes, options);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new DataFileError(`${path} must unpack to at most ${options.maxOutputLength} bytes; it holds more.`, { cause });
    throw new DataFileError(`${path} must be a whole gzip file of ${bytes.length} bytes; ${(cause as Error).message}. Is the download complete?`, { cause });
  }
}
