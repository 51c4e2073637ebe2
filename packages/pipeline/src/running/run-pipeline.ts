import type { StageCatalog } from '../catalog/stage-catalog.js';
import { PipelineError } from '../pipeline-error.js';
import { nearest } from '../reading/validate.js';
import { ActionMaker } from '../planning/action.js';
import type { Pipeline, Point } from '../planning/pipeline.js';
import type { ActionRecord } from '../store/record.js';
import type { Store } from '../store/store.js';
import { exportResults } from './export-results.js';
import { PointRunner } from './point-runner.js';
import { Slots } from './slots.js';
import type { PointOutcome, RunEvent, RunSummary } from './run-event.js';
import { writeRunManifest } from './run-manifest.js';

export type RunOptions = {
  readonly catalog: StageCatalog;
  readonly store: Store;
  /** Stages that may run at once. */
  readonly jobs: number;
  /** Program and arguments that execute a job file. */
  readonly execCommand: readonly string[];
  /** Where folder artifacts are copied to. */
  readonly resultsFolder: string;
  /** Names of stages to run again even if cached. */
  readonly force?: readonly string[];
  /** Names of stages to bring up to date, with what they need; all if left out. */
  readonly only?: readonly string[];
  /** Whether points that do not need a failed one still run. */
  readonly keepGoing?: boolean;
  /** How often a failed point is tried again. */
  readonly retry?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
};

/**
 * Brings a pipeline up to date: what is in the store is used, the rest runs, independent points at once.
 *
 * A failed or interrupted run loses nothing that was finished; the next goes on from there.
 *
 * @throws PipelineError if `only` or `force` name no stage.
 */
export async function runPipeline(pipeline: Pipeline, options: RunOptions): Promise<RunSummary> {
  const { catalog, store, jobs, signal, onEvent = () => undefined, keepGoing = false } = options;
  for (const name of [...(options.only ?? []), ...(options.force ?? [])]) {
    if (!pipeline.stageNames.includes(name)) throw new PipelineError(`there is no stage "${name}".${nearest(name, pipeline.stageNames)}`, { path: pipeline.path });
  }
  const startedAt = Date.now();
  const points = wantedPoints(pipeline, options.only);
  onEvent({ type: 'begin', pipeline: pipeline.name, points: points.map(({ id, stage, stageName }) => ({ id, stage: stage.id, stageName })) });
  const runner = new PointRunner({ ...options, onEvent, pipeline: pipeline.name, maker: new ActionMaker(catalog), slots: new Slots(jobs) });
  const records = new Map<Point, ActionRecord>();
  const outcomes: { [point: string]: PointOutcome } = {};
  const errors: { [point: string]: string } = {};
  const exported: { [point: string]: string } = {};
  let hasFailed = false;
  const isAborted = () => signal?.aborted === true;

  const bring = async (point: Point): Promise<void> => {
    const lacking = point.upstream.find((upstream) => !records.has(upstream));
    if (isAborted()) {
      outcomes[point.id] = 'interrupted';
    } else if (lacking !== undefined || (hasFailed && !keepGoing)) {
      outcomes[point.id] = 'skipped';
      onEvent({ type: 'skipped', point: point.id, because: lacking === undefined ? 'another point failed' : `${lacking.id} did not succeed` });
    } else {
      try {
        const { record, outcome } = await runner.run(point, records);
        const folder = await exportResults(pipeline, point, record, options);
        if (folder !== undefined) exported[point.id] = folder;
        records.set(point, record);
        outcomes[point.id] = outcome;
      } catch (cause) {
        if (isAborted()) {
          outcomes[point.id] = 'interrupted';
          return;
        }
        hasFailed = true;
        outcomes[point.id] = 'failed';
        errors[point.id] = (cause as Error).message;
        onEvent({ type: 'failed', point: point.id, error: (cause as Error).message, attempt: 1, willRetry: false });
      }
    }
  };
  const started = new Map<Point, Promise<void>>();
  for (const point of points) started.set(point, Promise.all(point.upstream.map((upstream) => started.get(upstream))).then(() => bring(point)));
  await Promise.all(started.values());

  const summary: RunSummary = { pipeline: pipeline.name, outcomes, errors, wasInterrupted: isAborted(), durationMs: Date.now() - startedAt, exported };
  await writeRunManifest(pipeline, summary, records, store);
  return summary;
}

/** The points of the wanted stages and all they need, in the pipeline's order. */
function wantedPoints(pipeline: Pipeline, only: readonly string[] | undefined): readonly Point[] {
  if (only === undefined || only.length === 0) return pipeline.points;
  const wanted = new Set<Point>();
  const add = (point: Point): void => {
    wanted.add(point);
    point.upstream.forEach(add);
  };
  pipeline.points.filter(({ stageName }) => only.includes(stageName)).forEach(add);
  return pipeline.points.filter((point) => wanted.has(point));
}

