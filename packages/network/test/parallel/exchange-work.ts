import { Exchange, type ExchangeMemory } from '../../src/parallel/exchange.js';

export function sumVectors(memory: ExchangeMemory, rank: number, lengths: readonly number[]): Float32Array[] {
  const exchange = new Exchange(memory, rank);
  const vectors = lengths.map((length) => Float32Array.from({ length }, (_, i) => Math.sin(i + rank)));
  exchange.sum(...vectors.slice(0, 3));
  for (const vector of vectors.slice(3)) exchange.sum(vector);
  return vectors;
}

/** Each round, rank 0 gives the round and rank 1 the round plus 1; both dawdle, at different times. */
export function countRounds(memory: ExchangeMemory, rank: number, rounds: number): number[] {
  const exchange = new Exchange(memory, rank);
  return Array.from({ length: rounds }, (_, round) => {
    for (let i = 0; round % 50 === 25 * rank && i < 1e5; i++);
    const values = Float64Array.of(round + rank);
    exchange.sum(values);
    return values[0]!;
  });
}

export function waitInVain(memory: ExchangeMemory, rank: number): string {
  try {
    new Exchange(memory, rank).sum(Float64Array.of(1));
    return 'nothing';
  } catch (cause) {
    return String(cause);
  }
}
