/** What happens during a run, for whoever shows it. */
export type RunEvent =
  | { readonly type: 'begin'; readonly pipeline: string; readonly points: readonly { readonly id: string; readonly stage: string; readonly stageName: string }[] }
  | { readonly type: 'cached'; readonly point: string }
  | { readonly type: 'started'; readonly point: string; readonly reasons: readonly string[] }
  | { readonly type: 'waiting'; readonly point: string; readonly holder: string }
  | { readonly type: 'progress'; readonly point: string; readonly done: number; readonly total: number; readonly label: string }
  | { readonly type: 'message'; readonly point: string; readonly level: 'log' | 'warning'; readonly message: string }
  | { readonly type: 'done'; readonly point: string; readonly durationMs: number; readonly peakMemoryBytes: number }
  | { readonly type: 'failed'; readonly point: string; readonly error: string; readonly attempt: number; readonly willRetry: boolean }
  | { readonly type: 'skipped'; readonly point: string; readonly because: string };

export type PointOutcome = 'cached' | 'ran' | 'failed' | 'skipped' | 'interrupted';

/** How a run ended. */
export type RunSummary = {
  readonly pipeline: string;
  readonly outcomes: { readonly [point: string]: PointOutcome };
  readonly errors: { readonly [point: string]: string };
  readonly wasInterrupted: boolean;
  readonly durationMs: number;
  /** Folders that were copied out of the store, by point. */
  readonly exported: { readonly [point: string]: string };
};
