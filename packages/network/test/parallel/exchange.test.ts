import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { Exchange, PartnerError, type ExchangeMemory } from '../../src/parallel/exchange.js';

/** Runs one of the exports of exchange-work.ts in a thread of its own; what it returns. */
function inThread<T>(name: string, memory: ExchangeMemory, rank: number, ...rest: unknown[]): Promise<T> {
  const module = fileURLToPath(new URL('./exchange-work.ts', import.meta.url));
  const code = `import('tsx/esm/api').then(async ({ register }) => {
    register();
    const { parentPort, workerData } = await import('node:worker_threads');
    const work = await import(${JSON.stringify(module)});
    parentPort.postMessage(work[workerData.name](workerData.memory, workerData.rank, ...workerData.rest));
  });`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(code, { eval: true, execArgv: ['--conditions=@memgeo/source'], workerData: { name, memory, rank, rest } });
    worker.once('message', resolve).once('error', reject);
  });
}

describe('an exchange', () => {
  it('gives every thread the same bits, the sum in the order of ranks, of several vectors at once, of some longer than a part, and of single values', async () => {
    const memory = Exchange.allocate(3);
    const lengths = [1, 7, 600_000, 3, 262_144];
    const results = await Promise.all([0, 1, 2].map((rank) => inThread<Float32Array[]>('sumVectors', memory, rank, lengths)));
    for (const [i, length] of lengths.entries()) {
      const expected = Float32Array.from({ length }, (_, j) => Math.fround(Math.sin(j)) + Math.fround(Math.sin(j + 1)) + Math.fround(Math.sin(j + 2)));
      for (const result of results) expect(Buffer.compare(Buffer.from(result[i]!.buffer), Buffer.from(expected.buffer))).toBe(0);
    }
  });

  it('keeps step over many rounds however unevenly the threads run', async () => {
    const memory = Exchange.allocate(2);
    const sums = await Promise.all([0, 1].map((rank) => inThread<number[]>('countRounds', memory, rank, 3000)));
    expect(sums[0]).toEqual(Array.from({ length: 3000 }, (_, round) => 2 * round + 1));
    expect(sums[1]).toEqual(sums[0]);
  });

  it('ends every thread with the message of the one that failed', async () => {
    const memory = Exchange.allocate(2);
    const said = inThread<string>('waitInVain', memory, 1);
    new Exchange(memory, 0).fail('out of memory');
    expect(await said).toBe('PartnerError: Another thread of training failed: out of memory');
    expect(() => { new Exchange(memory, 0).sum(Float64Array.of(1)); }).toThrow(PartnerError);
  });
});
