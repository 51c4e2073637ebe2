import type { FileHandle } from 'node:fs/promises';
import { Readable, pipeline } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { ArtifactError } from '../artifact-error.js';
import { innerPathFault } from '../files/inner-path.js';
import { visibleText } from '../text/visible-text.js';
import { fileSource, readFully, type ByteSource } from './byte-source.js';

/** A file inside a zip archive, as the archive's directory says. */
export type ZipMember = {
  readonly name: string;
  readonly isDeflated: boolean;
  readonly storedBytes: number;
  readonly bytes: number;
  readonly crc: number;
  readonly headerAt: number;
};

/** No stream of deflate holds more than 1032 times its own size. */
const maxExpansion = 1032;
const maxDirectoryBytes = 16 * 1024 * 1024;
const maxMembers = 65_535;
const signatures = { end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50, entry: 0x02014b50, local: 0x04034b50 } as const;
const inZip64 = 0xffffffff;
const localHeaderBytes = 30;

/**
 * Reads the directory of a zip archive, zip64 too.
 *
 * Nothing is extracted, yet names that would lead out of a folder are refused: they become names of layers.
 *
 * @throws ArtifactError if it is no whole zip archive, a member is encrypted or compressed by other means than deflate, two
 *   members have one name or lie over each other, or a name is no plain path.
 */
export async function readZipDirectory(file: FileHandle, path: string): Promise<Map<string, ZipMember>> {
  const refuse = (message: string): never => { throw new ArtifactError(`readZipDirectory: ${path} ${message}`, { path }); };
  const { size } = await file.stat();
  const read = async (position: number, bytes: number): Promise<Buffer> => {
    if (position < 0 || position + bytes > size) refuse(`must be a whole zip archive; a part of its directory lies at byte ${position}, outside its ${size} bytes.`);
    const buffer = Buffer.alloc(bytes);
    await readFully(file, buffer, { position, name: path });
    return buffer;
  };
  // The end record is followed by a comment of at most 65,535 bytes.
  const tail = await read(Math.max(0, size - 22 - 65_535), Math.min(size, 22 + 65_535));
  const endAt = tail.lastIndexOf(Buffer.of(0x50, 0x4b, 5, 6));
  if (endAt < 0 || endAt + 22 > tail.length) refuse('must be a whole zip archive (.npz); it has no directory at its end. Is the file cut short?');
  let [entries, directoryBytes, directoryAt] = [tail.readUInt16LE(endAt + 10), tail.readUInt32LE(endAt + 12), tail.readUInt32LE(endAt + 16)];
  if (entries === 0xffff || directoryBytes === inZip64 || directoryAt === inZip64) {
    const locator = await read(size - tail.length + endAt - 20, 20);
    const end64 = locator.readUInt32LE(0) === signatures.locator64 ? await read(safe(locator, 8), 56) : undefined;
    if (end64?.readUInt32LE(0) !== signatures.end64) return refuse('must be a whole zip archive; its zip64 directory is missing.');
    [entries, directoryBytes, directoryAt] = [safe(end64, 32), safe(end64, 40), safe(end64, 48)];
  }
  if (directoryBytes > maxDirectoryBytes) refuse(`must have a directory of at most ${maxDirectoryBytes} bytes; it has ${directoryBytes}.`);
  if (entries > maxMembers) refuse(`must have at most ${maxMembers} members; it says ${entries}.`);
  const directory = await read(directoryAt, directoryBytes);
  const members = new Map<string, ZipMember>();
  for (let [at, entry] = [0, 0]; entry < entries; entry++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== signatures.entry) refuse(`must be a whole zip archive; entry ${entry} of its directory is damaged.`);
    const [nameBytes, extraBytes, commentBytes] = [directory.readUInt16LE(at + 28), directory.readUInt16LE(at + 30), directory.readUInt16LE(at + 32)];
    const name = directory.toString('utf8', at + 46, at + 46 + nameBytes);
    const fault = members.has(name) ? 'it stands there twice' : memberFault(name);
    if (fault !== undefined) refuse(`must have members with plain names; it has "${name}": ${fault}. Save the arrays under other names.`);
    const method = directory.readUInt16LE(at + 10);
    if (directory.readUInt16LE(at + 8) & 1) refuse(`must not be encrypted; its member "${name}" is.`);
    if (method !== 0 && method !== 8) refuse(`must be compressed by deflate or not at all; its member "${name}" uses method ${method}. Save it by numpy.savez or numpy.savez_compressed.`);
    const extra = directory.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes);
    const [bytes, storedBytes, headerAt] = wideSizes(extra, [directory.readUInt32LE(at + 24), directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 42)]) as [number, number, number];
    if (method === 0 ? bytes !== storedBytes : bytes > storedBytes * maxExpansion) refuse(`must be a whole zip archive; its member "${name}" can't hold ${bytes} bytes in ${storedBytes}.`);
    members.set(name, { name, isDeflated: method === 8, bytes, storedBytes, crc: directory.readUInt32LE(at + 16), headerAt });
    at += 46 + nameBytes + extraBytes + commentBytes;
  }
  requireApart([...members.values()], directoryAt, refuse);
  return members;
}

