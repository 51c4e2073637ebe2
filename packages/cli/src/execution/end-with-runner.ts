import { Worker } from 'node:worker_threads';

/**
 * Ends this process and its group as soon as the runner that started it is gone, however it went.
 *
 * The runner holds the other end of standard input; a thread waits for its end, for the main thread may be busy computing.
 */
export function endWithRunner(): void {
  new Worker(new URL('./wait-for-end-of-input.js', import.meta.url)).unref();
}
