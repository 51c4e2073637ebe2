import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { ArtifactError, type Json } from '@memgeo/artifacts/contract';
import { z } from 'zod';
import type { StageContext } from '../definition/context.js';
import type { AnyStage } from '../definition/define-stage.js';
import type { Job, StageEvent, StageResult } from './job.js';
import { faultPoint } from './fault-points.js';
import { StageError } from './stage-error.js';

/**
 * Runs one job in this process and writes its result file, whether it succeeds or fails.
 *
 * A stage whose work is done by other processes returns their peak memory as the fact `peakMemoryBytes`; the larger one, theirs or this
 * process's, is kept.
 *
 * @param stage  The definition that `job.stage` names.
 * @param emit  Receives progress and messages.
 * @returns what was written to `job.resultFile`.
 */
export async function executeJob(job: Job, stage: AnyStage, emit: (event: StageEvent) => void): Promise<StageResult> {
  const startedAt = new Date();
  let result: StageResult;
  try {
    await mkdir(job.outputFolder, { recursive: true });
    await mkdir(job.stateFolder, { recursive: true });
    const run = stage.run as (context: StageContext) => Promise<{ readonly [fact: string]: Json } | void>;
    faultPoint('stage-begun');
    const { peakMemoryBytes, ...facts } = (await run(contextOf(job, stage, emit))) ?? {};
    faultPoint('stage-worked');
    result = {
      status: 'done',
      startedAt: startedAt.toISOString(),
      durationMs: Date.now() - startedAt.getTime(),
      peakMemoryBytes: Math.max(process.resourceUsage().maxRSS * 1024, typeof peakMemoryBytes === 'number' ? peakMemoryBytes : 0),
      environment: describeEnvironment(),
      facts,
    };
  } catch (cause) {
    result = { status: 'failed', error: describeFailure(cause) };
  }
  const temporary = `${job.resultFile}.partial`;
  await writeFile(temporary, JSON.stringify(result, null, 2));
  faultPoint('result-written-aside');
  await rename(temporary, job.resultFile);
  faultPoint('result-written');
  return result;
}

function contextOf(job: Job, stage: AnyStage, emit: (event: StageEvent) => void): StageContext {
  const params = stage.params.safeParse(job.params);
  if (!params.success) throw new StageError(`${job.stage}: the parameters must fit the stage's schema.\n${z.prettifyError(params.error)}`);
  return {
    params: params.data,
    inputs: job.inputs as StageContext['inputs'],
    files: job.files,
    outputs: Object.fromEntries(Object.keys(stage.outputs).map((name) => [name, join(job.outputFolder, name)])),
    stateFolder: job.stateFolder,
    threads: job.threads,
    inputKeys: job.inputKeys ?? {},
    lineage: job.lineage,
    progress: (done, total, label) => emit({ type: 'progress', done, total, label }),
    log: (message) => emit({ type: 'log', message }),
    warn: (message) => emit({ type: 'warning', message }),
  };
}

/** Versions and hardware. */
export function describeEnvironment(): { [name: string]: Json } {
  return { memgeo: memgeoVersion(), node: process.version, platform: `${platform()} ${arch()}`, cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length, memoryBytes: totalmem() };
}

/** All packages of memgeo have one version. */
function memgeoVersion(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}

function describeFailure(cause: unknown): Extract<StageResult, { status: 'failed' }>['error'] {
  if (!(cause instanceof Error)) return { name: 'Error', message: String(cause) };
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC') return { name: 'NoSpaceError', kind: 'no-space', message: `The disk is full: ${cause.message}. Free some space and run again; what was finished is kept.` };
  // These are written for the user; of any other error the place in the code helps.
  const isForUser = cause instanceof StageError || cause instanceof ArtifactError;
  const kind = cause instanceof StageError ? cause.kind : undefined;
  return { name: cause.name, message: cause.message, ...(kind === undefined ? {} : { kind }), ...(isForUser || cause.stack === undefined ? {} : { stack: cause.stack }) };
}
