import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { countMemoryKills, endProgramsIn, faultPoint, writeJob, type Execution, type Job, type StageEvent, type StageResult } from '@memgeo/stage';
import { describeEnding, type Ending } from './describe-ending.js';
import { StageFailure } from './failure.js';

const killAfterMs = 5_000;
const keptLines = 15;
/** Characters. */
const longestLine = 1_000_000;
/** What a stage left behind may still hold its output open; it is not waited for longer than this. */
const drainMs = 1_000;

/** How a job is executed. */
export type StageExecution = {
  readonly jobPath: string;
  readonly logPath: string;
  /** Program and arguments that take a job file, as in `node memgeo.js exec`. */
  readonly command: readonly string[];
  readonly env: { readonly [name: string]: string };
  readonly timeoutMs: number | undefined;
  /** Ends the process group: SIGTERM, later SIGKILL. */
  readonly signal: AbortSignal | undefined;
  /** Ends it at once. */
  readonly killSignal: AbortSignal | undefined;
  readonly onEvent: (event: StageEvent) => void;
};

/**
 * Runs a job in a process group of its own and waits for its result.
 *
 * Its messages come over file descriptor 3, what it prints goes to a log file. The process sees the end of its standard input
 * when this process dies, however it dies, and ends itself.
 *
 * @throws StageFailure that tells apart how it failed, with the last lines of standard error.
 */
export async function executeStage(job: Job, execution: StageExecution): Promise<Execution> {
  const { jobPath, logPath, command, env, timeoutMs, signal, killSignal, onEvent } = execution;
  await writeJob(jobPath, job);
  faultPoint('job-written');
  const [program, ...args] = command;
  // Loaded here, because a run that finds everything cached needs none of it.
  const { execa } = await import('execa');
  const child = execa(program!, [...args, jobPath], { detached: true, reject: false, buffer: false, stdio: ['pipe', 'pipe', 'pipe', 'pipe'], env, extendEnv: false, cleanup: false });
  const stop = (kind: NodeJS.Signals) => { try { process.kill(-child.pid!, kind); } catch { /* It has ended. */ } };
  let forced: NodeJS.Timeout | undefined;
  let timedOut = false;
  const end = () => {
    stop('SIGTERM');
    forced ??= setTimeout(() => stop('SIGKILL'), killAfterMs);
  };
  const kill = () => stop('SIGKILL');
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => { timedOut = true; end(); }, timeoutMs);
  if (signal?.aborted === true) end();
  signal?.addEventListener('abort', end, { once: true });
  killSignal?.addEventListener('abort', kill, { once: true });

  const log = createWriteStream(logPath, { flags: 'a' });
  // A log that can't be written, as on a full disk, must not end the run.
  log.on('error', () => undefined);
  const lastLines: string[] = [];
  const onLine = (line: string) => {
    log.write(`${line}\n`);
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
  };
  const streams = [child.stdout, child.stderr, child.stdio[3]] as unknown as Readable[];
  const hasRoom = async () => { if (log.writableNeedDrain && !log.destroyed) await Promise.race([once(log, 'drain'), once(log, 'close')]).catch(() => undefined); };
  const channels = streams.map((stream, i) => eachLine(stream, hasRoom, i < 2 ? onLine : (line) => {
    const event = parseEvent(line);
    if (event) onEvent(event);
    else onLine(line);
  }));
  const memoryKills = countMemoryKills();
  const outcome = await child;
  // Whatever the stage left running in its group goes with it.
  stop('SIGKILL');
  // What left the group, too, where the stage was ended before it could see to that.
  if (job.program) endProgramsIn(dirname(jobPath));
  await Promise.race([Promise.all(channels), sleep(drainMs)]);
  streams.forEach((stream) => stream.destroy());
  clearTimeout(forced);
  clearTimeout(timer);
  signal?.removeEventListener('abort', end);
  killSignal?.removeEventListener('abort', kill);
  const result = await readResult(job.resultFile);
  if (result?.status === 'failed' && result.error.stack !== undefined) log.write(`${result.error.stack}\n`);
  log.end();
  faultPoint('stage-ended');
  // Also if it was asked to end meanwhile: what is finished is kept.
  if (result?.status === 'done' && outcome.exitCode === 0) {
    const { status: _, ...facts } = result;
    return facts;
  }
  signal?.throwIfAborted();
  const ending: Ending = { result, exitCode: outcome.exitCode, signal: outcome.signal, cause: outcome.originalMessage ?? outcome.code, lastLines, timedOut, timeoutMs, ranOutOfMemory: countMemoryKills() > memoryKills, logPath };
  const { kind, message } = describeEnding(ending);
  throw new StageFailure(kind, message, { cause: outcome });
}

function parseEvent(line: string): StageEvent | undefined {
  try {
    const event = JSON.parse(line) as StageEvent | null;
    if (event?.type === 'progress') return Number.isFinite(event.done) && Number.isFinite(event.total) ? { type: 'progress', done: event.done, total: event.total, label: String(event.label) } : undefined;
    return event?.type === 'log' || event?.type === 'warning' ? { type: event.type, message: String(event.message) } : undefined;
  } catch {
    return undefined;
  }
}

/** Hands on each line, and what is longer than any line in pieces: a program may print without an end. */
async function eachLine(stream: Readable, hasRoom: () => Promise<void>, receive: (line: string) => void): Promise<void> {
  const decoder = new StringDecoder();
  let rest = '';
  try {
    for await (const chunk of stream) {
      const lines = (rest + decoder.write(chunk as Buffer)).split(/\r?\n/);
      rest = lines.pop()!;
      lines.forEach(receive);
      if (rest.length > longestLine) {
        receive(rest);
        rest = '';
      }
      await hasRoom();
    }
  } catch {
    // The process ended while it wrote.
  }
  if (rest !== '') receive(rest);
}

async function readResult(path: string): Promise<StageResult | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as StageResult;
  } catch {
    return undefined;
  }
}
