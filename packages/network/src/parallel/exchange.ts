const [arrivedAt, roundAt, failureLengthAt, headerLength] = [0, 1, 2, 3];
const failureBytes = 2000;
/** Values that one exchange takes through shared memory at once; longer vectors go in parts. */
const partLength = 2 ** 18;
/** Looks at the round this often before it sleeps, about 0.1 ms: partners of equal work arrive soon, and being woken takes longer. */
const looks = 20_000;

/** What the threads of an {@link Exchange} share. */
export type ExchangeMemory = { readonly control: SharedArrayBuffer; readonly parts: SharedArrayBuffer; readonly size: number };

/** Another thread failed, so that none can go on. */
export class PartnerError extends Error {
  override readonly name = 'PartnerError';
}

/**
 * Sums vectors over threads that all run the same program and call {@link sum} in the same order with the same lengths.
 *
 * Sums go in the order of ranks, in float64, so that every thread gets the same bits. A thread waits for the slowest.
 */
export class Exchange {
  readonly rank: number;
  readonly size: number;
  readonly #header: Int32Array;
  readonly #failure: Uint8Array;
  /** Two sets of one part per thread, in turn: a thread may write its next part while others still read the last. */
  readonly #parts: readonly { readonly narrow: readonly Float32Array[]; readonly wide: readonly Float64Array[] }[];
  readonly #total = new Float64Array(partLength);
  #turn = 0;

  constructor({ control, parts, size }: ExchangeMemory, rank: number) {
    this.rank = rank;
    this.size = size;
    this.#header = new Int32Array(control, 0, headerLength);
    this.#failure = new Uint8Array(control, 4 * headerLength);
    const views = <T>(make: (start: number) => T, turn: number) => Array.from({ length: size }, (_, other) => make(8 * partLength * (turn * size + other)));
    this.#parts = [0, 1].map((turn) => ({
      narrow: views((start) => new Float32Array(parts, start, partLength), turn), wide: views((start) => new Float64Array(parts, start, partLength), turn),
    }));
  }

  static allocate(size: number): ExchangeMemory {
    return { control: new SharedArrayBuffer(4 * headerLength + failureBytes), parts: new SharedArrayBuffer(8 * partLength * 2 * size), size };
  }

  /**
   * Replaces a vector by its sum over all threads.
   *
   * @throws PartnerError if another thread has failed.
   */
  sum(values: Float32Array | Float64Array): void {
    for (let start = 0; start < values.length; start += partLength) {
      const part = values.subarray(start, start + partLength);
      const { narrow, wide } = this.#parts[this.#turn]!;
      const parts = part.BYTES_PER_ELEMENT === 4 ? narrow : wide;
      parts[this.rank]!.set(part);
      this.#meet();
      addUp(parts, part, this.#total);
      this.#turn = 1 - this.#turn;
    }
  }

  /** Tells the others that this thread can't go on; they throw at their next sum. */
  fail(message: string): void {
    const bytes = new TextEncoder().encode(message).subarray(0, failureBytes);
    this.#failure.set(bytes);
    Atomics.store(this.#header, failureLengthAt, bytes.length);
    Atomics.add(this.#header, roundAt, 1);
    Atomics.notify(this.#header, roundAt);
  }

  #meet(): void {
    const round = Atomics.load(this.#header, roundAt);
    this.#throwFailure();
    if (Atomics.add(this.#header, arrivedAt, 1) + 1 === this.size) {
      Atomics.store(this.#header, arrivedAt, 0);
      Atomics.add(this.#header, roundAt, 1);
      Atomics.notify(this.#header, roundAt);
    } else {
      for (let look = 0; look < looks && Atomics.load(this.#header, roundAt) === round; look++);
      while (Atomics.load(this.#header, roundAt) === round) Atomics.wait(this.#header, roundAt, round);
    }
    this.#throwFailure();
  }

  #throwFailure(): void {
    const length = Atomics.load(this.#header, failureLengthAt);
    if (length > 0) throw new PartnerError(new TextDecoder().decode(this.#failure.slice(0, length)));
  }
}

/** Sums vectors in order, in float64. */
function addUp(vectors: readonly (Float32Array | Float64Array)[], target: Float32Array | Float64Array, total: Float64Array): void {
  const { length } = target;
  total.fill(0, 0, length);
  for (const vector of vectors) for (let i = 0; i < length; i++) total[i]! += vector[i]!;
  for (let i = 0; i < length; i++) target[i] = total[i]!;
}
