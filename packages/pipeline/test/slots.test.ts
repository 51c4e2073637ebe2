import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Slots, type Grant, type Request } from '../src/running/slots.js';

const pause = (ms = 5) => new Promise((resolve) => { setTimeout(resolve, ms); });
const plenty = { memoryBytes: 1e12, accelerators: 0 };

/** Runs pieces of work at once and says what each was granted, and in which order they began. */
async function share(slots: Slots, requests: readonly Request[]): Promise<{ grants: Grant[]; order: number[] }> {
  const order: number[] = [];
  const grants = await Promise.all(requests.map((request, i) => slots.use(request, async (grant) => {
    order.push(i);
    await pause();
    return grant;
  })));
  return { grants, order };
}
const threads = ({ grants }: { grants: Grant[] }) => grants.map((grant) => grant.threads);

describe('Slots', () => {
  test('give one piece of work all the threads it can use', async () => {
    expect(threads(await share(new Slots({ threads: 4, ...plenty }), [{ threads: 8 }]))).toEqual([4]);
    expect(threads(await share(new Slots({ threads: 4, ...plenty }), [{ threads: 2 }]))).toEqual([2]);
  });

  test('share threads evenly among what is ready at the same time', async () => {
    expect(threads(await share(new Slots({ threads: 4, ...plenty }), [{ threads: 8 }, { threads: 8 }]))).toEqual([2, 2]);
    expect(threads(await share(new Slots({ threads: 2, ...plenty }), [{ threads: 8 }, { threads: 8 }, { threads: 8 }]))).toEqual([1, 1, 1]);
  });

  test('work that needs memory waits until it is free; what needs less goes before it', async () => {
    const slots = new Slots({ threads: 8, memoryBytes: 10, accelerators: 0 });
    expect((await share(slots, [{ threads: 1, memoryBytes: 8 }, { threads: 1, memoryBytes: 8 }, { threads: 1, memoryBytes: 2 }])).order).toEqual([0, 2, 1]);
  });

  test('work that asks for more than there is has it all to itself', async () => {
    const slots = new Slots({ threads: 2, memoryBytes: 10, accelerators: 1 });
    const { order } = await share(slots, [{ threads: 1, memoryBytes: 99 }, { threads: 1, memoryBytes: 1 }, { threads: 1, accelerators: 5 }]);
    expect(order).toEqual([0, 2, 1]);
  });

  test('accelerators are told apart by number, and none is given twice', async () => {
    const { grants } = await share(new Slots({ threads: 8, memoryBytes: 0, accelerators: 3 }), [{ threads: 1, accelerators: 2 }, { threads: 1, accelerators: 1 }, { threads: 1 }]);
    expect(grants.map(({ accelerators }) => accelerators)).toEqual([[0, 1], [2], []]);
  });

  test('failing work gives back what it had', async () => {
    const slots = new Slots({ threads: 1, memoryBytes: 1, accelerators: 1 });
    await expect(slots.use({ threads: 1, memoryBytes: 1, accelerators: 1 }, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect((await share(slots, [{ threads: 1, memoryBytes: 1, accelerators: 1 }])).grants).toEqual([{ threads: 1, accelerators: [0] }]);
  });

  test('never give out more than there is, and everything gets its turn', async () => {
    const request = fc.record({ threads: fc.integer({ min: 1, max: 5 }), memoryBytes: fc.integer({ min: 0, max: 12 }), accelerators: fc.integer({ min: 0, max: 3 }), ms: fc.integer({ min: 0, max: 3 }) });
    await fc.assert(fc.asyncProperty(fc.array(request, { maxLength: 20 }), async (requests) => {
      const slots = new Slots({ threads: 3, memoryBytes: 10, accelerators: 2 });
      const used = { threads: 0, memoryBytes: 0, accelerators: 0 };
      let done = 0;
      await Promise.all(requests.map((one) => slots.use(one, async (grant) => {
        const taken = { threads: grant.threads, memoryBytes: Math.min(10, one.memoryBytes), accelerators: grant.accelerators.length };
        for (const name of ['threads', 'memoryBytes', 'accelerators'] as const) used[name] += taken[name];
        expect(used.threads <= 3 && used.memoryBytes <= 10 && used.accelerators <= 2).toBe(true);
        await pause(one.ms);
        for (const name of ['threads', 'memoryBytes', 'accelerators'] as const) used[name] -= taken[name];
        done++;
      })));
      expect(done).toBe(requests.length);
    }), { seed: 5, numRuns: 40 });
  });
});
