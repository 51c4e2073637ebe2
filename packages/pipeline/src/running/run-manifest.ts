import { join } from 'node:path';
import type { Pipeline, Point } from '../planning/pipeline.js';
import type { ActionRecord } from '../store/record.js';
import { writeWhole, type Store } from '../store/store.js';
import type { RunSummary } from './run-event.js';

/** Writes down how a run went: which point stood for which action, and what failed why. */
export async function writeRunManifest(pipeline: Pipeline, summary: RunSummary, records: ReadonlyMap<Point, ActionRecord>, store: Store): Promise<void> {
  const finishedAt = new Date().toISOString();
  const points = pipeline.points.filter(({ id }) => id in summary.outcomes).map((point) => ({
    point: point.id, outcome: summary.outcomes[point.id], key: records.get(point)?.key ?? null, error: summary.errors[point.id] ?? null,
  }));
  const manifest = { format: 1, pipeline: pipeline.name, path: pipeline.path, finishedAt, durationMs: summary.durationMs, wasInterrupted: summary.wasInterrupted, node: process.version, points };
  // A disk that is full has been reported by then.
  await writeWhole(join(store.folder, 'runs', `${finishedAt.replaceAll(':', '-')}-${process.pid}.json`), JSON.stringify(manifest, null, 1)).catch(() => undefined);
}
