import { isMainThread } from 'node:worker_threads';
import type { DivisibleWork } from '../../src/index.js';

export type SquaresContext = { readonly results: Float64Array; readonly byThread: Int32Array; readonly trouble: 'none' | 'throws' | 'dies' };

/** Squares of the piece numbers; on other threads it may throw or die with the piece in hand. */
export const squares: DivisibleWork<SquaresContext> = { module: import.meta.url, name: 'prepareSquares', prepare: prepareSquares };

export function prepareSquares({ results, byThread, trouble }: SquaresContext): (index: number) => void {
  return (index) => {
    if (!isMainThread && trouble === 'throws') throw new Error(`piece ${index} does not like this thread`);
    if (!isMainThread && trouble === 'dies') process.exit(1);
    // Long enough that the others get their share.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    results[index] = index ** 2;
    byThread[isMainThread ? 0 : 1]!++;
  };
}
