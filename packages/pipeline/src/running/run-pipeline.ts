import { totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { Json } from '@memgeo/artifacts';
import type { StageCatalog } from '../catalog/stage-catalog.js';
import type { StageCodes } from '../keys/stage-codes.js';
import type { Pipeline, Point } from '../planning/pipeline.js';
import { Planner } from '../planning/planner.js';
import { pointsNamed, wantedPoints } from '../planning/wanted-points.js';
import type { Result } from '../store/results.js';
import type { Store } from '../store/store.js';
import { exportResults } from './export-results.js';
import { failureKindOf } from './failure.js';
import { CalledOff, PointFailure, PointRunner } from './point-runner.js';
import { Slots } from './slots.js';
import type { PointResult, RunEvent, RunSummary } from './run-event.js';
import { RunLog } from './run-log.js';

export type RunOptions = {
  readonly catalog: StageCatalog;
  /** Code of the stages that has been begun to digest while the pipeline was read. */
  readonly codes?: StageCodes;
  readonly store: Store;
  /** Threads to share out: no more stages run at once. */
  readonly jobs: number;
  /** Memory to share out among stages that say how much they need. Default: nine tenths of the machine's. */
  readonly memoryBytes?: number;
  /** Accelerators to share out. Default 1. */
  readonly accelerators?: number;
  /** Program and arguments that execute a job file. */
  readonly execCommand: readonly string[];
  /** Where folder artifacts are copied to. */
  readonly resultsFolder: string;
  /** Names of stages or points to run again even if cached. */
  readonly force?: readonly string[];
  /** Names of stages or points to bring up to date, with what they need, or `failed`; all if left out. */
  readonly only?: readonly string[];
  /** Whether points that do not need a failed one still run. */
  readonly keepGoing?: boolean;
  /** How often a failure that may pass by itself is tried again. */
  readonly retry?: number;
  /** For the manifest of the run. */
  readonly argv?: readonly string[];
  readonly overrides?: readonly string[];
  readonly environment?: { readonly [name: string]: Json };
  /** Ends the run: stages are asked to end, and what is finished is kept. */
  readonly signal?: AbortSignal;
  /** Ends stages at once. */
  readonly killSignal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
};

const usableMemory = 0.9;

/**
 * Brings a pipeline up to date: what is in the store is used, the rest runs, independent points at once.
 *
 * A failed or interrupted run loses nothing that was finished; the next goes on from there.
 *
 * @throws PipelineError if `only` or `force` name nothing.
 */
export async function runPipeline(pipeline: Pipeline, options: RunOptions): Promise<RunSummary> {
  const { store, signal, keepGoing = false, accelerators = 1, force = [] } = options;
  const points = wantedPoints(pipeline, options.only, store);
  const forced = pointsNamed(pipeline, force, store);
  const startedAt = Date.now();
  const log = new RunLog(pipeline, { store, argv: options.argv ?? [], overrides: options.overrides ?? [], environment: options.environment ?? {}, gitFolder: dirname(pipeline.path) });
  await log.begin();
  const begun = new Set<string>();
  let hasFailed = false;
  const isCalledOff = () => hasFailed && !keepGoing;
  const onEvent = (event: RunEvent): void => {
    // Before the slot of what failed is given to what waits for it.
    if (event.type === 'failed' && !event.willRetry) hasFailed = true;
    if (event.type === 'started') begun.add(event.point);
    log.append(event);
    options.onEvent?.(event);
  };
  onEvent({ type: 'begin', run: log.id, pipeline: pipeline.name, points: points.map(({ id, stage, stageName }) => ({ id, stage: stage.id, stageName })) });
  const planner = new Planner(pipeline, { ...options, onDamage: (point, message) => onEvent({ type: 'message', point: point.id, level: 'warning', message }) });
  const slots = new Slots({ threads: options.jobs, memoryBytes: options.memoryBytes ?? usableMemory * machineMemory(), accelerators });
  const runner = new PointRunner({
    pipeline: pipeline.name, store, planner, slots, accelerators, execCommand: options.execCommand, isForced: (point) => forced.has(point), isCalledOff, retry: options.retry ?? 0, signal, killSignal: options.killSignal,
    logPath: (key) => log.logPath(key), onEvent, note: (event) => log.append(event),
  });
  const records = new Map<Point, Result>();
  const results = new Map<string, PointResult>();
  const exported = new Map<string, string>();
  const isAborted = () => signal?.aborted === true;

  const skip = (point: Point, because: string): PointResult => {
    onEvent({ type: 'skipped', point: point.id, because });
    return { outcome: 'skipped', key: null };
  };
  const settle = async (point: Point): Promise<PointResult> => {
    const lacking = point.upstream.find((upstream) => !records.has(upstream));
    if (isAborted()) return { outcome: 'skipped', key: null };
    if (lacking !== undefined) return skip(point, `${lacking.id} did not succeed`);
    if (isCalledOff()) return skip(point, 'another point failed');
    try {
      const { record, result } = await runner.run(point, records);
      const folder = await exportResults(pipeline, point, record, options);
      if (folder !== undefined) {
        exported.set(point.id, folder);
        onEvent({ type: 'exported', point: point.id, folder });
      }
      records.set(point, record);
      return result;
    } catch (cause) {
      // One that only waited for its turn has nothing to go on from.
      if (isAborted() && !begun.has(point.id)) return { outcome: 'skipped', key: null };
      if (isAborted()) {
        onEvent({ type: 'interrupted', point: point.id });
        return { outcome: 'interrupted', key: null };
      }
      if (cause instanceof CalledOff) return skip(point, 'another point failed');
      hasFailed = true;
      if (cause instanceof PointFailure) return cause.result;
      // It has its result, which could not be handed out.
      const [failure, error] = [failureKindOf(cause), (cause as Error).message];
      onEvent({ type: 'failed', point: point.id, key: null, failure, error, attempt: 1, willRetry: false, workFolder: null });
      return { outcome: 'failed', key: null, failure, error };
    }
  };
  const started = new Map<Point, Promise<void>>();
  for (const point of points) {
    started.set(point, Promise.all(point.upstream.map((upstream) => started.get(upstream))).then(() => settle(point)).then((result) => { results.set(point.id, result); }));
  }
  await Promise.all(started.values());
  await options.codes?.keep(store.place);

  const wasInterrupted = isAborted();
  const state = wasInterrupted ? 'interrupted' : hasFailed ? 'failed' : 'done';
  const summary: RunSummary = { run: log.id, pipeline: pipeline.name, results, wasInterrupted, durationMs: Date.now() - startedAt, exported };
  onEvent({ type: 'end', state, durationMs: summary.durationMs });
  await log.finish(pipeline, summary, state);
  return summary;
}

/** Memory of the machine, or of the control group this process is held in. */
export function machineMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
