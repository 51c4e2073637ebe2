import type { RewindingRow } from '@memgeo/artifacts';
import type { Located } from '../rows/gather.js';
import { formatNumber } from '../drawing/format-number.js';
import { linePoints } from './line-points.js';

/** The treatments of batch normalization, the one to trust first. */
export const treatments = ['reestimated', 'none', 'rewound', 'kept'] as const;

const treatmentWords = new Map(Object.entries({
  reestimated: 'with the statistics of batch normalization estimated again on the training images',
  none: 'in a network without batch normalization',
  rewound: 'with the statistics of batch normalization set back too',
  kept: 'with the final statistics of batch normalization kept',
}));

/** How networks of a treatment of batch normalization were evaluated; one of the user's is named. */
export function describeTreatment(treatment: string): string {
  return treatmentWords.get(treatment) ?? treatment;
}

/** Rows of networks with stored weights and read-outs, under the treatment to trust most that there is. */
export function mainRewinding(rows: readonly Located<RewindingRow>[]): { readonly rows: Located<RewindingRow>[]; readonly treatment: string } {
  const stored = storedRewinding(rows);
  const present = new Set(stored.filter(isPart).map((row) => row.batchNorm));
  const treatment = treatments.find((name) => present.has(name)) ?? [...present][0] ?? 'none';
  return { rows: stored.filter((row) => !isPart(row) || row.batchNorm === treatment), treatment };
}

/** Rows of networks whose layers were set back to what they were, not to fresh weights or fitted read-outs. */
export function storedRewinding(rows: readonly Located<RewindingRow>[]): Located<RewindingRow>[] {
  return rows.filter((row) => row.weights === 'stored' && row.readout === 'stored');
}

/** Whether a row is of a network of which a part was set back. */
export function isPart({ variant }: Pick<RewindingRow, 'variant'>): boolean {
  return variant === 'single' || variant === 'tail';
}

/** Mean accuracy of a whole network as it was, final or best, on a set; undefined if it was not measured. */
export function wholeAccuracy(rows: readonly Located<RewindingRow>[], variant: 'final' | 'best', set: string): number | undefined {
  const found = rows.filter((row) => row.variant === variant && row.set === set && row.measure === 'accuracy');
  const asItWas = found.filter((row) => row.batchNorm !== 'reestimated');
  return linePoints(asItWas.length > 0 ? asItWas : found, () => 0)[0]?.y;
}

/** Says what the final and the best network reach, as far as it was measured. */
export function describeEnds(rows: readonly Located<RewindingRow>[]): string {
  const say = (variant: 'final' | 'best', name: string): string => {
    const values = ['test', 'permuted'].flatMap((set) => {
      const value = wholeAccuracy(rows, variant, set);
      return value === undefined ? [] : [`${set} ${formatNumber(value)}`];
    });
    return values.length === 0 ? '' : ` ${name}: ${values.join(', ')}.`;
  };
  const epochs = [...new Set(rows.filter((row) => row.variant === 'best').map((row) => row.epoch))].sort((a, b) => a - b);
  return say('final', 'The final network') + say('best', `The network of the best test epoch${epochs.length === 1 ? `, ${epochs[0]}` : ''}`);
}

/**
 * Rows of networks set back to the best test epoch, each run to its own, as far as a row of the best network tells it.
 *
 * @param options.bestEpoch  The epoch where no row tells it; without either, the epoch that restores most is taken.
 */
export function atBestEpoch(rows: readonly Located<RewindingRow>[], { bestEpoch }: { bestEpoch?: number | undefined }): Located<RewindingRow>[] {
  const runOf = (row: Located<RewindingRow>): string => JSON.stringify(row.coordinates ?? null);
  const told = new Map(rows.filter((row) => row.variant === 'best').map((row) => [runOf(row), row.epoch]));
  const parts = rows.filter(isPart);
  const known = parts.filter((row) => row.epoch === (told.get(runOf(row)) ?? bestEpoch));
  if (known.length > 0) return known;
  const scored = linePoints(parts.filter((row) => row.set === 'test' && row.measure === 'accuracy'), (row) => row.epoch);
  const most = scored.reduce<{ x: number | string; y: number } | undefined>((best, point) => (best === undefined || point.y > best.y ? point : best), undefined);
  return parts.filter((row) => row.epoch === most?.x);
}
