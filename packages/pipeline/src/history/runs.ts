import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunManifest } from '../running/run-manifest.js';
import { isRunning } from '../store/process-identity.js';
import type { Store } from '../store/store.js';
import { didYouMean } from './did-you-mean.js';
import { HistoryError } from './history-error.js';

/** `died`: it says that it runs, and its process is gone. */
export type RunState = RunManifest['state'] | 'died';
export type Run = { readonly manifest: RunManifest; readonly state: RunState; /** Holds its events and the logs of its stages. */ readonly folder: string };

const shownIds = 5;
/** Ids begin with the second of the start, as in 2026-01-02T10-11-12. */
const secondLength = 19;

/** All runs that can be read, newest first. */
export function listRuns(store: Store): Run[] {
  return [...runsNewestFirst(store)];
}

/** As {@link listRuns}, each read only when it is asked for. */
export function* runsNewestFirst(store: Store): Generator<Run> {
  const ids = runIds(store);
  for (let i = 0; i < ids.length;) {
    const second = ids[i]!.slice(0, secondLength);
    const sameSecond: Run[] = [];
    for (; i < ids.length && ids[i]!.slice(0, secondLength) === second; i++) {
      const run = readRun(store, ids[i]!);
      if (run) sameSecond.push(run);
    }
    yield* sameSecond.sort((a, b) => (a.manifest.startedAt < b.manifest.startedAt ? 1 : -1));
  }
}

/**
 * Finds a run by its id, the beginning of its id, `latest`, `previous`, -1 (the latest), -2 and so on, or the name of a pipeline, which
 * means its latest run.
 *
 * @throws HistoryError if there is none, there are several, or its files can't be read.
 */
export function findRun(store: Store, name: string): Run {
  const ids = runIds(store);
  if (ids.includes(name)) return readOrThrow(store, name);
  const back = name === 'latest' ? 1 : name === 'previous' ? 2 : /^-[1-9]\d*$/.test(name) ? -Number(name) : undefined;
  if (back !== undefined) return nth(store, back, name);
  const pipelines = new Set<string>();
  for (const run of runsNewestFirst(store)) {
    if (run.manifest.pipeline === name) return run;
    pipelines.add(run.manifest.pipeline);
  }
  const begun = name === '' ? [] : ids.filter((id) => id.startsWith(name));
  if (begun.length === 1) return readOrThrow(store, begun[0]!);
  if (begun.length > 1) throw new HistoryError(`The name of a run must fit one of them; "${name}" fits ${begun.length}: ${begun.slice(0, shownIds).join(', ')}${begun.length > shownIds ? ', ...' : ''}.`);
  if (ids.length === 0) throw new HistoryError(`There is no run "${name}": the store ${store.folder} has none. Run a pipeline first, or name its store by --store.`);
  throw new HistoryError(`There is no run "${name}".${didYouMean(name, [...ids, ...pipelines, 'latest', 'previous'])} Name a run by latest, previous, -1, -2, a pipeline (${[...pipelines].slice(0, shownIds).join(', ')}) or the beginning of its id, as ${ids.slice(0, 2).join(', ')}.`);
}

function nth(store: Store, back: number, name: string): Run {
  let count = 0;
  for (const run of runsNewestFirst(store)) if (++count === back) return run;
  throw new HistoryError(`There is no run "${name}": the store ${store.folder} has ${count === 0 ? 'none. Run a pipeline first, or name its store by --store' : count === 1 ? 'one run' : `${count} runs`}.`);
}

/** Ids of all folders of runs, latest first. */
function runIds(store: Store): string[] {
  try {
    return readdirSync(store.path('runs'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort().reverse();
  } catch {
    return [];
  }
}

function readOrThrow(store: Store, id: string): Run {
  const run = readRun(store, id);
  if (!run) throw new HistoryError(`The run ${id} can't be read: ${join(store.path('runs'), id, 'run.json')} is missing, half-written or of another version of memgeo.`);
  return run;
}

function readRun(store: Store, id: string): Run | undefined {
  const folder = store.path('runs', id);
  const manifest = parseManifest(folder, id);
  if (!manifest) return undefined;
  return { manifest, folder, state: manifest.state === 'running' && isRunning(manifest.process) === false ? 'died' : manifest.state };
}

function parseManifest(folder: string, id: string): RunManifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunManifest;
    const isOne = manifest.format === 2 && manifest.id === id && typeof manifest.pipeline === 'string' && typeof manifest.startedAt === 'string' && typeof manifest.process.host === 'string'
      && Array.isArray(manifest.argv) && Array.isArray(manifest.points) && manifest.points.every((point) => typeof point.point === 'string' && typeof point.outcome === 'string');
    return isOne ? manifest : undefined;
  } catch {
    return undefined;
  }
}
