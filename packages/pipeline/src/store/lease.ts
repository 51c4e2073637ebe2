import { randomBytes } from 'node:crypto';
import { link, open, readFile, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { silenceMs, type WorkPlace } from './place.js';
import { isRunning, ownIdentity } from './process-identity.js';

const signOfLifeMs = 2_000;
const pollMs = 100;

const holderSchema = z.object({ host: z.string(), space: z.string(), pid: z.int(), start: z.string(), token: z.string() });
type Holder = z.output<typeof holderSchema>;

/** The right to run one action. */
export type Lease = { release(): Promise<void> };

/**
 * Waits until no one else runs an action, then takes the right to run it.
 *
 * A lease is a file that comes into being whole and that only one process can create. That of a process that has died, told by its number
 * and start time, is taken over; one that can't be seen, on another machine, after silence.
 *
 * @param options.onWait  Called once with the holder if there is one.
 */
export async function takeLease(storeFolder: string, key: string, options: { place: WorkPlace; signal?: AbortSignal | undefined; onWait: (holder: string) => void }): Promise<Lease> {
  const { place, signal, onWait } = options;
  const path = join(storeFolder, 'leases', `${key}.json`);
  const token = randomBytes(8).toString('hex');
  let isWaiting = false;
  for (;;) {
    signal?.throwIfAborted();
    if (await createWhole(path, token, place)) return keep(path, token);
    const holder = await livingHolder(path);
    if (holder === undefined) {
      await clearLease(path, place);
      continue;
    }
    if (!isWaiting) onWait(holder);
    isWaiting = true;
    await sleep(pollMs, undefined, signal ? { signal } : {}).catch(() => undefined);
  }
}

/** Does something to an action that no one runs, so that no one runs it meanwhile; nothing if someone does. */
export async function unlessLeased(storeFolder: string, key: string, place: WorkPlace, work: () => Promise<void>): Promise<void> {
  const path = join(storeFolder, 'leases', `${key}.json`);
  const token = randomBytes(8).toString('hex');
  if (!(await createWhole(path, token, place))) return;
  const lease = keep(path, token);
  await work().finally(() => lease.release());
}

/** Removes the leases of processes that have died. */
export async function clearDeadLeases(storeFolder: string, place: WorkPlace): Promise<void> {
  const folder = join(storeFolder, 'leases');
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if ((await livingHolder(path)) !== undefined) continue;
    if (name.endsWith('.json')) await clearLease(path, place);
    else await rm(path, { force: true });
  }
}

/** Keys of the actions that some living process runs. */
export async function leasedKeys(storeFolder: string): Promise<Set<string>> {
  const folder = join(storeFolder, 'leases');
  const keys = new Set<string>();
  for (const name of await readdir(folder).catch(() => [])) if (name.endsWith('.json') && (await livingHolder(join(folder, name))) !== undefined) keys.add(name.slice(0, -5));
  return keys;
}

function keep(path: string, token: string): Lease {
  const timer = setInterval(() => { const now = new Date(); utimes(path, now, now).catch(() => undefined); }, signOfLifeMs);
  timer.unref();
  return {
    release: async () => {
      clearInterval(timer);
      // After long silence it may be another's by now.
      if ((await readHolder(path))?.token === token) await rm(path, { force: true });
    },
  };
}

/** @returns whether this process created the file. */
async function createWhole(path: string, token: string, place: WorkPlace): Promise<boolean> {
  const content = JSON.stringify({ ...ownIdentity(), token } satisfies Holder);
  const written = place.fresh('lease');
  const file = await open(written, 'wx');
  await file.writeFile(content).finally(() => file.close());
  try {
    await link(written, path);
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EXDEV', 'EMLINK'].includes(code ?? '')) throw cause;
    return await createInPlace(path, content);
  } finally {
    await rm(written, { force: true });
  }
}

/** For file systems without hard links: the file may be seen before its content. */
async function createInPlace(path: string, content: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(content).finally(() => file.close());
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

/** Removes the lease of a dead holder. One process at a time looks and removes, so that no lease taken in between goes with it. */
async function clearLease(path: string, place: WorkPlace): Promise<void> {
  const guard = `${path}.takeover`;
  if (!(await createWhole(guard, randomBytes(8).toString('hex'), place))) {
    if ((await livingHolder(guard)) === undefined) await rm(guard, { force: true });
    else await sleep(pollMs / 10);
    return;
  }
  try {
    if ((await livingHolder(path)) === undefined) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

/** Describes the holder of a lease, or returns undefined if there is none alive. */
async function livingHolder(path: string): Promise<string | undefined> {
  const age = await stat(path).then(({ mtimeMs }) => Date.now() - mtimeMs, () => undefined);
  if (age === undefined) return undefined;
  const holder = await readHolder(path);
  const isSilent = age > silenceMs;
  if (!holder) return isSilent ? undefined : 'another process';
  const isAlive = isRunning(holder) ?? !isSilent;
  return isAlive ? `process ${holder.pid} on ${holder.host}` : undefined;
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return holderSchema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
