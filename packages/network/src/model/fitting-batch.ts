import type { Layer } from '../description/layer.js';
import { sizeOfShape } from '../description/shapes.js';

/** Images per forward pass in evaluation, where memory is no limit. */
export const evaluationBatch = 100;

/** Float32 values of a batch in evaluation, as far as it is up to the size of the batch: some 320 MB. */
const batchValues = 80e6;

/**
 * Tells how many images fit in a pass in evaluation: the largest layer three times, as input, output and padded, and the outputs that are tapped.
 *
 * @param options.most  Where memory is no limit; beyond some tens, larger batches are no faster.
 */
export function fittingBatch(layers: readonly Layer[], { taps, most }: { taps: readonly string[]; most: number }): number {
  const sizes = new Map(layers.map(({ name, shape }) => [name, sizeOfShape(shape)]));
  const perImage = 3 * Math.max(...sizes.values()) + taps.reduce((sum, tap) => sum + (sizes.get(tap) ?? 0), 0);
  return Math.max(1, Math.min(most, Math.floor(batchValues / perImage)));
}
