import { expect, test } from '@jest/globals';
import { Slots } from '../src/running/slots.js';

test('Slots never shares out more threads than there are, grants no more than that, and serves in order', async () => {
  const slots = new Slots(3);
  let [busy, most] = [0, 0];
  const order: number[] = [];
  await Promise.all([2, 2, 1, 9, 1].map((wanted, i) => slots.use(wanted, async (threads) => {
    expect(threads).toBe(Math.min(wanted, 3));
    busy += threads;
    most = Math.max(most, busy);
    order.push(i);
    await new Promise((resolve) => { setTimeout(resolve, 5); });
    busy -= threads;
  })));
  expect(most).toBe(3);
  expect(order).toEqual([0, 1, 2, 3, 4]);
  await expect(slots.use(1, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
  expect(await slots.use(3, (threads) => Promise.resolve(threads))).toBe(3);
});
