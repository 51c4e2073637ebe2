import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PointResult, RunEvent } from '../running/run-event.js';
import type { RunManifest } from '../running/run-manifest.js';
import type { Run } from './runs.js';

/** Of a point that has not come to an end: `running` or `open`. */
export type RunPoint = { readonly point: string; readonly stage: string } & (PointResult | { readonly outcome: 'running' | 'open'; readonly key: string | null });

/** What became of each point so far: by the manifest, or by the events of a run that has not come to write it. */
export function pointsOf(run: Run): readonly RunPoint[] {
  return run.manifest.points.length > 0 ? run.manifest.points : pointsSoFar(readEvents(run), run.state === 'running');
}

/** The events of a run in their order; lines that are torn or foreign are left out. */
export function readEvents({ folder }: Pick<Run, 'folder'>): ({ readonly time: string } & RunEvent)[] {
  let text: string;
  try {
    text = readFileSync(join(folder, 'events.jsonl'), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    try {
      const event = JSON.parse(line) as { readonly time: string } & RunEvent;
      return typeof event.type === 'string' ? [event] : [];
    } catch {
      return [];
    }
  });
}

function pointsSoFar(events: readonly RunEvent[], isRunning: boolean): RunPoint[] {
  const points = new Map<string, RunPoint>();
  const set = (point: string, result: { readonly outcome: RunPoint['outcome'] } & Omit<PointResult, 'outcome'>): void => {
    const known = points.get(point);
    if (known) points.set(point, { point, stage: known.stage, ...result } as RunPoint);
  };
  for (const event of events) {
    switch (event.type) {
      case 'begin':
        for (const { id, stage } of event.points) points.set(id, { point: id, stage, outcome: 'open', key: null });
        break;
      case 'cached':
        set(event.point, { outcome: 'cached', key: event.key });
        break;
      case 'started':
        set(event.point, { outcome: isRunning ? 'running' : 'interrupted', key: event.key });
        break;
      case 'done':
        set(event.point, { outcome: 'ran', key: event.key, durationMs: event.durationMs, peakMemoryBytes: event.peakMemoryBytes });
        break;
      case 'failed':
        if (!event.willRetry) set(event.point, { outcome: 'failed', key: event.key, failure: event.failure, error: event.error, ...(event.workFolder === null ? {} : { workFolder: event.workFolder }) });
        break;
      case 'skipped':
      case 'interrupted':
        set(event.point, { outcome: event.type, key: points.get(event.point)?.key ?? null });
        break;
      default:
    }
  }
  return [...points.values()];
}

/** Finds the runs in which actions were executed. */
export class Executions {
  readonly #runs: Iterator<Run>;
  readonly #found = new Map<string, RunManifest>();

  /** @param runs  Newest first; read only as far as needed. */
  constructor(runs: Iterable<Run>) {
    this.#runs = runs[Symbol.iterator]();
  }

  /** The latest run that executed an action; undefined if none is known. */
  of(key: string): RunManifest | undefined {
    while (!this.#found.has(key)) {
      const next = this.#runs.next();
      if (next.done === true) return undefined;
      for (const point of pointsOf(next.value)) if (point.outcome === 'ran' && point.key !== null && !this.#found.has(point.key)) this.#found.set(point.key, next.value.manifest);
    }
    return this.#found.get(key);
  }
}
