import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunManifest } from '../running/run-manifest.js';
import { isOwnerAlive, silenceMs } from '../store/place.js';
import { isRunning } from '../store/process-identity.js';
import type { Store } from '../store/store.js';

/** What is known of a run from its folder. */
export type RunLog = {
  readonly id: string;
  readonly folder: string;
  /** Undefined if the run has not yet written it, or it is damaged. */
  readonly manifest: RunManifest | undefined;
  readonly pipeline: string | undefined;
  readonly startedAt: number;
  /** When its folder last changed. */
  readonly changedAt: number;
  /** Whether its process still works, as far as can be seen. One that can't be told counts as alive. */
  readonly isAlive: boolean;
};

/** All runs, the last changed first. */
export async function readRuns(store: Store): Promise<RunLog[]> {
  const runs: RunLog[] = [];
  for (const entry of await readdir(store.path('runs'), { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) runs.push(await readRun(store, entry.name));
  }
  return runs.sort((a, b) => b.changedAt - a.changedAt || (a.id < b.id ? 1 : -1));
}

async function readRun(store: Store, id: string): Promise<RunLog> {
  const folder = store.path('runs', id);
  const manifest = readManifest(join(folder, 'run.json'));
  const changedAt = Math.max(...[folder, join(folder, 'run.json'), join(folder, 'events.jsonl')].map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0));
  return {
    id, folder, manifest, changedAt,
    pipeline: manifest?.pipeline,
    startedAt: manifest === undefined ? changedAt : Date.parse(manifest.startedAt),
    isAlive: await isRunAlive(store, manifest, changedAt),
  };
}

async function isRunAlive(store: Store, manifest: RunManifest | undefined, changedAt: number): Promise<boolean> {
  if (manifest === undefined) return Date.now() - changedAt < silenceMs;
  if (manifest.state !== 'running') return false;
  const isSeen = isRunning(manifest.process);
  if (isSeen !== undefined) return isSeen;
  // On another machine: the private folder of its process shows signs of life.
  const { pid, start } = manifest.process;
  const places = await readdir(store.path('work')).catch(() => []);
  for (const name of places) if (name.startsWith(`${pid}-${start === '' ? 'x' : start}-`) && (await isOwnerAlive(store.path('work', name)))) return true;
  return false;
}

function readManifest(path: string): RunManifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as RunManifest;
    const isWhole = typeof manifest.pipeline === 'string' && typeof manifest.state === 'string' && typeof manifest.process.pid === 'number' && Number.isFinite(Date.parse(manifest.startedAt));
    return isWhole ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** Keys of the actions a run has used or made: from its manifest if it has ended, else from its events. A line that is torn is not yet said. */
export function keysOfRun({ folder, manifest }: RunLog): Set<string> {
  if (manifest !== undefined && manifest.state !== 'running' && Array.isArray(manifest.points)) return new Set(manifest.points.flatMap(({ key }) => key ?? []));
  const keys = new Set<string>();
  for (const line of readLines(join(folder, 'events.jsonl'))) {
    if (!line.includes('"key":')) continue;
    try {
      const { key } = JSON.parse(line) as { key?: string | null };
      if (typeof key === 'string') keys.add(key);
    } catch {
      continue;
    }
  }
  return keys;
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** Log files of runs that lie in the folder of runs itself. */
export function looseLogs(store: Store): string[] {
  try {
    return readdirSync(store.path('runs'), { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => store.path('runs', name));
  } catch {
    return [];
  }
}
