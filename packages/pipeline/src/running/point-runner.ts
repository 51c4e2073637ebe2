import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultPoint, type Job } from '@memgeo/stage';
import { InputError } from '../planning/input-error.js';
import type { Point } from '../planning/pipeline.js';
import type { Planner, Standing } from '../planning/planner.js';
import type { Reason } from '../planning/reasons.js';
import type { Action, ActionRecord } from '../store/record.js';
import type { Result } from '../store/results.js';
import { removeTree } from '../store/remove-tree.js';
import type { Store } from '../store/store.js';
import { commitOutputs } from './commit-outputs.js';
import { executeStage } from './execute-stage.js';
import { failureKindOf, passingFailures, StageFailure } from './failure.js';
import { inputKeys, lineageOf, locateInputs } from './job-inputs.js';
import type { LogEvent, PointResult, RunEvent } from './run-event.js';
import type { Grant, Slots } from './slots.js';
import { stageEnvironment } from './stage-environment.js';

/** What all points of a run share. */
export type RunSetting = {
  readonly pipeline: string;
  readonly store: Store;
  readonly planner: Planner;
  readonly slots: Slots;
  readonly accelerators: number;
  readonly execCommand: readonly string[];
  readonly isForced: (point: Point) => boolean;
  /** Whether nothing more is to be started. */
  readonly isCalledOff: () => boolean;
  readonly retry: number;
  readonly signal: AbortSignal | undefined;
  readonly killSignal: AbortSignal | undefined;
  readonly logPath: (key: string) => string;
  readonly onEvent: (event: RunEvent) => void;
  /** Writes down what nobody needs to be shown. */
  readonly note: (event: LogEvent) => void;
};

export type Brought = { readonly record: Result; readonly result: PointResult };

/** A point could not be brought up to date. */
export class PointFailure extends Error {
  override readonly name = 'PointFailure';
  readonly result: PointResult & { readonly outcome: 'failed' };

  constructor(result: PointResult & { readonly outcome: 'failed' }, cause: unknown) {
    super(result.error, { cause });
    this.result = result;
  }
}

/** A point was not started, because the run is to end. */
export class CalledOff extends Error {
  override readonly name = 'CalledOff';
}

/** The record keeps no more, the log of the run all. */
const mostWarnings = 1_000;
/** How often a point is looked at anew because something it needs changed before it could start. */
const mostLooks = 5;
const settleMs = 500;

type Work = { readonly point: Point; readonly standing: Standing; readonly records: ReadonlyMap<Point, Result>; readonly reasons: readonly Reason[]; readonly grant: Grant };

/** Brings single points up to date. */
export class PointRunner {
  readonly #setting: RunSetting;
  /** Of results that others were made from, as they were asked for. */
  readonly #records = new Map<string, ActionRecord>();

  constructor(setting: RunSetting) {
    this.#setting = setting;
  }

  /**
   * Finds the result of a point or makes it.
   *
   * @throws PointFailure if it can't be made, of which an event has told. CalledOff if it had not started when the run was called off.
   */
  async run(point: Point, records: ReadonlyMap<Point, Result>): Promise<Brought> {
    for (let look = 1; ; look++) {
      const brought = await this.#tryToRun(point, records, look);
      if (brought) return brought;
    }
  }

