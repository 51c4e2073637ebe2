import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { FileTail, LastLines } from './file-tail.js';
import { HeldSignals } from './held-signals.js';
import { countMemoryKills, MemoryWatch, processesWith } from './process-tree.js';
import type { ProgramPaths } from './program-job.js';

/** How a program ended. */
export type ProgramEnding = {
  /** Why it could not be started. */
  readonly startError: NodeJS.ErrnoException | undefined;
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  /** Of standard error, or of standard output if there is nothing. */
  readonly lastLines: readonly string[];
  readonly peakMemoryBytes: number | undefined;
  /** Whether the system ended some process for want of memory meanwhile. */
  readonly ranOutOfMemory: boolean;
  /** Processes that it left running, and that were ended. */
  readonly leftRunning: number;
};

const longestLookMs = 100;
const graceMs = 500;
const [keptLines, keptLength] = [15, 400];

/**
 * Runs a program in this process's group, so that whoever ends the group ends it too, and waits for its end.
 *
 * What it prints goes to files of its folder and is passed on from there: unlike through a pipe, the program never waits for a reader,
 * and what it starts in the background can't keep this process waiting.
 *
 * @param options.onEvents  Receives what is appended to the events file.
 */
export async function startProgram(command: readonly string[], { paths, env, onEvents }: { paths: ProgramPaths; env: NodeJS.ProcessEnv; onEvents: (bytes: Buffer) => void }): Promise<ProgramEnding> {
  const [errors, prints] = [new LastLines(), new LastLines()];
  const [out, err] = [openSync(paths.stdout, 'a'), openSync(paths.stderr, 'a')];
  const tails = [
    new FileTail(paths.stdout, (bytes) => { prints.add(bytes); process.stdout.write(bytes); }),
    new FileTail(paths.stderr, (bytes) => { errors.add(bytes); process.stderr.write(bytes); }),
    new FileTail(paths.events, onEvents),
  ];
  const memoryKills = countMemoryKills();
  let end: (() => void) | undefined;
  const signals = new HeldSignals(() => end?.());
  try {
    const { child, ended } = start([...command, paths.job], { cwd: paths.folder, env, stdio: ['ignore', out, err] });
    end = () => child?.kill('SIGKILL');
    const outcome = await watch(ended, child?.pid === undefined ? undefined : new MemoryWatch(child.pid), tails);
    end = undefined;
    const leftRunning = await endLeftRunning(paths.job);
    tails.forEach((tail) => tail.read());
    const lines = errors.lines(keptLines, keptLength);
    return { ...outcome, lastLines: lines.length > 0 ? lines : prints.lines(keptLines, keptLength), ranOutOfMemory: countMemoryKills() > memoryKills, leftRunning };
  } finally {
    end?.();
    tails.forEach((tail) => tail.close());
    closeSync(out);
    closeSync(err);
    signals.release();
  }
}

type Outcome = Pick<ProgramEnding, 'startError' | 'exitCode' | 'signal'>;

function start([program, ...args]: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv; stdio: ['ignore', number, number] }): { child: ReturnType<typeof spawn> | undefined; ended: Promise<Outcome> } {
  const failed = (startError: NodeJS.ErrnoException): Outcome => ({ startError, exitCode: undefined, signal: undefined });
  try {
    const child = spawn(program!, args, options);
    const ended = new Promise<Outcome>((resolve) => {
      child.on('error', (cause) => resolve(failed(cause)));
      child.on('exit', (exitCode, signal) => resolve({ startError: undefined, exitCode: exitCode ?? undefined, signal: signal ?? undefined }));
    });
    return { child, ended };
  } catch (cause) {
    return { child: undefined, ended: Promise.resolve(failed(cause as NodeJS.ErrnoException)) };
  }
}

async function watch(ended: Promise<Outcome>, memory: MemoryWatch | undefined, tails: readonly FileTail[]): Promise<Outcome & Pick<ProgramEnding, 'peakMemoryBytes'>> {
  for (let lookMs = 5; ; lookMs = Math.min(longestLookMs, lookMs * 1.5)) {
    memory?.look();
    const outcome = await Promise.race([ended, sleep(lookMs, undefined, { ref: false })]);
    if (outcome) return { ...outcome, peakMemoryBytes: memory?.peakBytes };
    tails.forEach((tail) => tail.read());
  }
}

/** Nothing may write to the outputs any more once they are looked at. Those that are about to end by themselves may do so. */
async function endLeftRunning(jobPath: string): Promise<number> {
  const running = (): number[] => processesWith('MEMGEO_JOB', jobPath);
  let left = running();
  for (const giveUpAt = Date.now() + graceMs; left.length > 0 && Date.now() < giveUpAt; left = running()) await sleep(20);
  const count = left.length;
  for (let tries = 0; left.length > 0 && tries < 50; tries++, left = running()) {
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
    await sleep(20);
  }
  return count;
}
