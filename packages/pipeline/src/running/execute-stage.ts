import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { writeJob, type Execution, type Job, type StageEvent, type StageResult } from '@memgeo/stage';
import { execa } from 'execa';

/** A stage did not succeed. The message is for its user. */
export class StageFailure extends Error {
  override readonly name = 'StageFailure';
}

const killAfterMs = 5_000;
const keptLines = 15;

/**
 * Runs a job in a process group of its own and waits for its result.
 *
 * Its messages come over file descriptor 3, what it prints goes to a log file. The process sees the end of its standard input
 * when this process dies, however it dies, and ends itself.
 *
 * @param options.command  Program and arguments that take a job file, as in `node memgeo.js exec`.
 * @param options.signal  Ends the process group: SIGTERM, later SIGKILL.
 * @throws StageFailure that tells an error, a signal and an exit code apart, with the last lines of standard error.
 */
export async function executeStage(job: Job, options: {
  jobPath: string; logPath: string; command: readonly string[]; signal?: AbortSignal | undefined; onEvent: (event: StageEvent) => void;
}): Promise<Execution> {
  const { jobPath, logPath, command, signal, onEvent } = options;
  await writeJob(jobPath, job);
  const [program, ...args] = command;
  const child = execa(program!, [...args, jobPath], {
    detached: true, reject: false, buffer: false, stdio: ['pipe', 'pipe', 'pipe', 'pipe'], env: { MEMGEO_RUNNER_PIPE: '1' }, cleanup: false,
  });
  const stop = (kind: NodeJS.Signals) => { try { process.kill(-child.pid!, kind); } catch { /* It has ended. */ } };
  let forced: NodeJS.Timeout | undefined;
  const abort = () => {
    stop('SIGTERM');
    forced = setTimeout(() => stop('SIGKILL'), killAfterMs);
  };
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort, { once: true });

  const log = createWriteStream(logPath);
  // A log that can't be written, as on a full disk, must not end the run.
  log.on('error', () => undefined);
  const lastLines: string[] = [];
  const onLine = (line: string) => {
    log.write(`${line}\n`);
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
  };
  const channels = [
    eachLine(child.stdout as Readable, onLine),
    eachLine(child.stderr as Readable, onLine),
    eachLine(child.stdio[3] as unknown as Readable, (line) => {
      try {
        onEvent(JSON.parse(line) as StageEvent);
      } catch {
        onLine(line);
      }
    }),
  ];
  const outcome = await child;
  // Whatever the stage left running in its group goes with it.
  stop('SIGKILL');
  await Promise.all(channels);
  clearTimeout(forced);
  signal?.removeEventListener('abort', abort);
  log.end();
  signal?.throwIfAborted();
  const result = await readResult(job.resultFile);
  if (result?.status === 'done' && outcome.exitCode === 0) {
    const { status: _, ...execution } = result;
    return execution;
  }
  throw new StageFailure(describeFailure(result, outcome, lastLines, logPath), { cause: result?.status === 'failed' ? result.error : outcome });
}

function describeFailure(
  result: StageResult | undefined, outcome: { exitCode?: number | undefined; signal?: string | undefined; code?: string | undefined; originalMessage?: string | undefined }, lastLines: readonly string[], logPath: string,
): string {
  if (result?.status === 'failed') return result.error.stack ?? result.error.message;
  if (lastLines.some((line) => line.includes('ENOSPC'))) return 'The disk is full. Free some space and run again; what was finished is kept.';
  const tail = lastLines.length === 0 ? '' : `\nIts last lines:\n${lastLines.map((line) => `  ${line}`).join('\n')}`;
  if (outcome.signal === 'SIGKILL') return `The process was killed by SIGKILL, most likely because memory ran out. Lower --jobs, or the sizes of the stage.${tail}\nLog: ${logPath}`;
  if (outcome.signal !== undefined) return `The process was ended by ${outcome.signal}.${tail}\nLog: ${logPath}`;
  if (outcome.exitCode === undefined) return `The process could not be started: ${outcome.originalMessage ?? outcome.code ?? 'unknown reason'}`;
  return `The process ended with exit code ${outcome.exitCode} and left no result.${tail}\nLog: ${logPath}`;
}

async function eachLine(stream: Readable, receive: (line: string) => void): Promise<void> {
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) receive(line);
  } catch {
    // The process ended while it wrote.
  }
}

async function readResult(path: string): Promise<StageResult | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as StageResult;
  } catch {
    return undefined;
  }
}
