/** How many tables a reader may still visit: offsets that lead to one table from many places would make a small file endless. */
export type Visits = { left: number };

/**
 * A table of a FlatBuffer, read as its schema says, with every offset checked.
 *
 * Readers generated from schemas take offsets and lengths as they come. This one visits what they would, and throws a
 * RangeError where they would leave the bytes or not come to an end.
 */
export class FlatTable {
  readonly #bytes: DataView;
  readonly #at: number;
  readonly #visits: Visits;

  private constructor(bytes: DataView, at: number, visits: Visits) {
    if (visits.left-- <= 0) throw new RangeError('its metadata have too many parts');
    this.#bytes = bytes;
    this.#at = at;
    this.#visits = visits;
  }

  static root(bytes: Uint8Array, visits: Visits): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true), visits);
  }

  int8(slot: number): number {
    const at = this.#field(slot);
    return at === undefined ? 0 : this.#bytes.getInt8(at);
  }

  int16(slot: number): number {
    const at = this.#field(slot);
    return at === undefined ? 0 : this.#bytes.getInt16(at, true);
  }

  int64(slot: number): number {
    const at = this.#field(slot);
    return at === undefined ? 0 : Number(this.#bytes.getBigInt64(at, true));
  }

  table(slot: number): FlatTable | undefined {
    const at = this.#field(slot);
    return at === undefined ? undefined : this.#tableAt(at);
  }

  tables(slot: number): FlatTable[] {
    const { at, length } = this.#vector(slot, 4);
    return Array.from({ length }, (_, i) => this.#tableAt(at + 4 * i));
  }

  /** Structures of whole numbers of 64 bits. */
  structs<N extends number>(slot: number, fields: N): number[][] {
    const { at, length } = this.#vector(slot, 8 * fields);
    return Array.from({ length }, (_, i) => Array.from({ length: fields }, (_, k) => Number(this.#bytes.getBigInt64(at + 8 * (fields * i + k), true))));
  }

  /** Checks that a text or a vector of small items lies inside. */
  checkVector(slot: number, itemBytes: number): void {
    this.#vector(slot, itemBytes);
  }

  #tableAt(at: number): FlatTable {
    return new FlatTable(this.#bytes, at + this.#bytes.getUint32(at, true), this.#visits);
  }

  #vector(slot: number, itemBytes: number): { at: number; length: number } {
    const field = this.#field(slot);
    if (field === undefined) return { at: 0, length: 0 };
    const at = field + this.#bytes.getUint32(field, true);
    const length = this.#bytes.getUint32(at, true);
    if (at + 4 + length * itemBytes > this.#bytes.byteLength) throw new RangeError('a list in its metadata goes beyond their end');
    return { at: at + 4, length };
  }

  /** Where a field lies, or undefined if the table leaves it out. */
  #field(slot: number): number | undefined {
    const vtable = this.#at - this.#bytes.getInt32(this.#at, true);
    const at = 4 + 2 * slot;
    const offset = at < this.#bytes.getUint16(vtable, true) ? this.#bytes.getUint16(vtable + at, true) : 0;
    return offset === 0 ? undefined : this.#at + offset;
  }
}
