const [arrivedAt, roundAt, failureLengthAt, headerLength] = [0, 1, 2, 3];
const failureBytes = 2000;
/** Values that one round takes through shared memory; more go in several. */
const partLength = 2 ** 18;
/** One that has not come by then has ended without a word. */
const patienceMs = 600_000;

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
   * Replaces vectors, all of float32 or all of float64, by their sums over all threads.
   *
   * @throws PartnerError if another thread has failed.
   */
  sum(...vectors: readonly (Float32Array | Float64Array)[]): void {
    for (const round of roundsOf(vectors)) {
      const { narrow, wide } = this.#parts[this.#turn]!;
      const parts = round[0]!.BYTES_PER_ELEMENT === 4 ? narrow : wide;
      let at = 0;
      for (const piece of round) {
        parts[this.rank]!.set(piece, at);
        at += piece.length;
      }
      this.#meet();
      at = 0;
      for (const piece of round) {
        addUp(parts, at, piece);
        at += piece.length;
      }
      this.#turn = 1 - this.#turn;
    }
  }

  /** Tells the others that this thread can't go on; they throw at their next sum. */
  fail(message: string): void {
    const bytes = new TextEncoder().encode(message === '' ? 'it did not say why' : message).subarray(0, failureBytes);
    this.#failure.set(bytes);
    Atomics.store(this.#header, failureLengthAt, bytes.length);
    Atomics.add(this.#header, roundAt, 1);
    Atomics.notify(this.#header, roundAt);
  }

  /** @throws PartnerError if a thread has failed. */
  throwFailure(): void {
    const length = Atomics.load(this.#header, failureLengthAt);
    if (length > 0) throw new PartnerError(`Another thread of training failed: ${new TextDecoder().decode(this.#failure.slice(0, length))}`);
  }

  #meet(): void {
    const round = Atomics.load(this.#header, roundAt);
    this.throwFailure();
    if (Atomics.add(this.#header, arrivedAt, 1) + 1 === this.size) {
      Atomics.store(this.#header, arrivedAt, 0);
      Atomics.add(this.#header, roundAt, 1);
      Atomics.notify(this.#header, roundAt);
    } else this.#waitFor(round);
    this.throwFailure();
  }

  #waitFor(round: number): void {
    // It sleeps at once: to look for a while first gains nothing, and where several trainings share a machine it halves the speed of all.
    while (Atomics.load(this.#header, roundAt) === round) {
      if (Atomics.wait(this.#header, roundAt, round, patienceMs) === 'timed-out') throw new PartnerError(`Another thread of training has not come within ${patienceMs / 60_000} minutes; it must have ended.`);
    }
  }
}

/** Vectors in pieces, and pieces in groups that fit into a part. */
function* roundsOf(vectors: readonly (Float32Array | Float64Array)[]): Generator<(Float32Array | Float64Array)[]> {
  let round: (Float32Array | Float64Array)[] = [];
  let room = partLength;
  for (const vector of vectors) {
    for (let start = 0; start < vector.length;) {
      const piece = vector.subarray(start, start + room);
      round.push(piece);
      start += piece.length;
      room -= piece.length;
      if (room > 0) continue;
      yield round;
      round = [];
      room = partLength;
    }
  }
  if (round.length > 0) yield round;
}

/** Sums what lies at the same place of each vector, in order, in float64. */
function addUp(vectors: readonly (Float32Array | Float64Array)[], start: number, target: Float32Array | Float64Array): void {
  const { length } = target;
  if (vectors.length === 2) {
    const [first, second] = vectors as [Float32Array, Float32Array];
    for (let i = 0; i < length; i++) target[i] = first[start + i]! + second[start + i]!;
    return;
  }
  for (let i = 0; i < length; i++) {
    let total = 0;
    for (let k = 0; k < vectors.length; k++) total += vectors[k]![start + i]!;
    target[i] = total;
  }
}
