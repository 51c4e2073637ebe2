import type { HistoryRow } from '@memgeo/artifacts';
import { StageError } from '@memgeo/stage';

/**
 * Finds the epoch of the highest test accuracy among those with a checkpoint; of several the earliest.
 *
 * @returns undefined if no test accuracy of these epochs is known.
 */
export function findBestEpoch(accuracies: readonly Pick<HistoryRow, 'epoch' | 'set' | 'accuracy'>[], epochs: readonly number[]): number | undefined {
  const known = accuracies.filter(({ set, epoch }) => set === 'test' && epochs.includes(epoch)).sort((a, b) => a.epoch - b.epoch);
  return known.reduce<(typeof known)[number] | undefined>((best, row) => (best === undefined || row.accuracy > best.accuracy ? row : best), undefined)?.epoch;
}

/**
 * Turns what the user wrote into epochs, ascending.
 *
 * @throws StageError if one has no checkpoint, or the best is asked for and unknown.
 */
export function resolveEpochs(
  wanted: 'all' | readonly (number | 'best')[], { epochs, bestEpoch, stage }: { epochs: readonly number[]; bestEpoch: number | undefined; stage: string },
): number[] {
  if (wanted === 'all') return [...epochs];
  const resolved = wanted.map((epoch) => {
    if (epoch !== 'best') return epoch;
    if (bestEpoch === undefined) throw new StageError(`${stage}: epochs has "best", but there are no test examples to tell which is; name epochs among ${epochs.join(', ')}.`);
    return bestEpoch;
  });
  const missing = resolved.find((epoch) => !epochs.includes(epoch));
  if (missing !== undefined) throw new StageError(`${stage}: there is no checkpoint of epoch ${missing}; those there are: ${epochs.join(', ')}. Change epochs, or keep more checkpoints in training.`);
  return [...new Set(resolved)].sort((a, b) => a - b);
}
