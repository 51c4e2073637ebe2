/** What another thread is told: which work, on what, and the shared state of its division. */
export type Assignment = { readonly module: string; readonly name: string; readonly context: unknown; readonly state: SharedArrayBuffer };

const [nextAt, failureLengthAt, headerLength] = [0, 1, 2];
const failureBytes = 2000;
const [done, failed] = [1, 2];

/** How far some divided work is, in memory that threads share: the next piece to take, and which pieces are done. */
export class Division {
  readonly state: SharedArrayBuffer;
  readonly #numbers: Int32Array;
  readonly #failure: Uint8Array;
  readonly #pieces: number;

  /** @param from  The number of pieces, or the state that another thread made. */
  constructor(from: number | SharedArrayBuffer) {
    this.state = typeof from === 'number' ? new SharedArrayBuffer(failureBytes + 4 * (headerLength + from)) : from;
    this.#failure = new Uint8Array(this.state, 0, failureBytes);
    this.#numbers = new Int32Array(this.state, failureBytes);
    this.#pieces = this.#numbers.length - headerLength;
  }

  /** Takes the next piece; undefined if all are taken. */
  take(): number | undefined {
    const index = Atomics.add(this.#numbers, nextAt, 1);
    return index < this.#pieces ? index : undefined;
  }

  finish(index: number): void {
    this.#settle(index, done);
  }

  /** Notes that a piece failed; the first failure keeps its message. */
  fail(index: number, message: string): void {
    const { written } = new TextEncoder().encodeInto(message, new Uint8Array(failureBytes));
    if (Atomics.compareExchange(this.#numbers, failureLengthAt, 0, written) === 0) this.#failure.set(new TextEncoder().encode(message).subarray(0, written));
    this.#settle(index, failed);
  }

  /** Number of pieces done. */
  finished(): number {
    let count = 0;
    for (let index = 0; index < this.#pieces; index++) if (Atomics.load(this.#numbers, headerLength + index) !== 0) count++;
    return count;
  }

  /** Waits until a piece is done. @returns false if it was not in time. */
  waitFor(index: number, timeoutMs: number): boolean {
    return Atomics.wait(this.#numbers, headerLength + index, 0, timeoutMs) !== 'timed-out';
  }

  /** @throws Error with the message of the first piece that failed, if one did. */
  throwFailure(): void {
    const length = Atomics.load(this.#numbers, failureLengthAt);
    if (length > 0) throw new Error(new TextDecoder().decode(this.#failure.slice(0, length)));
  }

  #settle(index: number, how: number): void {
    Atomics.store(this.#numbers, headerLength + index, how);
    Atomics.notify(this.#numbers, headerLength + index);
  }
}
