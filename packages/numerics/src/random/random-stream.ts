// Looked up once: a global's property costs more than a draw where globals are intercepted, as in Jest.
const { cos, imul, log, sin, sqrt } = Math;

/**
 * A named stream of pseudo-random numbers (xoshiro128** 1.1, [blackman2021scrambled]).
 *
 * A stream is a function of its seed and its names alone, so work can be divided among any number of
 * processes without changing a result: give each piece its own name instead of sharing one stream.
 * Uniform and integer draws are exact on every platform; normal draws use Math.log and Math.cos.
 */
export class RandomStream {
  /** Names the stream: `new RandomStream(path)` opens it again, in any thread. */
  readonly path: string;
  readonly #state: Uint32Array;
  #spareNormal: number | undefined;

  /** Use {@link randomStream}; with a path, opens the stream of that path from its beginning. */
  constructor(path: string) {
    this.path = path;
    this.#state = hashToState(path);
  }

  /** Returns the stream with further names; independent of how much of this stream has been drawn. */
  fork(...names: readonly (string | number)[]): RandomStream {
    return new RandomStream(this.path + names.map(encodeName).join(''));
  }

  /** Draws an integer in [0, 2^32). */
  nextUint32(): number {
    const s = this.#state;
    const s1 = s[1]!;
    const x = imul(s1, 5);
    const result = imul((x << 7) | (x >>> 25), 9) >>> 0;
    s[2]! ^= s[0]!;
    s[3]! ^= s1;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= s1 << 9;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }

  /** Draws a uniform number in [0, 1) with 53 random bits. */
  nextUniform(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /**
   * Draws an integer in [0, bound) without bias, for bound <= 2^32.
   *
   * @throws RangeError if bound is not an integer in [1, 2^32].
   */
  nextInteger(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > 0x100000000) {
      throw new RangeError(`nextInteger: bound must be an integer in [1, 2^32]; got ${bound}.`);
    }
    const limit = 0x100000000 - (0x100000000 % bound);
    let draw = this.nextUint32();
    while (draw >= limit) draw = this.nextUint32();
    return draw % bound;
  }

  /** Draws a standard normal number (Box-Muller; two draws share one pair of uniforms). */
  nextNormal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    const radius = sqrt(-2 * log(1 - this.nextUniform()));
    const angle = 2 * Math.PI * this.nextUniform();
    this.#spareNormal = radius * sin(angle);
    return radius * cos(angle);
  }

  /** Fills an array with standard normal numbers and returns it. */
  fillNormal<T extends Float32Array | Float64Array>(target: T): T {
    for (let i = 0; i < target.length; i++) target[i] = this.nextNormal();
    return target;
  }

  /** Shuffles an array in place (Fisher-Yates; every order equally likely) and returns it. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.nextInteger(i + 1);
      const item = items[i]!;
      items[i] = items[j]!;
      items[j] = item;
    }
    return items;
  }
}

/**
 * Opens the stream of randomness that belongs to a seed and a purpose.
 *
 * @param seed  Integer in [0, 2^53).
 * @param names  What the numbers are for, from general to particular: stage, purpose, layer, manifold ...
 * @throws RangeError if seed is not a non-negative safe integer.
 */
export function randomStream(seed: number, ...names: readonly (string | number)[]): RandomStream {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`randomStream: seed must be an integer in [0, 2^53); got ${seed}.`);
  }
  return new RandomStream([seed, ...names].map(encodeName).join(''));
}

/** Frames a name with its type and length, so that no two lists of names share an encoding. */
function encodeName(name: string | number): string {
  const text = String(name);
  return `${typeof name === 'number' ? 'n' : 's'}${text.length}:${text}`;
}

/** Spreads a text over 128 bits: four FNV-1a hashes from different offsets, each finished by murmur3's mixer. */
function hashToState(text: string): Uint32Array {
  const state = Uint32Array.of(0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    for (let j = 0; j < 4; j++) {
      state[j] = imul(state[j]! ^ (unit & 0xff) ^ (j << 8), 0x01000193);
      state[j] = imul(state[j]! ^ (unit >>> 8), 0x01000193);
      state[j]! ^= state[j]! >>> 15;
    }
  }
  for (let j = 0; j < 4; j++) {
    let h = state[j]! + imul(state[(j + 1) % 4]!, 0x9e3779b1);
    h = imul(h ^ (h >>> 16), 0x85ebca6b);
    h = imul(h ^ (h >>> 13), 0xc2b2ae35);
    state[j] = h ^ (h >>> 16);
  }
  if (state.every((word) => word === 0)) state[0] = 1;
  return state;
}
