import type { Estimate } from './estimate.js';
import type { Run } from './runs.js';

/** What a threshold follows from. */
export const sources = {
  vgg: 'ours: 9 runs of a small VGG on embedded glyphs, docs/science.md#thresholds',
  mlp: 'ours: 3 runs of a fully connected network on embedded glyphs, docs/science.md#thresholds',
  sweep: 'ours: 6 sweeps of a small fully connected network on embedded glyphs, docs/science.md#thresholds',
  definition: 'by definition',
  user: 'set in the pipeline',
} as const;

/** Where a criterion is decided, and why there. */
export type Threshold = { readonly value: number; readonly source: string };

/** One number that a claim depends on. */
export type Criterion = {
  readonly name: string;
  /** What is measured, in words; layers and epochs follow in parentheses. */
  readonly statistic: string;
  readonly comparison: 'above' | 'below';
  readonly threshold: Threshold;
  /** Where it is decided for a fully connected network, if elsewhere; or that of such networks the claim is not made. */
  readonly fullyConnected?: Threshold | 'not claimed';
  /** What the interval answers for with one seed. */
  readonly over: 'examples' | 'classes';
  /** Values possible. */
  readonly range?: readonly [number, number];
  /** Whether the claim depends on it. Default true. */
  readonly isDeciding?: boolean;
  /** Why nothing can be judged on the wrong side of the threshold, for what a claim takes for granted. */
  readonly isPrecondition?: string;
  /** Measures one run; the others are there to choose by, where choosing on the run itself would favor it. @throws NotMeasured if the run has no such value. */
  readonly measure: (run: Run, runs: readonly Run[]) => Estimate;
  /** What else a reader must know; undefined or empty for nothing. */
  readonly remark?: (run: Run, runs: readonly Run[]) => string | undefined;
};

/** A claim and what it depends on. */
export type ClaimDefinition = { readonly name: string; readonly statement: string; readonly criteria: readonly Criterion[] };

/** A threshold that runs of ours suggest; they were not all independent. */
export function ours(value: number, source: 'vgg' | 'mlp' | 'sweep'): Threshold {
  return { value, source: sources[source] };
}

/** A threshold that the claim itself sets. */
export function byDefinition(value: number): Threshold {
  return { value, source: sources.definition };
}

/** Fractions. */
export const fraction = [0, 1] as const;
