import { describe, expect, test } from '@jest/globals';
import { ExampleRecords } from '../../src/index.js';

/** One example of label 0 and two classes; its margins by epoch. */
const recordOf = (margins: readonly number[]) => {
  const records = new ExampleRecords(1);
  margins.forEach((margin, i) => records.add([0], Float32Array.of(margin, 0), { epoch: i + 1, labels: [0] }));
  return records.of(0);
};

describe('ExampleRecords', () => {
  test('counts an event each time what was known is not known any more', () => {
    expect(recordOf([-1, 2, 3, -1, 4, -2, 1])).toEqual({ epochs: 7, firstLearnedEpoch: 2, learnedForGoodEpoch: 7, forgettingEvents: 2, areaUnderMargin: 6 / 7, finalMargin: 1 });
  });

  test('what is never known has no epochs, and what is known to the end from the start has the same for both', () => {
    expect(recordOf([-1, -2])).toMatchObject({ firstLearnedEpoch: null, learnedForGoodEpoch: null, forgettingEvents: 0, areaUnderMargin: -1.5 });
    expect(recordOf([1, 2])).toMatchObject({ firstLearnedEpoch: 1, learnedForGoodEpoch: 1, forgettingEvents: 0 });
    expect(recordOf([1, -2])).toMatchObject({ firstLearnedEpoch: 1, learnedForGoodEpoch: null, forgettingEvents: 1, finalMargin: -2 });
  });

  test('the margin is that of the assigned label over the largest other logit, and a tie is no knowledge', () => {
    const records = new ExampleRecords(4);
    records.add([2, 0], Float32Array.of(1, 5, 3, 2, 2, 0), { epoch: 1, labels: [0, 9, 2, 9] });
    expect(records.of(2)).toMatchObject({ epochs: 1, finalMargin: -2 });
    expect(records.of(0)).toMatchObject({ finalMargin: 0, firstLearnedEpoch: null });
    expect(records.of(1).epochs).toBe(0);
  });

  test('goes on from its counts', () => {
    const first = new ExampleRecords(1);
    first.add([0], Float32Array.of(1, 0), { epoch: 1, labels: [0] });
    const second = new ExampleRecords(1, first.counts);
    second.add([0], Float32Array.of(-1, 0), { epoch: 2, labels: [0] });
    expect(second.of(0)).toEqual(recordOf([1, -1]));
  });
});
