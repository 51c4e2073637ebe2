/** A number of threads to share out; who finds too few waits in line. */
export class Slots {
  readonly #count: number;
  #free: number;
  readonly #waiting: { readonly threads: number; readonly start: () => void }[] = [];

  constructor(count: number) {
    this.#count = count;
    this.#free = count;
  }

  /**
   * Waits for threads and works with them.
   *
   * @param wanted  Threads the work can put to use; it is granted at most as many as there are.
   */
  async use<T>(wanted: number, work: (threads: number) => Promise<T>): Promise<T> {
    const threads = Math.max(1, Math.min(wanted, this.#count));
    await new Promise<void>((start) => {
      this.#waiting.push({ threads, start });
      this.#serve();
    });
    try {
      return await work(threads);
    } finally {
      this.#free += threads;
      this.#serve();
    }
  }

  #serve(): void {
    while (this.#waiting.length > 0 && this.#waiting[0]!.threads <= this.#free) {
      const { threads, start } = this.#waiting.shift()!;
      this.#free -= threads;
      start();
    }
  }
}
