import type { NetworkDescription } from './network-spec.js';

/** What images were normalized by, for values from 0 to 1: one number for all channels, or a list of one for each. */
export type InputNormalization = { readonly mean: number | readonly number[]; readonly standardDeviation: number | readonly number[] };

/**
 * Lists mean and standard deviation of each channel, the same for all where there is one number.
 *
 * @throws RangeError if a list has not a number for each channel, a number is not finite or a deviation not above 0.
 */
export function channelNormalization({ inputShape, normalization }: Pick<NetworkDescription, 'inputShape' | 'normalization'>): { mean: number; standardDeviation: number }[] {
  const channels = inputShape[2];
  const listOf = (value: number | readonly number[]) => (typeof value === 'number' ? new Array<number>(channels).fill(value) : value);
  const [means, deviations] = [listOf(normalization.mean), listOf(normalization.standardDeviation)];
  if (means.length !== channels || deviations.length !== channels || ![...means, ...deviations].every(Number.isFinite) || !deviations.every((value) => value > 0)) {
    throw new RangeError(`normalization.mean and normalization.standardDeviation must each be a finite number or a list of ${channels}, one for each channel, and deviations above 0; got ${shown(normalization.mean)} and ${shown(normalization.standardDeviation)}.`);
  }
  return means.map((mean, channel) => ({ mean, standardDeviation: deviations[channel]! }));
}

function shown(value: number | readonly number[]): string {
  return typeof value === 'number' ? String(value) : `[${value.join(', ')}]`;
}
