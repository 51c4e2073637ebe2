import type { FileHandle } from 'node:fs/promises';
import { ArtifactError } from '../artifact-error.js';

/** Bytes read from front to back: those of a file, or of one member of an archive. */
export type ByteSource = {
  /** For messages: the path, with the member of an archive after `#`. */
  readonly name: string;
  /** How many there are in all. */
  readonly bytes: number;
  /** Fills the target with the bytes that follow. @throws ArtifactError if fewer are left. */
  readonly fill: (target: Uint8Array) => Promise<void>;
};

/** Most bytes asked of the operating system at once, which takes less than 2 GiB. */
export const pieceBytes = 64 * 1024 * 1024;

/** Bytes of an open file from `start` on. */
export function fileSource(file: FileHandle, { name, start, bytes }: { name: string; start: number; bytes: number }): ByteSource {
  let position = start;
  return {
    name,
    bytes,
    fill: async (target) => {
      if (position + target.length > start + bytes) throw new ArtifactError(`fileSource: ${name} is cut short: ${target.length} bytes are expected at offset ${position - start}; ${start + bytes - position} follow.`, { path: name });
      await readFully(file, target, { position, name });
      position += target.length;
    },
  };
}

/** Reads from a position until the target is full. @throws ArtifactError if the file ends before. */
export async function readFully(file: FileHandle, target: Uint8Array, { position, name }: { position: number; name: string }): Promise<void> {
  for (let filled = 0; filled < target.length;) {
    const { bytesRead } = await file.read(target, filled, Math.min(pieceBytes, target.length - filled), position + filled);
    if (bytesRead === 0) throw new ArtifactError(`readFully: ${name} is cut short: it ends at byte ${position + filled}; ${target.length - filled} more are expected.`, { path: name });
    filled += bytesRead;
  }
}
