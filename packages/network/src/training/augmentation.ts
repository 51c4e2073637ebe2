import type { RandomStream } from '@memgeo/numerics';
import type { Placement } from '../model/examples.js';

export type Augmentation = {
  /** Whether each image is mirrored left to right half of the time. */
  readonly isFlipped: boolean;
  /** Each image is shifted by up to so many pixels in each direction, as if cropped from one with a black border of that width. */
  readonly cropPadding: number;
};

/**
 * Draws how each image of an epoch is changed.
 *
 * An image has a stream of its own, so that neither the order of images nor an interruption matters.
 *
 * @param random  Stream of the epoch.
 * @returns undefined if nothing is to be changed.
 */
export function placements({ isFlipped, cropPadding }: Augmentation, random: RandomStream): ((example: number) => Placement) | undefined {
  if (!isFlipped && cropPadding === 0) return undefined;
  return (example) => {
    const own = random.fork(example);
    const offset = (): number => own.nextInteger(2 * cropPadding + 1) - cropPadding;
    return { isFlipped: isFlipped && own.nextInteger(2) === 1, down: offset(), right: offset() };
  };
}
