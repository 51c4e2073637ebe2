import { expect, test } from '@jest/globals';
import { Slots } from '../src/running/slots.js';

/** Starts work of these wishes at once; returns what each was granted, and how many threads were out at most. */
async function grant(count: number, wishes: readonly number[]): Promise<{ granted: number[]; most: number }> {
  const slots = new Slots(count);
  let [out, most] = [0, 0];
  const granted = await Promise.all(wishes.map((wanted) => slots.use(wanted, async (threads) => {
    out += threads;
    most = Math.max(most, out);
    await new Promise((resolve) => setTimeout(resolve, 5));
    out -= threads;
    return threads;
  })));
  return { granted, most };
}

test('one piece of work gets all the threads it can use', async () => {
  expect((await grant(4, [64])).granted).toEqual([4]);
  expect((await grant(4, [2])).granted).toEqual([2]);
});

test('several pieces share evenly, and never take more than there are', async () => {
  expect((await grant(4, [64, 64])).granted).toEqual([2, 2]);
  const many = await grant(2, [64, 64, 64, 64, 64]);
  expect(many.granted.slice(0, 4)).toEqual([1, 1, 1, 1]);
  expect(many.most).toBe(2);
});

test('what asks for more than there is still starts', async () => {
  expect((await grant(1, [8, 8])).granted).toEqual([1, 1]);
});

test('work starts in the order in which it asked', async () => {
  const slots = new Slots(2);
  const started: number[] = [];
  await Promise.all(Array.from({ length: 6 }, (_, i) => slots.use(1, async () => {
    started.push(i);
    await new Promise((resolve) => setTimeout(resolve, 6 - i));
  })));
  expect(started).toEqual([0, 1, 2, 3, 4, 5]);
});
