import { describe, expect, test } from '@jest/globals';
import { logEpochs } from '../../src/plan/log-epochs.js';
import { planEpochs } from '../../src/plan/plan-epochs.js';

const plan = (checkpoints: Parameters<typeof planEpochs>[0]['checkpoints'], { epochs = 30, stepsPerEpoch = 100, evaluate = 'log' }: { epochs?: number; stepsPerEpoch?: number; evaluate?: Parameters<typeof planEpochs>[0]['evaluate'] } = {}) =>
  planEpochs({ checkpoints, evaluate, epochs }, { stepsPerEpoch });
const epochsOf = (moments: readonly { epoch: number }[]) => moments.map(({ epoch }) => epoch);

describe('logEpochs()', () => {
  test('whole epochs are round and even on a log scale, with the first and the last', () => {
    expect(logEpochs({ from: 1, to: 30, isWhole: true })).toEqual([0, 1, 2, 3, 5, 7, 10, 15, 20, 30]);
    expect(logEpochs({ from: 1, to: 200, isWhole: true })).toEqual([0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200]);
    expect(logEpochs({ from: 1, to: 12, isWhole: true })).toEqual([0, 1, 2, 3, 5, 7, 10, 12]);
    expect(logEpochs({ from: 1, to: 1, isWhole: true })).toEqual([0, 1]);
  });

  test('parts of the first epoch are the same digits', () => {
    expect(logEpochs({ from: 0.01, to: 2, isWhole: false })).toEqual([0, 0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2]);
  });
});

describe('planEpochs()', () => {
  test('all is every epoch, and evaluation is even on a log scale whatever checkpoints are kept', () => {
    const { checkpoints, evaluations } = plan('all', { epochs: 8 });
    expect(epochsOf(checkpoints)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(evaluations).toEqual([0, 1, 2, 3, 5, 7, 8].map((epoch) => ({ epoch, step: epoch * 100 })));
  });

  test('an epoch that a checkpoint is asked of is evaluated too', () => {
    expect(epochsOf(plan([0.25, 4], { epochs: 8 }).evaluations)).toEqual([0, 0.25, 1, 2, 3, 4, 5, 7, 8]);
    expect(epochsOf(plan([8], { epochs: 8, evaluate: { every: 3 } }).evaluations)).toEqual([0, 3, 6, 8]);
    expect(epochsOf(plan('all', { epochs: 4, evaluate: 'all' }).evaluations)).toEqual([0, 1, 2, 3, 4]);
  });

  test('lists, steps of epochs and log scales give checkpoints in order, each once', () => {
    expect(epochsOf(plan([3, 0, 3]).checkpoints)).toEqual([0, 3]);
    expect(epochsOf(plan({ every: 7 }).checkpoints)).toEqual([0, 7, 14, 21, 28, 30]);
    expect(epochsOf(plan('log').checkpoints)).toEqual([0, 1, 2, 3, 5, 7, 10, 15, 20, 30]);
  });

  test('parts of an epoch are rounded to steps; on a log scale those shorter than a step or within one of another are left out', () => {
    expect(plan([0.333, 2.5]).checkpoints).toEqual([{ epoch: 0.333, step: 33 }, { epoch: 2.5, step: 250 }]);
    const { checkpoints } = plan({ logFrom: 0.001 }, { epochs: 2, stepsPerEpoch: 20 });
    expect(checkpoints.slice(0, 4)).toEqual([{ epoch: 0, step: 0 }, { epoch: 0.05, step: 1 }, { epoch: 0.1, step: 2 }, { epoch: 0.15, step: 3 }]);
    expect(new Set(checkpoints.map(({ step }) => step)).size).toBe(checkpoints.length);
  });

  test('two epochs of a list on one step, or one shorter than a step, are refused with what to do', () => {
    expect(() => plan([0.01, 0.012])).toThrow(/0\.01 and 0\.012 are both after step 1, for an epoch has 100/);
    expect(() => plan([0.001], { stepsPerEpoch: 72 })).toThrow(/got 0\.001, and an epoch has 72 steps\. Begin at 0\.014/);
  });
});
