import type { Worker } from 'node:worker_threads';
import { Division, type Assignment } from './division.js';
import { startThread } from './start-thread.js';

/**
 * Work that can be divided: `prepare`, a named export of a module, takes a context and returns what does piece i.
 *
 * A piece writes its result into shared memory of the context, at a place of its own; doing it twice must be harmless.
 */
export type DivisibleWork<C> = { readonly module: string; readonly name: string; readonly prepare: (context: C) => (index: number) => void };

/** A piece that another thread took is done again if it takes this much longer than the longest so far: that thread may be gone. */
const patienceFactor = 20;

/**
 * Threads that divide work among them, this one included. They start with the first work and stay until {@link close}.
 *
 * A thread that starts late just finds less to do, so short work does not wait for it.
 */
export class Threads {
  readonly count: number;
  readonly #patienceMs: number;
  #workers: Worker[] | undefined;

  /**
   * @param count  Threads in all, at least 1.
   * @param options.patienceMs  How long at least to wait for a piece that another thread took, before doing it again. Default 5000.
   */
  constructor(count: number, { patienceMs = 5000 }: { patienceMs?: number } = {}) {
    if (!(Number.isInteger(count) && count >= 1)) throw new RangeError(`Threads: count must be a whole number of at least 1; got ${count}.`);
    this.count = count;
    this.#patienceMs = patienceMs;
  }

  /**
   * Does pieces 0 to pieces - 1 of some work, in any order and on any thread, and returns when all are done.
   *
   * @param context  What the work needs, cloned for other threads but for what lies in SharedArrayBuffers.
   * @param options.onProgress  Called on this thread after each piece it did.
   * @throws what a piece threw on this thread; an Error with its message if it threw on another.
   */
  run<C>(work: DivisibleWork<C>, context: C, { pieces, onProgress }: { pieces: number; onProgress?: ((done: number) => void) | undefined }): void {
    const division = new Division(pieces);
    if (this.count > 1 && pieces > 1) {
      this.#workers ??= Array.from({ length: this.count - 1 }, startWorker);
      const assignment: Assignment = { module: work.module, name: work.name, context, state: division.state };
      for (const worker of this.#workers) worker.postMessage(assignment);
    }
    const doPiece = work.prepare(context);
    let longest = 0;
    const doAndNote = (index: number) => {
      const started = performance.now();
      doPiece(index);
      division.finish(index);
      longest = Math.max(longest, performance.now() - started);
      onProgress?.(division.finished());
    };
    for (let index = division.take(); index !== undefined; index = division.take()) doAndNote(index);
    for (let index = 0; index < pieces; index++) {
      if (!division.waitFor(index, Math.max(this.#patienceMs, patienceFactor * longest))) doAndNote(index);
    }
    division.throwFailure();
    onProgress?.(pieces);
  }

  /** Ends the other threads. */
  close(): void {
    for (const worker of this.#workers ?? []) void worker.terminate();
    this.#workers = undefined;
  }
}

/** An array that other threads can see: itself if it lies in shared memory, else a copy. */
export function toShared<T extends Uint8Array | Float32Array | Float64Array | Int32Array>(array: T): T {
  if (array.buffer instanceof SharedArrayBuffer || Object.prototype.toString.call(array.buffer) === '[object SharedArrayBuffer]') return array;
  const make = array.constructor as new (buffer: SharedArrayBuffer) => T;
  const shared = new make(new SharedArrayBuffer(array.byteLength));
  shared.set(array);
  return shared;
}

function startWorker(): Worker {
  const worker = startThread(new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url));
  // The other threads do its share.
  worker.on('error', (cause) => process.emitWarning(`a thread ended, and the others go on without it: ${cause.message}`));
  worker.unref();
  return worker;
}
