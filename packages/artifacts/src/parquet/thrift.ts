/** A structure of Thrift by numbers of its fields. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;
export type ThriftValue = boolean | number | Uint8Array | readonly ThriftValue[] | ThriftStruct;

const types = { true: 1, false: 2, byte: 3, i16: 4, i32: 5, i64: 6, double: 7, binary: 8, list: 9, set: 10, map: 11, struct: 12 } as const;
const maxDepth = 32;

/**
 * Reads a structure in Thrift's compact protocol, in which Parquet describes its files.
 *
 * @param bytes  Begin with the structure; more may follow.
 * @returns the structure, and how many bytes it takes.
 * @throws RangeError if it goes beyond the bytes, has a field twice, or is nested more than 32 deep.
 */
export function readThrift(bytes: Uint8Array): { struct: ThriftStruct; bytes: number } {
  const reader = new CompactReader(bytes);
  return { struct: reader.struct(0), bytes: reader.at };
}

class CompactReader {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  struct(depth: number): ThriftStruct {
    if (depth > maxDepth) throw new RangeError('its metadata are nested too deep');
    const fields = new Map<number, ThriftValue>();
    for (let id = 0;;) {
      const head = this.#byte();
      if (head === 0) return fields;
      const type = head & 15;
      id = head >> 4 === 0 ? this.#signed() : id + (head >> 4);
      if (fields.has(id)) throw new RangeError('its metadata say a thing twice');
      fields.set(id, type === types.true || type === types.false ? type === types.true : this.#value(type, depth));
    }
  }

  #value(type: number, depth: number): ThriftValue {
    switch (type) {
      case types.true: case types.false:
        return this.#byte() === types.true;
      case types.byte:
        return (this.#byte() << 24) >> 24;
      case types.i16: case types.i32: case types.i64:
        return this.#signed();
      case types.double:
        return this.#take(8).length;
      case types.binary:
        return this.#take(this.#unsigned());
      case types.list: case types.set:
        return this.#list(depth);
      case types.struct:
        return this.struct(depth + 1);
      default:
        throw new RangeError('its metadata hold what Parquet has no use for');
    }
  }

  #list(depth: number): ThriftValue[] {
    const head = this.#byte();
    const length = head >> 4 === 15 ? this.#unsigned() : head >> 4;
    // Every item takes a byte at least.
    if (length > this.#bytes.length - this.at) throw new RangeError('a list in its metadata goes beyond their end');
    if (depth > maxDepth) throw new RangeError('its metadata are nested too deep');
    return Array.from({ length }, () => this.#value(head & 15, depth + 1));
  }

  #byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw new RangeError('its metadata are cut short');
    return byte;
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.at) throw new RangeError('a text in its metadata goes beyond their end');
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  #unsigned(): number {
    return Number(this.#varint());
  }

  /** Zigzag: 0, -1, 1, -2, ... */
  #signed(): number {
    const value = this.#varint();
    return Number((value >> 1n) ^ -(value & 1n));
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new RangeError('a number in its metadata has more than 64 bits');
  }
}
