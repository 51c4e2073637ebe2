import { readFileSync, statSync } from 'node:fs';
import { rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { leasedKeys } from '../store/lease.js';
import { outputDigests } from '../store/record.js';
import { resultsFile } from '../store/results.js';
import type { Store } from '../store/store.js';
import { planCollection, type CollectionPlan, type KeepPolicy } from './collection-plan.js';
import { takeInventory } from './inventory.js';
import { namesIn, readJson, readLines } from '../store/read-leniently.js';
import { keysOfRun, readRuns } from './run-logs.js';
import { takeCollectionLease, Trash } from './trash.js';

/** The steps of a collection, in order. */
export type CollectionStep = 'begun' | 'record-moved' | 'records-moved' | 'records-back' | 'records-gone' | 'object-moved' | 'object-gone' | 'objects-gone' | 'leftovers-gone' | 'stamps-written' | 'done';

/** What a collection did. */
export type Collected = { readonly plan: CollectionPlan; readonly actions: readonly string[]; /** Actions that a run began to use meanwhile. */ readonly putBack: readonly string[]; readonly objects: number; readonly bytes: number };

/** Clocks of two machines may differ by this much. */
const clockDifferenceMs = 10_000;

/**
 * Removes what a policy does not keep, beside runs that go on or begin meanwhile, and so that death at any point leaves a store that is right.
 *
 * A run appends the key of an action to its event log before it reads the record. So:
 *
 * 1. One process collects at a time, by a lease. It puts back what one that died left in the trash, and makes its plan.
 * 2. Records are moved to the trash: from now on they are misses.
 * 3. Only then the logs of runs that live, or have changed since the collection began, are read again, and the leases. What they name is put back:
 *    a run either named the key before it was looked for, or did not find the record and makes it anew.
 * 4. The records in the trash are removed, then objects that no record names, then code files.
 *    An object stays if it was moved into the store or touched since the oldest of the living runs and this collection began: what an action has
 *    stored and not yet recorded is such. It is moved to the trash first and put back if it was touched in between; who touches it too late finds it gone
 *    and stores its own.
 * 5. Quarantine, failed work, states, run folders and logs of the plan go, and the stamps of objects that are gone.
 *
 * Killed before 4: the next collection, or run, puts everything back. In 4: objects without a record, which the next collection removes. Never a record that
 * is wrong: one whose object is gone is a miss.
 *
 * @param options.onStep  Told what has been done.
 */
export async function collect(store: Store, policy: KeepPolicy, options: { onStep?: (step: CollectionStep) => void; onWait?: (holder: string) => void } = {}): Promise<Collected> {
  const { onStep = () => undefined, onWait = () => undefined } = options;
  const lease = await takeCollectionLease(store, onWait);
  const trash = new Trash(store);
  try {
    await trash.undo();
    const begunAt = await fileSystemTime(store);
    const plan = planCollection(await takeInventory(store), policy);
    await trash.make();
    onStep('begun');
    for (const { action } of plan.actions) {
      await trash.take('records', store.path('records', `${action.key}.json`));
      onStep('record-moved');
    }
    for (const state of plan.leftovers) if (state.kind === 'state') await trash.take('state', state.path);
    onStep('records-moved');
    const { used, oldest } = await useMeanwhile(store, begunAt);
    const putBack: string[] = [];
    for (const key of used) {
      if (await trash.putBack('records', store.path('records', `${key}.json`))) putBack.push(key);
      await trash.putBack('state', store.stateFolder(key));
    }
    onStep('records-back');
    const gone = trash.names('records').map((name) => name.slice(0, -5));
    for (const kind of ['records', 'state'] as const) for (const name of trash.names(kind)) await trash.destroy(kind, name);
    onStep('records-gone');
    const freed = await removeStrays(store, trash, oldest, onStep);
    onStep('objects-gone');
    await removeLeftovers(store, trash, plan, policy.olderThanMs);
    onStep('leftovers-gone');
    await writeStamps(store);
    onStep('stamps-written');
    await trash.remove();
    onStep('done');
    return { plan, actions: gone, putBack, ...freed };
  } finally {
    await lease.release();
  }
}

/** Now, by the clock that stamps files. */
async function fileSystemTime(store: Store): Promise<number> {
  const path = store.place.fresh('now');
  await writeFile(path, '');
  const { mtimeMs } = await stat(path);
  await rm(path);
  return mtimeMs;
}

/** What is in use that was not when the collection was planned, and when the oldest run that lives began. */
async function useMeanwhile(store: Store, begunAt: number): Promise<{ used: ReadonlySet<string>; oldest: number }> {
  const used = await leasedKeys(store.folder);
  let oldest = begunAt;
  for (const run of await readRuns(store)) {
    if (run.isAlive) oldest = Math.min(oldest, (statSync(run.folder, { throwIfNoEntry: false })?.birthtimeMs ?? 0) - clockDifferenceMs, run.startedAt - clockDifferenceMs);
    if (run.isAlive || run.changedAt >= begunAt - clockDifferenceMs) for (const key of keysOfRun(run)) used.add(key);
  }
  return { used, oldest };
}

/** Removes objects that no record names and that nothing may be about to name, then code files likewise. */
async function removeStrays(store: Store, trash: Trash, oldest: number, onStep: (step: CollectionStep) => void): Promise<{ objects: number; bytes: number }> {
  const records = store.records();
  const named = new Set(records.flatMap(outputDigests));
  let [objects, bytes] = [0, 0];
  for (const digest of await store.objects.list()) {
    if (named.has(digest)) continue;
    const folder = store.objects.folder(digest);
    const before = statSync(folder, { throwIfNoEntry: false });
    if (!before || Math.max(before.ctimeMs, before.mtimeMs) >= oldest) continue;
    const size = sizeOf(folder);
    if (!(await trash.take('objects', folder))) continue;
    onStep('object-moved');
    const name = basename(folder);
    // Its own times do not change when it is moved: someone came to the same content in between.
    const after = statSync(join(store.folder, 'trash/objects', name), { throwIfNoEntry: false });
    if (after?.mtimeMs !== before.mtimeMs && (await trash.putBack('objects', folder))) continue;
    await trash.destroy('objects', name);
    objects++;
    bytes += size;
    onStep('object-gone');
  }
  const codes = new Set(records.map(({ action }) => `${action.code.replace('sha256:', '')}.json`));
  for (const name of namesIn(store.path('code'))) {
    const found = statSync(store.path('code', name), { throwIfNoEntry: false });
    if (found && !codes.has(name) && Math.max(found.ctimeMs, found.mtimeMs) < oldest) await rm(store.path('code', name), { force: true });
  }
  return { objects, bytes };
}

function sizeOf(folder: string): number {
  try {
    return (JSON.parse(readFileSync(join(folder, 'artifact.json'), 'utf8')) as { bytes: number }).bytes;
  } catch {
    return 0;
  }
}

/** By way of the trash, so that no run folder is seen half. What points last stood for is forgotten once it is old and its record gone. */
async function removeLeftovers(store: Store, trash: Trash, plan: CollectionPlan, olderThanMs: number): Promise<void> {
  for (const { path, kind } of plan.leftovers) if (kind !== 'state') await trash.take('other', path, `${kind}-${basename(path)}`);
  const alive = new Set((await readRuns(store)).filter(({ isAlive }) => isAlive).map(({ id }) => id));
  for (const { id, folder } of plan.runs) if (!alive.has(id)) await trash.take('other', folder, `run-${id}`);
  for (const name of trash.names('other')) await trash.destroy('other', name);
  for (const name of namesIn(store.path('latest'))) {
    const path = store.path('latest', name);
    if (Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) <= olderThanMs) continue;
    const state = readJson(path) as { key?: string; doneKey?: string | null } | undefined;
    if (![state?.key, state?.doneKey].some((key) => typeof key === 'string' && store.readRecord(key))) await rm(path, { force: true });
  }
}

/**
 * Keeps the last line about each object, and each record, that is there. One that is appended meanwhile may be lost, which costs a hash, or
 * the reading of a record.
 */
async function writeStamps(store: Store): Promise<void> {
  await keepLines(store, { name: 'stamps.jsonl', about: /"digest":"sha256:([0-9a-f]{64})"/, present: new Set(namesIn(store.path('objects'))) });
  await keepLines(store, { name: resultsFile, about: /"key":"([^"]*)"/, present: new Set(store.keys()) });
}

async function keepLines(store: Store, { name, about, present }: { name: string; about: RegExp; present: ReadonlySet<string> }): Promise<void> {
  const path = join(store.folder, name);
  const lines = new Map<string, string>();
  let count = 0;
  for (const line of readLines(path)) {
    count++;
    const named = about.exec(line)?.[1];
    if (named !== undefined && present.has(named)) lines.set(named, line);
  }
  if (lines.size < count) await store.place.writeWhole(path, [...lines.values(), ''].join('\n'));
}
