import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, told from every other one on every machine, also from a later one of the same number. */
export type ProcessIdentity = {
  readonly host: string;
  /** The boot of the machine and the number space of its processes: numbers mean nothing across them. Empty if the system does not tell. */
  readonly space: string;
  readonly pid: number;
  /** In the system's own clock; empty if the system does not tell. */
  readonly start: string;
};

let own: ProcessIdentity | undefined;

export function ownIdentity(): ProcessIdentity {
  return (own ??= { host: hostname(), space: processSpace(), pid: process.pid, start: processStart(process.pid) ?? '' });
}

/** Whether a process still runs; undefined if it can't be seen from here. */
export function isRunning({ host, space, pid, start }: ProcessIdentity): boolean | undefined {
  const here = ownIdentity();
  if (host !== here.host || space !== here.space) return undefined;
  const found = processStart(pid);
  if (found !== undefined) return found === start;
  // Where the system tells the start of processes, one without is gone.
  return here.start !== '' ? false : isAlive(pid) ? undefined : false;
}

function processStart(pid: number): string | undefined {
  try {
    // The second field, the name, may hold spaces and brackets.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function processSpace(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
