import { readdirSync, readFileSync } from 'node:fs';

/** A process's memory now and at most, as the system counts it; undefined where it does not tell, or the process has ended. */
function memoryOf(pid: number): { readonly now: number; readonly most: number } | undefined {
  const status = textOf(`/proc/${pid}/status`);
  const bytes = (field: string): number => Number(new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024;
  return status === '' ? undefined : { now: bytes('VmRSS'), most: bytes('VmHWM') };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function processes(): number[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
  } catch {
    return [];
  }
}

function withDescendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const pid of processes()) {
    // The name in parentheses may hold anything.
    const parent = Number(/^\d+ \(.*\) \S (\d+)/s.exec(textOf(`/proc/${pid}/stat`))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [root];
  for (let at = 0; at < found.length; at++) found.push(...(children.get(found[at]!) ?? []));
  return found;
}

/** Watches how much memory a process and those it starts take together. Linux only; elsewhere the peak stays undefined. */
export class MemoryWatch {
  readonly #root: number;
  #peak = 0;
  #nextAt = 0;
  #everyMs = 10;

  constructor(root: number) {
    this.#root = root;
  }

  /** Looks, if it is time to: often in the first moments, then each quarter of a second. */
  look(): void {
    if (Date.now() < this.#nextAt) return;
    const all = withDescendants(this.#root).map(memoryOf).filter((memory) => memory !== undefined);
    this.#peak = Math.max(this.#peak, ...all.map(({ most }) => most), all.reduce((sum, { now }) => sum + now, 0));
    this.#everyMs = Math.min(250, this.#everyMs * 1.5);
    this.#nextAt = Date.now() + this.#everyMs;
  }

  get peakBytes(): number | undefined {
    return this.#peak > 0 ? this.#peak : undefined;
  }
}

/** Processes that have an environment variable with this value, as all have that a program started. Linux only. */
export function processesWith(variable: string, value: string): number[] {
  const setting = Buffer.from(`${variable}=${value}`).toString('latin1');
  return processes().filter((pid) => pid !== process.pid && textOf(`/proc/${pid}/environ`).split('\0').includes(setting));
}

/**
 * Ends the processes of programs whose job lies below a folder, also those that have left their process group. Linux only.
 *
 * For when whoever started a program could not wait for it.
 */
export function endProgramsIn(folder: string): void {
  const beginning = Buffer.from(`MEMGEO_JOB=${folder}/`).toString('latin1');
  for (let tries = 0; tries < mostTries; tries++) {
    const left = processes().filter((pid) => pid !== process.pid && textOf(`/proc/${pid}/environ`).split('\0').some((setting) => setting.startsWith(beginning)));
    if (left.length === 0) return;
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
  }
}

/** A process may start another while it is being ended. */
const mostTries = 20;

/** How many processes the system has ended for want of memory so far, in this control group or on the machine; 0 where it does not tell. */
export function countMemoryKills(): number {
  return ['/sys/fs/cgroup/memory.events', '/proc/vmstat'].reduce((sum, path) => sum + Number(/^oom_kill (\d+)$/m.exec(textOf(path))?.[1] ?? 0), 0);
}
