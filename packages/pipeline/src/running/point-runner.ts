import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { InputLocation, Job, LineageNode } from '@memgeo/stage';
import { actionKey } from '../keys/action-key.js';
import { isSource, type ActionMaker } from '../planning/action.js';
import { explain } from '../planning/explain.js';
import type { Point, Source, Supply } from '../planning/pipeline.js';
import { processStart, takeLease } from '../store/lease.js';
import type { Action, ActionRecord } from '../store/record.js';
import type { Store } from '../store/store.js';
import { commitOutputs } from './commit-outputs.js';
import { executeStage } from './execute-stage.js';
import type { RunEvent } from './run-event.js';
import type { RunOptions } from './run-pipeline.js';
import type { Slots } from './slots.js';

type Setting = RunOptions & { readonly onEvent: (event: RunEvent) => void; readonly pipeline: string; readonly maker: ActionMaker; readonly slots: Slots };
type Brought = { readonly record: ActionRecord; readonly outcome: 'cached' | 'ran' };

/** Brings single points up to date. */
export class PointRunner {
  readonly #setting: Setting;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /**
   * Finds the result of a point or makes it.
   *
   * @throws StageFailure if the stage fails each time; InputError if an input does not exist.
   */
  async run(point: Point, records: ReadonlyMap<Point, ActionRecord>): Promise<Brought> {
    const { store, maker, pipeline, onEvent, signal, slots, force = [], retry = 0 } = this.#setting;
    const action = await maker.make(point, records);
    const key = actionKey(action);
    const warn = (message: string) => onEvent({ type: 'message', point: point.id, level: 'warning', message });
    const isForced = force.includes(point.stageName);
    const reasons = isForced ? ['--force'] : undefined;
    const found = isForced ? undefined : await store.find(key, warn);
    if (found) return this.#cached(point, found);
    // Before a slot is taken: waiting for another process must not keep others from running.
    const lease = await takeLease(store.folder, key, { signal, onWait: (holder) => onEvent({ type: 'waiting', point: point.id, holder }) });
    try {
      const made = isForced ? undefined : await store.find(key, warn);
      if (made) return await this.#cached(point, made);
      return await slots.use(point.stage.resources.threads, async (threads) => {
        signal?.throwIfAborted();
        const why = reasons ?? await explain(point, { pipeline, key, action, codeFiles: await maker.codeFilesOf(point.stage.id), store });
        onEvent({ type: 'started', point: point.id, reasons: why });
        for (let attempt = 1; ; attempt++) {
          try {
            return { record: await this.#execute(point, { key, action, records, threads }), outcome: 'ran' };
          } catch (cause) {
            if (signal?.aborted === true || attempt > retry) throw cause;
            onEvent({ type: 'failed', point: point.id, error: (cause as Error).message, attempt, willRetry: true });
          }
        }
      });
    } finally {
      await lease.release();
    }
  }

  async #cached(point: Point, record: ActionRecord): Promise<Brought> {
    const { store, pipeline, onEvent } = this.#setting;
    await store.rememberLatest(pipeline, point.id, record.key);
    onEvent({ type: 'cached', point: point.id });
    return { record, outcome: 'cached' };
  }

  async #execute(point: Point, work: { key: string; action: Action; records: ReadonlyMap<Point, ActionRecord>; threads: number }): Promise<ActionRecord> {
    const { store, maker, pipeline, onEvent, signal, execCommand } = this.#setting;
    const { key, action, records, threads } = work;
    // The name tells which process the folder belongs to, so that those of dead ones can be cleared.
    const folder = join(store.folder, 'work', `${process.pid}-${processStart(process.pid) ?? 'x'}-${key.slice(0, 16)}`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(folder, 'outputs'), { recursive: true });
    const warnings: string[] = [];
    try {
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
        threads,
        lineage: lineageOf(point, records),
      };
      const execution = await executeStage(job, {
        jobPath: join(folder, 'job.json'), logPath: join(store.folder, 'runs', `${key.slice(0, 16)}.log`), command: execCommand, signal,
        onEvent: (event) => {
          if (event.type === 'warning') warnings.push(event.message);
          if (event.type === 'progress') onEvent({ ...event, point: point.id });
          else onEvent({ type: 'message', point: point.id, level: event.type === 'warning' ? 'warning' : 'log', message: event.message });
        },
      });
      const outputs = await commitOutputs(job.outputFolder, point.stage, store);
      const record: ActionRecord = {
        format: 1, key, point: point.id, action, codeFiles: await maker.codeFilesOf(point.stage.id), outputs,
        upstream: point.upstream.map((upstream) => records.get(upstream)!.key), warnings, ...execution,
      };
      await store.writeRecord(record);
      await store.rememberLatest(pipeline, point.id, key);
      await rm(job.stateFolder, { recursive: true, force: true });
      onEvent({ type: 'done', point: point.id, durationMs: execution.durationMs, peakMemoryBytes: execution.peakMemoryBytes });
      return record;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause;
      throw new Error(`The disk of ${store.folder} is full: ${(cause as Error).message}. Free some space and run again; what was finished is kept.`, { cause });
    } finally {
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

function locateInputs(point: Point, records: ReadonlyMap<Point, ActionRecord>, store: Store): Job['inputs'] {
  const locate = ({ point: from, output, member }: Source): InputLocation => {
    const found = records.get(from)!.outputs[output]!;
    if ('digest' in found) return store.objectFolder(found.digest);
    if (member !== undefined) return store.objectFolder(found.members[member]!);
    return Object.fromEntries(Object.entries(found.members).map(([name, digest]) => [name, store.objectFolder(digest)]));
  };
  const fill = (parts: Supply['parts']): InputLocation => isSource(parts) ? locate(parts) : Object.fromEntries(Object.entries(parts).map(([name, source]) => [name, locate(source) as string]));
  return Object.fromEntries(Object.entries(point.inputs).map(([name, { port, supplies }]) =>
    [name, port.isMany === true ? supplies.map(({ coordinates, parts }) => ({ coordinates, location: fill(parts) })) : fill(supplies[0]!.parts)])) as Job['inputs'];
}

/** How the inputs of a point came about, each action after those it needed. */
function lineageOf(point: Point, records: ReadonlyMap<Point, ActionRecord>): LineageNode[] {
  const nodes = new Map<string, LineageNode>();
  const visit = (upstream: Point): void => {
    upstream.upstream.forEach(visit);
    const { key, action, startedAt, durationMs, peakMemoryBytes, environment, facts, upstream: keys } = records.get(upstream)!;
    nodes.set(key, { point: upstream.id, stage: action.stage, key, params: action.params, upstream: keys, startedAt, durationMs, peakMemoryBytes, environment, facts });
  };
  point.upstream.forEach(visit);
  return [...nodes.values()];
}
