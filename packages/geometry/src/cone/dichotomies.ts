import type { RandomStream } from '@memgeo/numerics';

/** How manifolds are parted in two: half and half, or one from all others. */
export type Dichotomies = 'balanced' | 'oneVersusRest';

/**
 * Draws a random dichotomy of manifolds.
 *
 * An odd number is balanced up to one manifold, the surplus on either side with equal probability.
 *
 * @returns +1 or -1 per manifold, both present; shape (manifoldCount).
 */
export function drawDichotomy(manifoldCount: number, random: RandomStream, kind: Dichotomies = 'balanced'): Float64Array {
  if (kind === 'oneVersusRest') {
    const one = random.nextInteger(manifoldCount);
    return Float64Array.from({ length: manifoldCount }, (_, p) => (p === one ? 1 : -1));
  }
  const surplus = random.nextInteger(2) === 0 ? 1 : -1;
  return Float64Array.from(random.shuffle(Array.from({ length: manifoldCount }, (_, p) => (p % 2 === 0 ? surplus : -surplus))));
}
