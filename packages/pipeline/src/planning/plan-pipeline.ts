import { actionKey } from '../keys/action-key.js';
import type { StageCatalog } from '../catalog/stage-catalog.js';
import type { ActionRecord } from '../store/record.js';
import type { Store } from '../store/store.js';
import { ActionMaker, InputError } from './action.js';
import { explain } from './explain.js';
import type { Pipeline, Point } from './pipeline.js';

/** What would happen to a point. `waits`: whether it runs depends on what upstream points will make. */
export type PlannedPoint = { readonly point: string; readonly stage: string; readonly state: 'cached' | 'runs' | 'waits'; readonly reasons: readonly string[] };

/** Says of each point whether its result is there, and if not why, without running anything. */
export async function planPipeline(pipeline: Pipeline, options: { catalog: StageCatalog; store: Store; onDamage?: (message: string) => void }): Promise<PlannedPoint[]> {
  const { catalog, store, onDamage = () => undefined } = options;
  const maker = new ActionMaker(catalog);
  const records = new Map<Point, ActionRecord>();
  const planned: PlannedPoint[] = [];
  for (const point of pipeline.points) {
    const about = { point: point.id, stage: point.stage.id };
    const pending = point.upstream.filter((upstream) => !records.has(upstream));
    if (pending.length > 0) {
      planned.push({ ...about, state: 'waits', reasons: [`${summarize(pending.map(({ id }) => id))} will run first`] });
      continue;
    }
    try {
      const action = await maker.make(point, records);
      const key = actionKey(action);
      const record = await store.find(key, onDamage);
      if (record) records.set(point, record);
      planned.push(record
        ? { ...about, state: 'cached', reasons: [] }
        : { ...about, state: 'runs', reasons: await explain(point, { pipeline: pipeline.name, key, action, codeFiles: await maker.codeFilesOf(point.stage.id), store }) });
    } catch (cause) {
      if (!(cause instanceof InputError)) throw cause;
      planned.push({ ...about, state: 'runs', reasons: [`it will fail: ${cause.message}`] });
    }
  }
  return planned;
}

function summarize(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}
