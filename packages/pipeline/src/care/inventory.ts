import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { leasedKeys } from '../store/lease.js';
import { outputDigests } from '../store/record.js';
import type { Store } from '../store/store.js';
import { namesIn } from '../store/read-leniently.js';
import { measurePath } from './measure-folder.js';
import { readPins, type Pin } from './pins.js';
import { keysOfRun, looseLogs, readRuns, type RunLog } from './run-logs.js';

/** An action that has been done, and what it costs to keep. */
export type StoredAction = {
  readonly key: string;
  readonly point: string;
  readonly stage: string;
  /** Digests of its outputs. */
  readonly objects: readonly string[];
  /** Of its outputs. */
  readonly bytes: number;
  /** Of its outputs that no other action has made, too: what its removal frees. */
  readonly ownBytes: number;
  readonly madeAt: number;
  /** How long it took to make. */
  readonly durationMs: number;
  /** `run` is null if no run that is known used it. */
  readonly lastUsed: { readonly at: number; readonly run: string | null };
  readonly isPinned: boolean;
  readonly isLeased: boolean;
  /** Outputs that are gone: it runs again when it is needed. */
  readonly missing: number;
};

/** Something in the store that is no result. */
export type Leftover = { readonly name: string; readonly path: string; readonly bytes: number; readonly changedAt: number };

/** What a store holds. */
export type Inventory = {
  readonly folder: string;
  readonly actions: readonly StoredAction[];
  /** Bytes of each object, by digest. */
  readonly objects: ReadonlyMap<string, number>;
  readonly runs: readonly (RunLog & { readonly bytes: number; readonly isPinned: boolean })[];
  readonly pins: readonly Pin[];
  readonly quarantine: readonly Leftover[];
  readonly failed: readonly Leftover[];
  /** What interrupted actions continue from, named by key. */
  readonly states: readonly Leftover[];
  /** Private folders of processes that work or have died. */
  readonly work: readonly Leftover[];
  readonly logs: readonly Leftover[];
};

/** Takes stock of a store. Reads only; each record, run and stamp once. */
export async function takeInventory(store: Store): Promise<Inventory> {
  const objects = await sizesOfObjects(store);
  const records = store.records();
  const owners = new Map<string, number>();
  for (const record of records) for (const digest of new Set(outputDigests(record))) owners.set(digest, (owners.get(digest) ?? 0) + 1);
  const runs = await readRuns(store);
  const pins = readPins(store);
  const pinnedRuns = new Set(pins.flatMap((pin) => (pin.kind === 'run' ? pin.run : [])));
  const pinned = new Set(pins.flatMap((pin) => (pin.kind === 'action' ? pin.key : [])));
  for (const run of runs) if (pinnedRuns.has(run.id)) for (const key of keysOfRun(run)) pinned.add(key);
  const uses = lastUses(runs, new Set(records.map(({ key }) => key)));
  const leased = await leasedKeys(store.folder);
  const actions = records.map((record): StoredAction => {
    const digests = [...new Set(outputDigests(record))];
    const sum = (wanted: readonly string[]) => wanted.reduce((bytes, digest) => bytes + (objects.get(digest) ?? 0), 0);
    const madeAt = Date.parse(record.startedAt) + record.durationMs;
    return {
      key: record.key, point: record.point, stage: record.action.stage, objects: digests, bytes: sum(digests), ownBytes: sum(digests.filter((digest) => owners.get(digest) === 1)),
      madeAt, durationMs: record.durationMs, lastUsed: uses.get(record.key) ?? { at: statSync(store.path('records', `${record.key}.json`), { throwIfNoEntry: false })?.mtimeMs ?? madeAt, run: null },
      isPinned: pinned.has(record.key), isLeased: leased.has(record.key), missing: digests.filter((digest) => !objects.has(digest)).length,
    };
  });
  return {
    folder: store.folder, actions, objects, pins,
    runs: runs.map((run) => ({ ...run, bytes: measurePath(run.folder).bytes, isPinned: pinnedRuns.has(run.id) })),
    quarantine: leftovers(store.path('quarantine')), failed: leftovers(store.path('failed')), states: leftovers(store.path('state')), work: leftovers(store.path('work')),
    logs: looseLogs(store).map((path) => ({ name: path.slice(path.lastIndexOf('/') + 1), path, ...measurePath(path) })),
  };
}

/** Sums sizes of objects, each counted once. */
export function bytesOf(inventory: Inventory, digests: Iterable<string>): number {
  let bytes = 0;
  for (const digest of new Set(digests)) bytes += inventory.objects.get(digest) ?? 0;
  return bytes;
}

/** When each action was last used. Stops at the run before which nothing is left to tell. */
function lastUses(runs: readonly RunLog[], keys: ReadonlySet<string>): Map<string, { at: number; run: string }> {
  const uses = new Map<string, { at: number; run: string }>();
  for (const run of [...runs].sort((a, b) => b.startedAt - a.startedAt)) {
    if (uses.size === keys.size) break;
    for (const key of keysOfRun(run)) if (keys.has(key) && !uses.has(key)) uses.set(key, { at: run.startedAt, run: run.id });
  }
  return uses;
}

/** From the stamps, one file, where these know an object; else from its own manifest. */
async function sizesOfObjects(store: Store): Promise<Map<string, number>> {
  const stamped = new Map<string, number>();
  for (const line of textOf(join(store.folder, 'stamps.jsonl')).split('\n')) {
    try {
      const { digest, files } = JSON.parse(line) as { digest: string; files: { [path: string]: number[] } };
      stamped.set(digest, Object.values(files).reduce((bytes, [size]) => bytes + size!, 0));
    } catch {
      continue;
    }
  }
  const sizes = new Map<string, number>();
  for (const digest of await store.objects.list()) sizes.set(digest, stamped.get(digest) ?? measurePath(store.objects.folder(digest)).bytes);
  return sizes;
}

function leftovers(folder: string): Leftover[] {
  return namesIn(folder).map((name) => ({ name, path: join(folder, name), ...measurePath(join(folder, name)) }));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
