import { link, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A lease whose holder can't be seen counts as abandoned after this long without a sign of life. */
const silenceMs = 30_000;
const heartbeatMs = 2_000;
const pollMs = 200;

type Holder = { readonly host: string; readonly pid: number; readonly processStart: string };

/** The right to run one action. */
export type Lease = { release(): Promise<void> };

/**
 * Waits until no one else runs an action, then takes the right to run it.
 *
 * A lease is a file that only one process can create. That of a process that has died, told by its number and start time, is taken
 * over.
 *
 * @param options.onWait  Called once with the holder if there is one.
 */
export async function takeLease(storeFolder: string, key: string, options: { signal?: AbortSignal | undefined; onWait: (holder: string) => void }): Promise<Lease> {
  const path = join(storeFolder, 'leases', `${key}.json`);
  let isWaiting = false;
  for (;;) {
    options.signal?.throwIfAborted();
    const file = await open(path, 'wx').catch((cause: NodeJS.ErrnoException) => { if (cause.code === 'EEXIST') return undefined; throw cause; });
    if (file) {
      const holder: Holder = { host: hostname(), pid: process.pid, processStart: processStart(process.pid) ?? '' };
      await file.writeFile(JSON.stringify(holder));
      await file.close();
      const timer = setInterval(() => { const now = new Date(); utimes(path, now, now).catch(() => undefined); }, heartbeatMs);
      timer.unref();
      return { release: async () => { clearInterval(timer); await rm(path, { force: true }); } };
    }
    const holder = await livingHolder(path);
    if (holder === undefined) {
      await clearAbandoned(path);
      continue;
    }
    if (!isWaiting) options.onWait(holder);
    isWaiting = true;
    await sleep(pollMs);
  }
}

/** Moves the lease of a dead holder away. Should a living process have taken it in between, its lease is put back. */
async function clearAbandoned(path: string): Promise<void> {
  const aside = `${path}.${process.pid}.abandoned`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  if ((await livingHolder(aside)) !== undefined) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Describes the holder of a lease, or returns undefined if there is none alive. */
async function livingHolder(path: string): Promise<string | undefined> {
  const age = await stat(path).then(({ mtimeMs }) => Date.now() - mtimeMs, () => undefined);
  if (age === undefined) return undefined;
  let holder: Holder;
  try {
    holder = JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    // Created but not yet written, unless its writer died in between.
    return age < silenceMs ? 'another process' : undefined;
  }
  const described = `process ${holder.pid} on ${holder.host}`;
  if (holder.host !== hostname()) return age < silenceMs ? described : undefined;
  const start = processStart(holder.pid);
  if (start === undefined) return isAlive(holder.pid) && age < silenceMs ? described : undefined;
  return start === holder.processStart ? described : undefined;
}

/** When a process started, in the system's own clock; undefined if it is gone or the system does not tell. */
export function processStart(pid: number): string | undefined {
  try {
    // The second field, the name, may hold spaces and brackets.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
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
