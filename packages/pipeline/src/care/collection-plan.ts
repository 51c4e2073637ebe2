import { keysOfRun } from './run-logs.js';
import { bytesOf, type Inventory, type Leftover, type StoredAction } from './inventory.js';

/** What `cache gc` keeps. */
export type KeepPolicy = {
  /** What was used within this time stays. */
  readonly olderThanMs: number;
  /** What the last so many runs of each pipeline used stays. */
  readonly keepRuns: number;
  /** Bytes the store may have; no limit if left out. */
  readonly maxBytes?: number | undefined;
};

/** Why an action goes. */
export type Departure = { readonly action: StoredAction; readonly because: 'age' | 'size' };

/** What would be collected, and what that frees. */
export type CollectionPlan = {
  readonly actions: readonly Departure[];
  /** Objects that no action names. */
  readonly strays: readonly string[];
  readonly runs: Inventory['runs'];
  readonly leftovers: readonly (Leftover & { readonly kind: 'quarantine' | 'failed' | 'state' | 'log' })[];
  readonly bytes: number;
  readonly keptBytes: number;
  /** By how much the store is still too big when all that may go is gone; 0 if it is not. */
  readonly overBytes: number;
};

/**
 * Decides what goes.
 *
 * Kept in any case: what is pinned, what is being made, what runs in progress and the last runs of each pipeline used. Of the rest goes what was
 * not used within the age; then, if the store is over its size, what was used longest ago, and of what the same run used, that which frees most
 * bytes per second of its making.
 */
export function planCollection(inventory: Inventory, policy: KeepPolicy, now = Date.now()): CollectionPlan {
  const keptRuns = runsToKeep(inventory, policy, now);
  const safe = new Set([...inventory.runs].filter(({ isPinned, isAlive, id }) => isPinned || isAlive || keptRuns.recent.has(id)).flatMap((run) => [...keysOfRun(run)]));
  const isSafe = ({ key, isPinned, isLeased }: StoredAction) => isPinned || isLeased || safe.has(key);
  const isOld = (at: number) => now - at > policy.olderThanMs;
  const departures: Departure[] = inventory.actions.filter((action) => !isSafe(action) && isOld(action.lastUsed.at)).map((action) => ({ action, because: 'age' }));
  const leased = new Set(inventory.actions.filter(({ isLeased }) => isLeased).map(({ key }) => key));
  const leftovers = (['quarantine', 'failed', 'states', 'logs'] as const).flatMap((name) => inventory[name]
    .filter((entry) => isOld(entry.changedAt) && !(name === 'states' && (leased.has(entry.name) || safe.has(entry.name))))
    .map((entry) => ({ ...entry, kind: ({ quarantine: 'quarantine', failed: 'failed', states: 'state', logs: 'log' } as const)[name] })));
  const runs = inventory.runs.filter(({ id }) => !keptRuns.all.has(id));
  const others = [...inventory.quarantine, ...inventory.failed, ...inventory.states, ...inventory.logs, ...inventory.runs].reduce((bytes, entry) => bytes + entry.bytes, 0);
  const othersGoing = [...leftovers, ...runs].reduce((bytes, entry) => bytes + entry.bytes, 0);

  const going = new Set(departures.map(({ action }) => action));
  const remaining = inventory.actions.filter((action) => !going.has(action));
  const kept = countOwners(remaining);
  let keptBytes = bytesOf(inventory, kept.keys()) + others - othersGoing;
  if (policy.maxBytes !== undefined) {
    for (const action of byUse(remaining.filter((candidate) => !isSafe(candidate)))) {
      if (keptBytes <= policy.maxBytes) break;
      keptBytes -= removeOwner(kept, action.objects).reduce((bytes, digest) => bytes + (inventory.objects.get(digest) ?? 0), 0);
      departures.push({ action, because: 'size' });
    }
  }
  const named = new Set(inventory.actions.flatMap(({ objects }) => objects));
  const all = bytesOf(inventory, inventory.objects.keys()) + others;
  return {
    actions: departures, strays: [...inventory.objects.keys()].filter((digest) => !named.has(digest)), runs, leftovers,
    bytes: all - keptBytes, keptBytes, overBytes: Math.max(0, keptBytes - (policy.maxBytes ?? Infinity)),
  };
}

/** Runs whose results stay, and all whose folders stay. */
function runsToKeep(inventory: Inventory, { keepRuns, olderThanMs }: KeepPolicy, now: number): { recent: ReadonlySet<string>; all: ReadonlySet<string> } {
  const counts = new Map<string, number>();
  const recent = new Set<string>();
  const all = new Set<string>();
  for (const run of [...inventory.runs].sort((a, b) => b.startedAt - a.startedAt)) {
    const count = counts.get(run.pipeline ?? '') ?? 0;
    if (run.pipeline !== undefined && count < keepRuns) recent.add(run.id);
    counts.set(run.pipeline ?? '', count + 1);
    if (recent.has(run.id) || run.isPinned || run.isAlive || now - run.changedAt <= olderThanMs) all.add(run.id);
  }
  return { recent, all };
}

function byUse(actions: readonly StoredAction[]): StoredAction[] {
  const worth = ({ ownBytes, durationMs }: StoredAction) => ownBytes / (durationMs + 1);
  return [...actions].sort((a, b) => a.lastUsed.at - b.lastUsed.at || worth(b) - worth(a) || (a.key < b.key ? -1 : 1));
}

function countOwners(actions: readonly StoredAction[]): Map<string, number> {
  const owners = new Map<string, number>();
  for (const { objects } of actions) for (const digest of objects) owners.set(digest, (owners.get(digest) ?? 0) + 1);
  return owners;
}

/** @returns the objects that nothing owns any more. */
function removeOwner(owners: Map<string, number>, digests: readonly string[]): string[] {
  return digests.filter((digest) => {
    const left = owners.get(digest)! - 1;
    owners.set(digest, left);
    return left === 0;
  });
}
