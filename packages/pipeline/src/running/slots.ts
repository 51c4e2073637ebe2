/** A number of threads to share out; who finds too few waits in line. */
export class Slots {
  readonly #count: number;
  #free: number;
  #working = 0;
  readonly #waiting: { readonly wanted: number; readonly start: (threads: number) => void }[] = [];

  constructor(count: number) {
    this.#count = count;
    this.#free = count;
  }

  /**
   * Waits for threads and works with them.
   *
   * Several pieces of work side by side use a machine better than one that divides itself, so each is granted no more than an
   * even share among those that wait and work at the time.
   *
   * @param wanted  Threads the work can put to use; it is granted at least 1 and at most as many as there are.
   */
  async use<T>(wanted: number, work: (threads: number) => Promise<T>): Promise<T> {
    const threads = await new Promise<number>((start) => {
      this.#waiting.push({ wanted, start });
      // What becomes ready at the same moment shares from the start.
      setImmediate(() => this.#serve());
    });
    try {
      return await work(threads);
    } finally {
      this.#free += threads;
      this.#working--;
      this.#serve();
    }
  }

  #serve(): void {
    while (this.#waiting.length > 0 && this.#free > 0) {
      const share = Math.max(1, Math.floor(this.#count / (this.#waiting.length + this.#working)));
      const { wanted, start } = this.#waiting.shift()!;
      const threads = Math.max(1, Math.min(wanted, share, this.#free));
      this.#free -= threads;
      this.#working++;
      start(threads);
    }
  }
}
