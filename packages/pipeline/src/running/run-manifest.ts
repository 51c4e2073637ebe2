import type { Json } from '@memgeo/artifacts';
import type { PointResult } from './run-event.js';
import type { ProcessIdentity } from '../store/process-identity.js';

/** What a run was and came to: `runs/ID/run.json` in the store, beside `events.jsonl` and the logs of its stages. */
export type RunManifest = {
  readonly format: 2;
  readonly id: string;
  readonly pipeline: string;
  /** Absolute path of the pipeline file. */
  readonly path: string;
  readonly argv: readonly string[];
  readonly overrides: readonly string[];
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly durationMs: number | null;
  readonly state: 'running' | 'done' | 'failed' | 'interrupted';
  readonly process: ProcessIdentity;
  /** Of the folder of the pipeline file; null if it is in no repository. `diff` digests what is not committed, null if nothing. */
  readonly git: { readonly commit: string; readonly diff: string | null } | null;
  /** Versions and hardware. */
  readonly environment: { readonly [name: string]: Json };
  readonly points: readonly ({ readonly point: string; readonly stage: string } & PointResult)[];
};