/** Members that share their bytes make an archive hold any multiple of its size. */
function requireApart(members: readonly ZipMember[], directoryAt: number, refuse: (message: string) => never): void {
  let end = 0;
  for (const { name, headerAt, storedBytes } of [...members].sort((a, b) => a.headerAt - b.headerAt)) {
    if (headerAt < end) refuse(`must be a whole zip archive; its member "${name}" lies over another.`);
    end = headerAt + localHeaderBytes + Buffer.byteLength(name) + storedBytes;
    if (!(end <= directoryAt)) refuse(`must be a whole zip archive; its member "${name}" lies outside it.`);
  }
}

function memberFault(name: string): string | undefined {
  // A folder has an entry of its own, which ends with a slash.
  return innerPathFault(name.replace(/\/$/, '')) ?? (visibleText(name) === name ? undefined : 'it holds control characters');
}

/** Opens a member to be read from front to back, lets `work` read it, and closes it. The last byte comes only if the checksum is right. */
export async function withZipMember<T>(file: FileHandle, { member, name }: { member: ZipMember; name: string }, work: (source: ByteSource) => Promise<T>): Promise<T> {
  const local = Buffer.alloc(localHeaderBytes);
  await readFully(file, local, { position: member.headerAt, name });
  if (local.readUInt32LE(0) !== signatures.local) throw new ArtifactError(`withZipMember: ${name} does not lie where the directory of the archive says.`, { path: name });
  const stored = fileSource(file, { name, start: member.headerAt + localHeaderBytes + local.readUInt16LE(26) + local.readUInt16LE(28), bytes: member.storedBytes });
  const inflated = member.isDeflated ? inflatedSource(stored, member.bytes) : undefined;
  try {
    return await work(checkedSource(inflated ?? stored, member.crc));
  } finally {
    await inflated?.close();
  }
}

/** Compares the checksum when the last byte was read. */
function checkedSource(source: ByteSource, expected: number): ByteSource {
  let [crc, position] = [0, 0];
  return {
    ...source,
    fill: async (target) => {
      await source.fill(target);
      crc = crc32(target, crc);
      position += target.length;
      if (position === source.bytes && crc !== expected) throw new ArtifactError(`checkedSource: ${source.name} is damaged: its checksum is ${crc.toString(16)}, and ${expected.toString(16)} in the directory of the archive.`, { path: source.name });
    },
  };
}

/** Inflates as much as is asked for, whatever the compressed bytes would expand to. */
function inflatedSource(stored: ByteSource, bytes: number): ByteSource & { readonly close: () => Promise<void> } {
  const { name } = stored;
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < stored.bytes;) {
      const piece = Buffer.alloc(Math.min(1 << 18, stored.bytes - at));
      await stored.fill(piece);
      at += piece.length;
      yield piece;
    }
  }
  // Errors come out of the iterator below.
  const inflate = pipeline(Readable.from(pieces(), { objectMode: false }), createInflateRaw({ chunkSize: 1 << 18 }), () => undefined);
  const iterator = inflate[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>;
  let rest: Uint8Array = new Uint8Array(0);
  const fill = async (target: Uint8Array): Promise<void> => {
    for (let filled = 0; filled < target.length;) {
      if (rest.length === 0) {
        const next = await iterator.next().catch((cause: unknown) => { throw cause instanceof ArtifactError ? cause : new ArtifactError(`inflatedSource: ${name} is damaged: ${(cause as Error).message}.`, { path: name, cause }); });
        if (next.done === true) throw new ArtifactError(`inflatedSource: ${name} is cut short: ${bytes} bytes are expected, and ${target.length - filled} of them are missing.`, { path: name });
        rest = next.value;
      }
      const part = rest.subarray(0, target.length - filled);
      target.set(part, filled);
      filled += part.length;
      rest = rest.subarray(part.length);
    }
  };
  return { name, bytes, fill, close: async () => { await iterator.return?.(); } };
}

/** Sizes of a directory entry; those that don't fit 32 bits stand in a zip64 field, in this order. */
function wideSizes(extra: Buffer, sizes: readonly number[]): number[] {
  let field: Buffer = Buffer.alloc(0);
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  }
  let at = 0;
  return sizes.map((size) => {
    if (size !== inZip64 || at + 8 > field.length) return size;
    at += 8;
    return safe(field, at - 8);
  });
}

/** An unsigned 64-bit number; beyond 2^53 it only has to be too large for any file. */
function safe(buffer: Buffer, at: number): number {
  return Number(buffer.readBigUInt64LE(at));
}
