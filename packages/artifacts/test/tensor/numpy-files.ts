import { crc32, deflateRawSync } from 'node:zlib';

/** A `.npy` file with any header a test wants. */
export function npyFile(values: ArrayBufferView, header: string, version = 1): Buffer {
  const text = Buffer.from(header, version === 3 ? 'utf8' : 'latin1');
  const size = Buffer.alloc(version === 1 ? 2 : 4);
  size.writeUIntLE(text.length, 0, size.length);
  return Buffer.concat([Buffer.from([0x93, ...Buffer.from('NUMPY'), version, 0]), size, text, Buffer.from(values.buffer, values.byteOffset, values.byteLength)]);
}

/** The header as NumPy writes it, with spaces so that the values begin at byte 128. */
export function npyHeader(descr: string, shape: readonly number[], isFortran = false): string {
  return `{'descr': '${descr}', 'fortran_order': ${isFortran ? 'True' : 'False'}, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`.padEnd(117) + '\n';
}

export type Member = { readonly content: Buffer; readonly isDeflated?: boolean; readonly isWide?: boolean; readonly method?: number; readonly bytes?: number };

/** A zip archive; `isWide` puts sizes and offset in zip64 fields, `method` and `bytes` tell what is not so. */
export function zipFile(members: { readonly [name: string]: Member }, { isWide = false }: { isWide?: boolean } = {}): Buffer {
  const bodies: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const [name, member] of Object.entries(members)) {
    const stored = member.isDeflated === true ? deflateRawSync(member.content) : member.content;
    const sizes = [member.bytes ?? member.content.length, stored.length, at];
    const extra = member.isWide === true ? Buffer.alloc(28) : Buffer.alloc(0);
    if (member.isWide === true) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      sizes.forEach((size, i) => extra.writeBigUInt64LE(BigInt(size), 4 + 8 * i));
    }
    const [bytes, storedBytes, offset] = member.isWide === true ? [0xffffffff, 0xffffffff, 0xffffffff] : sizes as [number, number, number];
    const method = member.method ?? (member.isDeflated === true ? 8 : 0);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(crc32(member.content), 16);
    entry.writeUInt32LE(storedBytes!, 20);
    entry.writeUInt32LE(bytes!, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(extra.length, 30);
    entry.writeUInt32LE(offset!, 42);
    bodies.push(local, Buffer.from(name), stored);
    entries.push(entry, Buffer.from(name), extra);
    at += 30 + name.length + stored.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(isWide ? 0xffff : Object.keys(members).length, 10);
  end.writeUInt32LE(isWide ? 0xffffffff : directory.length, 12);
  end.writeUInt32LE(isWide ? 0xffffffff : at, 16);
  return Buffer.concat([...bodies, directory, ...(isWide ? wideEnd(Object.keys(members).length, directory.length, at) : []), end]);
}

function wideEnd(entries: number, directoryBytes: number, directoryAt: number): Buffer[] {
  const end = Buffer.alloc(56);
  end.writeUInt32LE(0x06064b50, 0);
  [entries, directoryBytes, directoryAt].forEach((value, i) => end.writeBigUInt64LE(BigInt(value), 32 + 8 * i));
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(directoryAt + directoryBytes), 8);
  return [end, locator];
}
