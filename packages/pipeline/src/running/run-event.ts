import type { Reason } from '../planning/reasons.js';
import type { FailureKind } from './failure.js';

/** What happens during a run, for whoever shows it. The event log of a run holds these, each with its time, but for `progress`. */
export type RunEvent =
  | { readonly type: 'begin'; readonly run: string; readonly pipeline: string; readonly points: readonly { readonly id: string; readonly stage: string; readonly stageName: string }[] }
  | { readonly type: 'cached'; readonly point: string; readonly key: string }
  | { readonly type: 'waiting'; readonly point: string; readonly holder: string }
  | { readonly type: 'started'; readonly point: string; readonly key: string; readonly attempt: number; readonly threads: number; readonly reasons: readonly Reason[] }
  | { readonly type: 'progress'; readonly point: string; readonly done: number; readonly total: number; readonly label: string }
  | { readonly type: 'message'; readonly point: string; readonly level: 'log' | 'warning'; readonly message: string }
  | { readonly type: 'done'; readonly point: string; readonly key: string; readonly durationMs: number; readonly peakMemoryBytes: number }
  | { readonly type: 'failed'; readonly point: string; readonly key: string | null; readonly failure: FailureKind; readonly error: string; readonly attempt: number; readonly willRetry: boolean; readonly workFolder: string | null }
  | { readonly type: 'skipped'; readonly point: string; readonly because: string }
  | { readonly type: 'interrupted'; readonly point: string }
  | { readonly type: 'exported'; readonly point: string; readonly folder: string }
  | { readonly type: 'end'; readonly state: 'done' | 'failed' | 'interrupted'; readonly durationMs: number };

/** What the event log of a run holds besides: a result is about to be used, and must not be cleared away. */
export type LogEvent = RunEvent | { readonly type: 'uses'; readonly point: string; readonly key: string };

export type PointOutcome = 'cached' | 'ran' | 'failed' | 'skipped' | 'interrupted';

/** What became of one point. */
export type PointResult = {
  readonly outcome: PointOutcome;
  readonly key: string | null;
  /** Of the execution, also of an earlier one whose result is used. */
  readonly durationMs?: number;
  readonly peakMemoryBytes?: number;
  readonly failure?: FailureKind;
  readonly error?: string;
  /** Where the work of a failed execution is kept. */
  readonly workFolder?: string;
};

/** How a run ended. */
export type RunSummary = {
  /** Its folder under `runs` in the store. */
  readonly run: string;
  readonly pipeline: string;
  readonly results: ReadonlyMap<string, PointResult>;
  readonly wasInterrupted: boolean;
  readonly durationMs: number;
  /** Folders that were copied out of the store, by point. */
  readonly exported: ReadonlyMap<string, string>;
};
