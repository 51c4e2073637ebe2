import { RandomStream } from '@memgeo/numerics';
import { placements, type Augmentation } from './augmentation.js';
import { dropoutMasks } from './dropout-masks.js';
import type { EpochOptions } from './trainer.js';

/** What makes an epoch, or the part of one between two steps, as data that other threads can be told. */
export type EpochWork = {
  readonly batchSize: number;
  /** By step of this part. */
  readonly learningRates: readonly number[];
  /** How images are changed, by the stream of the epoch. */
  readonly augmentation?: Augmentation & { readonly stream: string };
  /** Stream of the epoch, and the step of the epoch that this part begins with. */
  readonly dropout?: { readonly stream: string; readonly firstStep: number };
};

/** What a trainer is told of it. */
export function epochOptions({ batchSize, learningRates, augmentation, dropout }: EpochWork): EpochOptions {
  return {
    batchSize,
    learningRateAt: (step) => learningRates[step]!,
    ...(augmentation ? { placementOf: placements(augmentation, new RandomStream(augmentation.stream)) } : {}),
    ...(dropout ? { dropoutMaskAt: (step) => dropoutMasks(new RandomStream(dropout.stream).fork(dropout.firstStep + step)) } : {}),
  };
}
