import { writeSync } from 'node:fs';
import { executeJob, programStage, readJob, type StageEvent } from '@memgeo/stage';
import { installedStages } from '../catalog/installed-stages.js';
import { endWithRunner } from '../execution/end-with-runner.js';

const eventsDescriptor = 3;
/** Progress is told at most this often. */
const progressEveryMs = 100;

/** Executes a job file as the runner writes it; the exit code tells whether the stage succeeded. */
export async function exec(jobPath: string): Promise<number> {
  const hasRunner = process.env.MEMGEO_RUNNER_PIPE === '1';
  if (hasRunner) endWithRunner();
  const job = await readJob(jobPath);
  const stage = job.program ? programStage(job.stage, job.program) : await installedStages().load(job.stage);
  const result = await executeJob(job, stage, throttled(hasRunner ? tellRunner : tellTerminal));
  if (result.status === 'failed' && !hasRunner) process.stderr.write(`${result.error.message}\n`);
  return result.status === 'done' ? 0 : 1;
}

function tellRunner(event: StageEvent): void {
  try {
    writeSync(eventsDescriptor, `${JSON.stringify(event)}\n`);
  } catch {
    // A full pipe loses progress, never a result.
  }
}

function tellTerminal(event: StageEvent): void {
  process.stderr.write(event.type === 'progress' ? `${event.label}\n` : `${event.message}\n`);
}

function throttled(emit: (event: StageEvent) => void): (event: StageEvent) => void {
  let last = 0;
  return (event) => {
    if (event.type === 'progress') {
      if (Date.now() - last < progressEveryMs && event.done < event.total) return;
      last = Date.now();
    }
    emit(event);
  };
}
