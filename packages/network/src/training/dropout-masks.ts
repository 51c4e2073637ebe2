import type { RandomStream } from '@memgeo/numerics';
import { sizeOfShape } from '../description/shapes.js';
import type { DropoutMask } from '../model/forward-training.js';

/**
 * Draws the masks of one step of training, each layer's from a stream of its own [srivastava2014dropout].
 *
 * @param random  Stream of the step.
 */
export function dropoutMasks(random: RandomStream): DropoutMask {
  return ({ name, rate }, shape) => {
    const own = random.fork(name);
    const threshold = rate * 2 ** 32;
    const kept = 1 / (1 - rate);
    const mask = new Float32Array(sizeOfShape(shape));
    for (let i = 0; i < mask.length; i++) mask[i] = own.nextUint32() < threshold ? 0 : kept;
    return mask;
  };
}
