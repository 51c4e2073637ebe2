import type { Exchange } from '../parallel/exchange.js';

/** The examples of a batch that one thread takes. */
export type BatchPart = {
  readonly start: number;
  readonly end: number;
  /** Of the whole batch. */
  readonly count: number;
  /** Set if other threads take the rest. */
  readonly exchange: Exchange | undefined;
};

/** Divides a batch evenly over threads. One with fewer examples than threads every thread takes whole. */
export function partOf(count: number, exchange: Exchange | undefined): BatchPart {
  if (!exchange || count < exchange.size) return { start: 0, end: count, count, exchange: undefined };
  const edge = (rank: number) => Math.round((rank * count) / exchange.size);
  return { start: edge(exchange.rank), end: edge(exchange.rank + 1), count, exchange };
}

/**
 * Puts rows of this thread's part and of the others' together.
 *
 * @param values  Of this part, row-major.
 * @returns values of the whole batch.
 */
export function wholeOf({ start, end, count, exchange }: BatchPart, values: Float32Array): Float32Array {
  if (!exchange) return values;
  const width = values.length / (end - start);
  const whole = new Float32Array(count * width);
  whole.set(values, start * width);
  exchange.sum(whole);
  return whole;
}
