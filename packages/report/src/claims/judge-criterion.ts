import type { ClaimsRow } from '@memgeo/artifacts';
import { sources, type Criterion, type Threshold } from './criterion.js';
import { joinPlaces, type Estimate } from './estimate.js';
import { isFullyConnected } from './network-kind.js';
import { NotMeasured } from './not-measured.js';
import { repeatInterval } from './repeat-interval.js';
import type { Run } from './runs.js';
import type { ClaimVerdict } from './verdict.js';

/** What a row says besides which claim it belongs to. */
export type JudgedCriterion = Omit<ClaimsRow, 'claim' | 'statement'>;

/**
 * Judges one criterion: its mean over seeds, its interval, and on which side of the threshold the interval lies.
 *
 * With two seeds or more the interval is Student's over seeds; with one it is that of the run itself.
 *
 * @param runs  One for each seed.
 * @param options.threshold  Replaces the threshold of the criterion.
 * @param options.remarks  What is to be said of every criterion that has a value.
 */
export function judgeCriterion(criterion: Criterion, runs: readonly Run[], { threshold, remarks: common = [] }: { threshold?: number | undefined; remarks?: readonly string[] } = {}): JudgedCriterion {
  const { measured, missing } = measureRuns(criterion, runs);
  const values = measured.map(({ value }) => value);
  const { doubts, ...place } = joinPlaces(measured);
  const isRepeated = measured.length > 1;
  const range = values.length === 0 ? { value: null, lower: null, upper: null } : clip(isRepeated ? atLeastWithin(repeatInterval(values), measured) : measured[0]!, criterion.range);
  const decided = chooseThreshold(criterion, runs, threshold);
  const { verdict, reasons } = decide({ criterion, range, doubts, missing, seeds: measured.length, threshold: decided.value });
  const gaps = measured.length > 0 ? missing.map(({ reason, count }) => `${count} of ${runs.length} seeds without a value: ${reason}`) : [];
  const own = criterion.remark === undefined || measured.length === 0 ? [] : [...new Set(runs.map((run) => sayOf(() => criterion.remark!(run, runs))))].filter((remark) => remark !== undefined && remark !== '');
  return {
    criterion: criterion.name,
    statistic: describe(criterion.statistic, place),
    ...range,
    intervalOver: range.lower === null && range.upper === null ? 'nothing' : isRepeated ? 'seeds' : criterion.over,
    seeds: measured.length,
    comparison: criterion.comparison,
    threshold: decided.value,
    thresholdSource: decided.source,
    isDeciding: (criterion.isDeciding ?? true) && !(criterion.fullyConnected === 'not claimed' && runs.some(isFullyConnected)),
    verdict,
    reason: [...reasons, ...gaps, ...own, ...(measured.length === 0 ? [] : common)].join('; '),
  };
}

/** The estimate of each run that has one, and the reasons of the others. */
function measureRuns({ measure }: Criterion, runs: readonly Run[]): { measured: Estimate[]; missing: { reason: string; count: number }[] } {
  const measured: Estimate[] = [];
  const missing = new Map<string, number>();
  for (const run of runs) {
    try {
      measured.push(measure(run, runs));
    } catch (error) {
      if (!(error instanceof NotMeasured)) throw error;
      missing.set(error.message, (missing.get(error.message) ?? 0) + 1);
    }
  }
  return { measured, missing: [...missing].map(([reason, count]) => ({ reason, count })) };
}

type Case = {
  readonly criterion: Criterion;
  readonly range: Pick<ClaimsRow, 'value' | 'lower' | 'upper'>;
  readonly doubts: readonly string[];
  readonly missing: readonly { readonly reason: string }[];
  readonly seeds: number;
  readonly threshold: number;
};

/** The verdict and what it rests on. */
function decide({ criterion, range: { value, lower, upper }, doubts, missing, seeds, threshold }: Case): { verdict: ClaimVerdict; reasons: readonly string[] } {
  const open = (...reasons: string[]): { verdict: ClaimVerdict; reasons: readonly string[] } => ({ verdict: 'cannot be judged', reasons });
  if (value === null) return open(...missing.map(({ reason }) => reason));
  if (doubts.length > 0) return open(...doubts);
  // Runs without a value are seldom a random choice: those that never memorized have no delay.
  if (missing.length > 0) return open('not every seed has a value');
  if (lower === null && upper === null) return open('one seed without a known error');
  const isAbove = lower !== null && lower > threshold;
  const isBelow = upper !== null && upper < threshold;
  const repeats = seeds === 1 ? ['one seed: this run only'] : [];
  if (!isAbove && !isBelow) return open(`the interval contains the threshold${seeds === 2 ? '; two seeds leave it wide' : ''}`, ...repeats);
  if (isAbove === (criterion.comparison === 'above')) return { verdict: 'shown', reasons: repeats };
  return criterion.isPrecondition === undefined ? { verdict: 'not shown', reasons: repeats } : open(criterion.isPrecondition, ...repeats);
}

/** An interval over repeats, at least as wide as what is known of the error of their mean: few repeats may agree by chance. */
function atLeastWithin({ value, lower, upper }: ReturnType<typeof repeatInterval>, measured: readonly Estimate[]): ReturnType<typeof repeatInterval> {
  if (lower === null || upper === null) return { value, lower, upper };
  const end = (distances: readonly (number | null)[]): number => Math.sqrt(distances.reduce<number>((sum, distance) => sum + (distance ?? 0) ** 2, 0)) / measured.length;
  return {
    value,
    lower: Math.min(lower, value - end(measured.map((one) => one.lower === null ? null : one.value - one.lower))),
    upper: Math.max(upper, value + end(measured.map((one) => one.upper === null ? null : one.upper - one.value))),
  };
}

function chooseThreshold({ threshold, fullyConnected }: Criterion, runs: readonly Run[], replacement: number | undefined): Threshold {
  if (replacement !== undefined) return { value: replacement, source: sources.user };
  return fullyConnected !== undefined && fullyConnected !== 'not claimed' && runs.some(isFullyConnected) ? fullyConnected : threshold;
}

function clip<R extends { readonly value: number; readonly lower: number | null; readonly upper: number | null }>({ value, lower, upper }: R, range: Criterion['range']): { value: number; lower: number | null; upper: number | null } {
  const inside = (end: number | null): number | null => (end === null || range === undefined ? end : Math.min(range[1], Math.max(range[0], end)));
  return { value, lower: inside(lower), upper: inside(upper) };
}

/** The statistic with its layers and epochs, as in "... at the end (dense1.relu, epoch 30)". */
function describe(statistic: string, { layers, epochs }: Pick<Estimate, 'layers' | 'epochs'>): string {
  const parts = [...(layers.length > 0 ? [layers.join(' or ')] : []), ...(epochs.length > 0 ? [`${epochs.length > 1 ? 'epochs' : 'epoch'} ${epochs.join(', ')}`] : [])];
  return parts.length === 0 ? statistic : `${statistic} (${parts.join(', ')})`;
}

/** A remark needs values too, and there may be none. */
function sayOf(say: () => string | undefined): string | undefined {
  try {
    return say();
  } catch (error) {
    if (error instanceof NotMeasured) return undefined;
    throw error;
  }
}
