/** What there is to share out. */
export type Capacity = { readonly threads: number; readonly memoryBytes: number; readonly accelerators: number };

/** What a piece of work asks for: threads it can put to use, and what it can't do without. */
export type Request = { readonly threads: number; readonly memoryBytes?: number; readonly accelerators?: number };

/** What a piece of work was granted: between 1 and the threads it asked for, and which accelerators, by number. */
export type Grant = { readonly threads: number; readonly accelerators: readonly number[] };

type Waiting = { readonly request: Required<Request>; readonly start: (grant: Grant) => void };

/** Threads, memory and accelerators to share out; who finds too little waits in line, and who needs less than is left may go before. */
export class Slots {
  readonly #capacity: Capacity;
  #threads: number;
  #memoryBytes: number;
  readonly #accelerators: number[];
  #working = 0;
  readonly #waiting: Waiting[] = [];

  constructor(capacity: Capacity) {
    this.#capacity = capacity;
    this.#threads = capacity.threads;
    this.#memoryBytes = capacity.memoryBytes;
    this.#accelerators = Array.from({ length: capacity.accelerators }, (_, i) => i);
  }

  /**
   * Waits for what work needs, and works with it.
   *
   * Several pieces of work side by side use a machine better than one that divides itself, so each is granted no more threads than an
   * even share among those that wait and work at the time. What asks for more than there is gets all there is.
   */
  async use<T>(request: Request, work: (grant: Grant) => Promise<T>): Promise<T> {
    const { threads, memoryBytes, accelerators } = this.#capacity;
    const asked = { threads: Math.min(request.threads, threads), memoryBytes: Math.min(request.memoryBytes ?? 0, memoryBytes), accelerators: Math.min(request.accelerators ?? 0, accelerators) };
    const grant = await new Promise<Grant>((start) => {
      this.#waiting.push({ request: asked, start });
      // What becomes ready at the same moment shares from the start.
      setImmediate(() => this.#serve());
    });
    try {
      return await work(grant);
    } finally {
      this.#threads += grant.threads;
      this.#memoryBytes += asked.memoryBytes;
      this.#accelerators.push(...grant.accelerators);
      this.#working--;
      this.#serve();
    }
  }

  #serve(): void {
    for (let at = this.#nextThatFits(); at >= 0; at = this.#nextThatFits()) {
      const share = Math.max(1, Math.floor(this.#capacity.threads / (this.#waiting.length + this.#working)));
      const { request, start } = this.#waiting.splice(at, 1)[0]!;
      const threads = Math.max(1, Math.min(request.threads, share, this.#threads));
      this.#threads -= threads;
      this.#memoryBytes -= request.memoryBytes;
      this.#working++;
      start({ threads, accelerators: this.#accelerators.splice(0, request.accelerators) });
    }
  }

  #nextThatFits(): number {
    if (this.#threads < 1) return -1;
    return this.#waiting.findIndex(({ request }) => request.memoryBytes <= this.#memoryBytes && request.accelerators <= this.#accelerators.length);
  }
}