  /** @returns undefined if something it needs changed before it started. */
  async #tryToRun(point: Point, records: ReadonlyMap<Point, Result>, look: number): Promise<Brought | undefined> {
    const { store, planner, pipeline, onEvent, signal, slots, isForced, isCalledOff } = this.#setting;
    let key: string | null = null;
    try {
      const standing = await planner.consider(point, records);
      key = standing.key;
      if (standing.record && !isForced(point) && this.#keepInUse(point, key)) return await this.#cached(point, standing.record);
      // Before a slot is taken: waiting for another process must not keep others from running.
      const lease = await store.lease(key, { signal, onWait: (holder) => onEvent({ type: 'waiting', point: point.id, holder }) });
      faultPoint('lease-taken');
      try {
        const made = isForced(point) ? undefined : (await planner.look(point, key)).record;
        if (made && this.#keepInUse(point, key)) return await this.#cached(point, made);
        return await slots.use(point.policy.resources, async (grant) => {
          signal?.throwIfAborted();
          if (isCalledOff()) throw new CalledOff();
          const change = await planner.changeSince(point, standing.action);
          if (change !== undefined && look < mostLooks) return undefined;
          if (change !== undefined) throw new StageFailure('input', `It could not begin, because ${change}, time and again. Run again once that has settled.`);
          const reasons: Reason[] = isForced(point) ? [{ kind: 'forced', text: '--force' }] : await planner.explain(point, standing.record ? { ...standing, lost: undefined } : standing);
          return this.#attempt({ point, standing, records, reasons, grant });
        });
      } finally {
        await lease.release();
        faultPoint('lease-released');
      }
    } catch (cause) {
      if (cause instanceof PointFailure || cause instanceof CalledOff || signal?.aborted === true) throw cause;
      const failure = cause instanceof InputError ? 'input' : failureKindOf(cause);
      const error = this.#describe(cause as Error);
      onEvent({ type: 'failed', point: point.id, key, failure, error, attempt: 1, willRetry: false, workFolder: null });
      if (key !== null) await store.rememberFailed(pipeline, point.id, { key, failure, error, workFolder: null }).catch(() => undefined);
      throw new PointFailure({ outcome: 'failed', key, failure, error }, cause);
    }
  }

  /** Says that this run uses a result, so that it is not cleared away; false if that has just happened. */
  #keepInUse(point: Point, key: string): boolean {
    this.#setting.note({ type: 'uses', point: point.id, key });
    return this.#setting.store.hasRecord(key);
  }

