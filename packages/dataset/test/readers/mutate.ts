/** Numbers from 0 to 1, the same for the same seed. */
export type Random = () => number;

/** Mulberry32: a few lines, and good enough to choose bytes. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const boundaries = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const snippets = ['../', '__proto__', 'constructor', '\u0000', '"', '{', '[', '-1', '1e999', '99999999999', '\u001b[2J', 'null', '\u00ff\u00ff\u00ff\u007f'].map((text) => Buffer.from(text, 'latin1'));

/**
 * Damages a file as chance and malice do, in 1 to 3 places: flips a bit, cuts off the end, inserts, removes, repeats or moves bytes,
 * writes a number at the edge of its range, or words that mean something.
 *
 * @param random  The same stream gives the same file.
 */
export function mutate(original: Buffer, random: Random): Buffer {
  const below = (n: number): number => Math.floor(random() * n);
  let bytes: Buffer = Buffer.from(original);
  // Half of the files keep their length, so that the damage is found late.
  const inPlace = random() < 0.5 ? [0, 1, 7, 7] : undefined;
  for (let left = 1 + below(3); left > 0; left--) {
    // In the beginning, where most headers are; at the end, where the others are; or anywhere.
    const place = below(3);
    const at = Math.max(0, Math.min(bytes.length - 1, place === 0 ? below(256) : place === 1 ? bytes.length - 1 - below(256) : below(bytes.length)));
    const length = 1 + below(below(4) === 0 ? 200 : 8);
    const joined = (middle: Uint8Array, skipped: number): Buffer => Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(at + skipped)]);
    switch (inPlace ? inPlace[below(inPlace.length)] : below(9)) {
      case 0: case 1:
        if (bytes.length > 0) bytes[at]! ^= 1 << below(8);
        break;
      case 2:
        bytes = bytes.subarray(0, at);
        break;
      case 3:
        bytes = joined(Buffer.from(Array.from({ length }, () => below(256))), 0);
        break;
      case 4:
        bytes = joined(Buffer.alloc(0), length);
        break;
      case 5:
        bytes = joined(bytes.subarray(at, at + length), 0);
        break;
      case 6: {
        const from = below(bytes.length);
        bytes = joined(bytes.subarray(from, from + length), length);
        break;
      }
      case 7: {
        const size = [1, 2, 4, 8][below(4)]!;
        const number = Buffer.alloc(8, below(8) === 0 ? 0xff : 0);
        number.writeUInt32LE(boundaries[below(boundaries.length)]!, 0);
        if (at + size <= bytes.length) number.copy(bytes, at, 0, size);
        break;
      }
      default:
        bytes = joined(snippets[below(snippets.length)]!, below(2) * length);
    }
  }
  return bytes;
}
