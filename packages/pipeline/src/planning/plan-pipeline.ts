import type { StageCatalog } from '../catalog/stage-catalog.js';
import type { StageCodes } from '../keys/stage-codes.js';
import type { Result } from '../store/results.js';
import type { Store } from '../store/store.js';
import { InputError } from './input-error.js';
import type { Pipeline, Point } from './pipeline.js';
import { Planner } from './planner.js';
import type { Reason } from './reasons.js';
import { pointsNamed, wantedPoints } from './wanted-points.js';

/** What would happen to a point. `waits`: whether it runs depends on what upstream points will make. */
export type PlannedPoint = {
  readonly point: string; readonly stage: string; readonly state: 'cached' | 'runs' | 'waits'; readonly reasons: readonly Reason[];
  /** Of the action; null where it depends on what is still to be made. */
  readonly key: string | null;
};

/**
 * Says of each point whether its result is there, and if not why, without running or writing anything.
 *
 * @param options.only  As for a run: names of stages or points, with what they need.
 * @param options.force  Names of stages or points that run even if cached.
 * @throws PipelineError if these name nothing.
 */
export async function planPipeline(pipeline: Pipeline, options: {
  catalog: StageCatalog; codes?: StageCodes; store: Store; only?: readonly string[]; force?: readonly string[]; onDamage?: (message: string) => void;
}): Promise<PlannedPoint[]> {
  const { store, only, force = [], onDamage = () => undefined } = options;
  const planner = new Planner(pipeline, { ...options, onDamage: (point, message) => onDamage(`${point.id}: ${message}`) });
  const forced = pointsNamed(pipeline, force, store);
  const records = new Map<Point, Result>();
  const planned: PlannedPoint[] = [];
  for (const point of wantedPoints(pipeline, only, store)) {
    const about = { point: point.id, stage: point.stage.id };
    const pending = point.upstream.filter((upstream) => !records.has(upstream));
    if (pending.length > 0) {
      const names = pending.map(({ id }) => id);
      planned.push({ ...about, state: 'waits', key: null, reasons: [{ kind: 'upstream', field: names.join(', '), text: `${summarize(names)} will run first` }] });
      continue;
    }
    try {
      const standing = await planner.consider(point, records);
      const { key, record } = standing;
      if (forced.has(point)) planned.push({ ...about, state: 'runs', key, reasons: [{ kind: 'forced', text: '--force' }] });
      else if (record) {
        records.set(point, record);
        planned.push({ ...about, state: 'cached', key, reasons: [] });
      } else planned.push({ ...about, state: 'runs', key, reasons: await planner.explain(point, standing) });
    } catch (cause) {
      if (!(cause instanceof InputError)) throw cause;
      planned.push({ ...about, state: 'runs', key: null, reasons: [{ kind: 'impossible', text: cause.message }] });
    }
  }
  return planned;
}

function summarize(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}