  async #cached(point: Point, record: Result): Promise<Brought> {
    const { store, pipeline, onEvent } = this.#setting;
    onEvent({ type: 'cached', point: point.id, key: record.key });
    await store.rememberDone(pipeline, point.id, record.key);
    const { key, durationMs, peakMemoryBytes } = record;
    return { record, result: { outcome: 'cached', key, durationMs, peakMemoryBytes } };
  }

  /** Executes until it succeeds or has failed as often as allowed. */
  async #attempt(work: Work): Promise<Brought> {
    const { point, standing: { key }, reasons, grant } = work;
    const { store, pipeline, onEvent, signal, retry } = this.#setting;
    for (let attempt = 1; ; attempt++) {
      onEvent({ type: 'started', point: point.id, key, attempt, threads: grant.threads, reasons });
      const folder = store.place.fresh(key.slice(0, 16));
      try {
        const record = await this.#execute(work, folder);
        await removeTree(this.#keptFolder(key));
        const { durationMs, peakMemoryBytes } = record;
        onEvent({ type: 'done', point: point.id, key, durationMs, peakMemoryBytes });
        return { record, result: { outcome: 'ran', key, durationMs, peakMemoryBytes } };
      } catch (cause) {
        if (signal?.aborted === true) throw cause;
        const failure = failureKindOf(cause);
        const error = this.#describe(cause as Error);
        const workFolder = failure === 'no-space' ? null : await this.#keep(folder, key);
        const willRetry = attempt <= (point.policy.retries[failure] ?? (passingFailures.includes(failure) ? retry : 0));
        onEvent({ type: 'failed', point: point.id, key, failure, error, attempt, willRetry, workFolder });
        if (willRetry) continue;
        await store.rememberFailed(pipeline, point.id, { key, failure, error, workFolder }).catch(() => undefined);
        throw new PointFailure({ outcome: 'failed', key, failure, error, ...(workFolder === null ? {} : { workFolder }) }, cause);
      } finally {
        await removeTree(folder);
        faultPoint('work-removed');
      }
    }
  }

  #keptFolder(key: string): string {
    return this.#setting.store.path('failed', key.slice(0, 16));
  }

  /** Keeps the work of a failed execution to look at. */
  async #keep(folder: string, key: string): Promise<string | null> {
    const kept = this.#keptFolder(key);
    try {
      await removeTree(kept);
      await rename(folder, kept);
      return kept;
    } catch {
      return null;
    }
  }

  async #execute({ point, standing: { key, action }, records, reasons, grant }: Work, folder: string): Promise<ActionRecord> {
    const { store, planner, pipeline, onEvent, signal, killSignal, execCommand, logPath, accelerators } = this.#setting;
    await this.#requireInputs(point, action);
    await mkdir(join(folder, 'outputs'), { recursive: true });
    faultPoint('work-made');
    const warnings: string[] = [];
    const job: Job = {
      format: 1,
      stage: point.stage.id,
      point: point.id,
      params: point.params as Job['params'],
      inputs: locateInputs(point, records, store),
      files: { ...point.files },
      outputFolder: join(folder, 'outputs'),
      stateFolder: store.stateFolder(key),
      resultFile: join(folder, 'result.json'),
      threads: grant.threads,
      ...(point.program ? { program: point.program.declaration } : {}),
      inputKeys: inputKeys(point, records),
      lineage: lineageOf(point, records, (one) => this.#recordOf(one)),
    };
    const execution = await executeStage(job, {
      jobPath: join(folder, 'job.json'), logPath: logPath(key), command: execCommand, signal, killSignal, timeoutMs: point.policy.timeoutMs,
      env: stageEnvironment({ granted: grant.accelerators, count: accelerators }),
      onEvent: (event) => {
        if (event.type === 'warning' && warnings.length < mostWarnings) warnings.push(event.message);
        if (event.type === 'progress') onEvent({ ...event, point: point.id });
        else onEvent({ type: 'message', point: point.id, level: event.type, message: event.message });
      },
    });
    await this.#requireSame(point, action);
    const outputs = await commitOutputs(job.outputFolder, point.stage, store);
    const record: ActionRecord = { format: 2, key, point: point.id, action, outputs, upstream: point.upstream.map((upstream) => records.get(upstream)!.key), reasons, warnings, ...execution };
    // They only explain: a result is not lost for want of them.
    await planner.codeFilesOf(point).then((files) => store.keepCodeFiles(action.code, files)).catch(() => undefined);
    await store.writeRecord(record);
    this.#records.set(key, record);
    faultPoint('record-written');
    await store.rememberDone(pipeline, point.id, key);
    faultPoint('latest-written');
    await removeTree(job.stateFolder);
    faultPoint('state-removed');
    return record;
  }

  async #requireInputs(point: Point, action: Action): Promise<void> {
    const { planner } = this.#setting;
    // Also before it is tried again.
    const change = (await planner.changeSince(point, action)) ?? (await planner.inputLoss(point, action));
    if (change !== undefined) throw new StageFailure('input', `It could not begin, because ${change} since this run began. Run again: what is missing is made anew.`);
  }

  /** What was read may be neither what the key says nor what is there now. */
  async #requireSame(point: Point, action: Action): Promise<void> {
    const { planner } = this.#setting;
    let change = await planner.changeSince(point, action);
    // It may be that files are being written anew, as they were, at this moment.
    for (let look = 1; change !== undefined && look < mostLooks; look++) {
      await sleep(settleMs);
      change = await planner.changeSince(point, action);
    }
    if (change !== undefined) throw new StageFailure('input', `While it ran, ${change}. Its result may come from the old or the new and is not kept. Run again, and leave alone what a run reads.`);
    const loss = await planner.inputLoss(point, action);
    if (loss !== undefined) throw new StageFailure('input', `While it ran, ${loss}. Its result is not kept. A stage may only read its inputs; let it copy what it wants to change, and run again.`);
  }

  #recordOf(key: string): ActionRecord {
    const record = this.#records.get(key) ?? this.#setting.store.readRecord(key);
    if (!record) throw new StageFailure('input', 'It could not begin, because the record of what it needs went away since this run began. Run again: what is missing is made anew.');
    this.#records.set(key, record);
    return record;
  }

  #describe(cause: Error): string {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') return cause.message;
    return `The disk of ${this.#setting.store.folder} is full: ${cause.message}. Free some space and run again; what was finished is kept.`;
  }
}
