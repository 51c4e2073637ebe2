import type { StageCatalog } from '../catalog/stage-catalog.js';
import type { CodeFiles } from '../keys/code-digest.js';
import { planPipeline, type PlannedPoint } from '../planning/plan-pipeline.js';
import { Planner } from '../planning/planner.js';
import type { Pipeline, Point } from '../planning/pipeline.js';
import type { Reason } from '../planning/reasons.js';
import { pointsNamed } from '../planning/wanted-points.js';
import type { RunManifest } from '../running/run-manifest.js';
import type { ActionRecord, LatestState } from '../store/record.js';
import type { Store } from '../store/store.js';
import { CauseFinder, rootsOf, type Cause, type Root } from './causes.js';
import { nearestRecord, type Comparison } from './nearest-record.js';
import { RecordIndex } from './record-index.js';
import { Executions } from './run-points.js';
import { runsNewestFirst } from './runs.js';

/** Why a point is cached, or will run. */
export type Explanation = {
  readonly point: string;
  readonly stage: string;
  readonly state: PlannedPoint['state'];
  readonly key: string | null;
  /** Of a cached point: how its result was made. */
  readonly record: ActionRecord | null;
  /** The run that made it, if it is still known. */
  readonly run: Pick<RunManifest, 'id' | 'pipeline' | 'git'> | null;
  /** Of one that will run: why, down to what began it. */
  readonly causes: readonly Cause[];
  readonly roots: readonly Root[];
  readonly comparedWith: Comparison | null;
  /** Its last try, if that failed. `isSame`: it was the action that the point stands for now. */
  readonly lastTry: (Extract<LatestState, { outcome: 'failed' }> & { readonly isSame: boolean }) | null;
};

/**
 * Explains the points that a name stands for: a stage, or a point as in `geometry[epoch=4]`. Nothing is run or written.
 *
 * @throws PipelineError with the nearest name.
 */
export async function explainPoints(
  pipeline: Pipeline, name: string, { catalog, store, onDamage }: { catalog: StageCatalog; store: Store; onDamage?: (message: string) => void },
): Promise<{ readonly explanations: readonly Explanation[]; readonly index: RecordIndex }> {
  const asked = pointsNamed(pipeline, [name], store);
  const planned = new Map((await planPipeline(pipeline, { catalog, store, only: [name], ...(onDamage ? { onDamage } : {}) })).map((point) => [point.point, point]));
  const explainer = new Explainer(pipeline, { catalog, store, planned });
  const explanations: Explanation[] = [];
  for (const point of pipeline.points) if (asked.has(point)) explanations.push(await explainer.explain(point));
  return { explanations, index: explainer.index };
}

class Explainer {
  readonly index: RecordIndex;
  readonly #pipeline: Pipeline;
  readonly #store: Store;
  readonly #planner: Planner;
  readonly #planned: ReadonlyMap<string, PlannedPoint>;
  readonly #executions: Executions;
  readonly #records = new Map<Point, ActionRecord>();
  readonly #newCode = new Map<string, CodeFiles>();
  readonly #finder: CauseFinder;
  readonly #open = new Map<Point, { causes: readonly Cause[]; comparedWith: Comparison | null }>();

  constructor(pipeline: Pipeline, { catalog, store, planned }: { catalog: StageCatalog; store: Store; planned: ReadonlyMap<string, PlannedPoint> }) {
    this.#pipeline = pipeline;
    this.#store = store;
    this.#planned = planned;
    this.#planner = new Planner(pipeline, { catalog, store, onDamage: () => undefined });
    this.index = new RecordIndex(store);
    this.#executions = new Executions(runsNewestFirst(store));
    this.#finder = new CauseFinder(this.index, (code) => this.#newCode.get(code) ?? store.codeFiles(code));
    for (const point of pipeline.points) {
      const key = planned.get(point.id)?.state === 'cached' ? planned.get(point.id)!.key : null;
      const record = key === null ? undefined : this.index.get(key);
      if (record) this.#records.set(point, record);
    }
  }

  async explain(point: Point): Promise<Explanation> {
    const { stage, state, key } = this.#planned.get(point.id)!;
    const record = this.#records.get(point) ?? null;
    const run = record && (this.#executions.of(record.key) ?? null);
    const { causes, comparedWith } = state === 'cached' ? { causes: [], comparedWith: null } : await this.#causesOf(point);
    const latest = this.#store.latest(this.#pipeline.name, point.id);
    const lastTry = latest?.outcome === 'failed' ? { ...latest, isSame: latest.key === key } : null;
    return { point: point.id, stage, state, key, record, run: run && { id: run.id, pipeline: run.pipeline, git: run.git }, causes, roots: rootsOf(point.id, causes), comparedWith, lastTry };
  }

  async #causesOf(point: Point): Promise<{ causes: readonly Cause[]; comparedWith: Comparison | null }> {
    let found = this.#open.get(point);
    if (!found) this.#open.set(point, (found = await this.#findCauses(point)));
    return found;
  }

  async #findCauses(point: Point): Promise<{ causes: readonly Cause[]; comparedWith: Comparison | null }> {
    const { state, key, reasons } = this.#planned.get(point.id)!;
    if (state === 'waits') return { causes: [await this.#waiting(point, reasons[0]!)], comparedWith: null };
    if (key === null || !point.upstream.every((upstream) => this.#records.has(upstream))) return { causes: reasons.map((reason) => ({ reason, because: [] })), comparedWith: null };
    const { action } = await this.#planner.consider(point, this.#records);
    this.#newCode.set(action.code, await this.#planner.codeFilesOf(point));
    const comparedWith = nearestRecord(action, key, { latest: this.#store.latest(this.#pipeline.name, point.id), index: this.index }) ?? null;
    const now = { action, upstream: point.upstream.map((upstream) => this.#records.get(upstream)!.key) };
    const causes = reasons.map((reason) => ({ reason, because: comparedWith ? this.#finder.originsOf(reason, comparedWith.record, now) : [] }));
    // The plan compares with the point's own past only. Where there is none, the nearest other action tells more.
    const isUnknown = reasons.every(({ kind }) => kind === 'new');
    if (isUnknown && comparedWith) return { causes: [...causes, ...this.#finder.between(comparedWith.record, now)], comparedWith };
    const isCompared = reasons.some(({ kind }) => ['stage', 'version', 'code', 'param', 'input', 'file', 'format'].includes(kind));
    return { causes, comparedWith: isCompared ? comparedWith : null };
  }

  async #waiting(point: Point, reason: Reason): Promise<Cause> {
    const because = [];
    for (const upstream of point.upstream) {
      if (this.#records.has(upstream)) continue;
      const { causes } = await this.#causesOf(upstream);
      because.push({ kind: 'first' as const, point: upstream.id, text: `${upstream.id} runs first`, before: null, after: this.#planned.get(upstream.id)!.key, causes });
    }
    return { reason, because };
  }
}
