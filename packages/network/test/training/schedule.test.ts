import { describe, expect, test } from '@jest/globals';
import { learningRateAt, type LearningRateSchedule } from '../../src/index.js';

const [learningRate, stepsPerEpoch, epochs] = [0.4, 5, 8];
const rates = (schedule: LearningRateSchedule): number[] => Array.from({ length: epochs * stepsPerEpoch }, (_, step) => learningRateAt(step, { learningRate, schedule, stepsPerEpoch, epochs }));

describe('learningRateAt()', () => {
  test('constant is the full rate at every step', () => {
    expect(new Set(rates({ kind: 'constant' }))).toEqual(new Set([0.4]));
  });

  test('step falls by its factor from each milestone on, at the first step after so many epochs', () => {
    const found = rates({ kind: 'step', milestones: [2, 6], factor: 0.1 });
    found.forEach((rate, step) => expect(rate).toBeCloseTo(step < 10 ? 0.4 : step < 30 ? 0.04 : 0.004, 12));
  });

  test('cosine is half a cosine over all steps: full, middle and end in closed form', () => {
    const found = rates({ kind: 'cosine', final: 0 });
    expect(found[0]).toBe(0.4);
    expect(found[20]).toBeCloseTo(0.2, 12);
    expect(found[10]).toBeCloseTo(0.2 * (1 + Math.SQRT1_2), 12);
    expect(learningRateAt(40, { learningRate, schedule: { kind: 'cosine', final: 0.25 }, stepsPerEpoch, epochs })).toBeCloseTo(0.1, 12);
    found.slice(1).forEach((rate, i) => expect(rate).toBeLessThan(found[i]!));
  });

  test('warm-up rises linearly by steps to the full rate, and the cosine begins after it', () => {
    for (const schedule of [{ kind: 'constant' }, { kind: 'step', milestones: [7], factor: 0.1 }, { kind: 'cosine', final: 0 }] as const) {
      const found = rates({ ...schedule, warmupEpochs: 2 });
      found.slice(0, 10).forEach((rate, step) => expect(rate).toBeCloseTo((0.4 * (step + 1)) / 10, 12));
      expect(found[10]).toBeCloseTo(0.4, 12);
    }
    expect(rates({ kind: 'cosine', final: 0, warmupEpochs: 2 })[25]).toBeCloseTo(0.2, 12);
  });

  test('a warm-up may last a part of an epoch', () => {
    expect(rates({ kind: 'constant', warmupEpochs: 0.4 }).slice(0, 3).map((rate) => Number(rate.toFixed(12)))).toEqual([0.2, 0.4, 0.4]);
  });
});
