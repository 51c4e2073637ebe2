import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { HistoryError } from '../history/history-error.js';
import { findRun } from '../history/runs.js';
import type { LatestState } from '../store/record.js';
import type { Store } from '../store/store.js';
import { namesIn, readJson } from '../store/read-leniently.js';

/** Something that `cache gc` keeps, whatever its age: all that a run used, or one action. One file each in the folder `pins`. */
export type Pin = { readonly format: 1; readonly at: string } & (
  | { readonly kind: 'run'; readonly run: string }
  | { readonly kind: 'action'; readonly key: string; readonly point: string }
);

/** What a name stands for, or why it stands for nothing. */
export type PinTarget = { readonly pins: readonly Pin[] } | { readonly problem: string };

const shortestPrefix = 6;

/** All pins, those first that were made first. A file that is no pin is none. */
export function readPins(store: Store): Pin[] {
  return namesIn(store.path('pins')).filter((name) => name.endsWith('.json')).flatMap((name) => {
    const pin = readJson(store.path('pins', name)) as Pin | undefined;
    return pin?.format === 1 && (pin.kind === 'run' ? typeof pin.run === 'string' : typeof pin.key === 'string') ? [pin] : [];
  }).sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** Finds what the id of a run, `latest`, a pipeline, the beginning of a key, a point or a stage stands for. */
export function findPinTarget(store: Store, name: string): PinTarget {
  const at = new Date().toISOString();
  const runs = namesIn(store.path('runs')).filter((id) => !id.endsWith('.log'));
  if (runs.includes(name)) return { pins: [{ format: 1, kind: 'run', run: name, at }] };
  const states = namesIn(store.path('latest')).flatMap((file) => (readJson(store.path('latest', file)) as LatestState | undefined) ?? []).filter(({ point }) => isPointNamed(point, name));
  const points = new Map(states.flatMap((state) => { const key = state.outcome === 'done' ? state.key : state.doneKey; return key === null ? [] : [[key, state.point] as const]; }));
  if (points.size > 0) {
    const pins = [...points].filter(([key]) => store.readRecord(key)).map(([key, point]) => ({ format: 1, kind: 'action', key, point, at } as const));
    return pins.length > 0 ? { pins } : { problem: `What ${name} last stood for is not in the store. Run it first.` };
  }
  const meant = runMeant(store, name);
  if (meant !== undefined) return { pins: [{ format: 1, kind: 'run', run: meant, at }] };
  if (name.length < shortestPrefix) return { problem: `"${name}" is no run and no point; of a key, at least ${shortestPrefix} characters are needed.` };
  const found = [...store.keys().filter((key) => key.startsWith(name)).map((key) => ({ run: undefined, key })), ...runs.filter((run) => isRunNamed(run, name)).map((run) => ({ run, key: '' }))];
  if (found.length > 1) return { problem: `"${name}" begins ${found.length} keys or runs, as ${found.slice(0, 2).map(({ run, key }) => run ?? key.slice(0, 16)).join(' and ')}. Give more of it.` };
  const only = found[0];
  if (!only) return { problem: `There is no run, key or point "${name}" in the store. memgeo cache ls --all lists what there is.` };
  if (only.run !== undefined) return { pins: [{ format: 1, kind: 'run', run: only.run, at }] };
  const record = store.readRecord(only.key);
  return record ? { pins: [{ format: 1, kind: 'action', key: only.key, point: record.point, at }] } : { problem: `The record of ${only.key} is damaged.` };
}

/** The run that `latest`, `previous`, -2 or the name of a pipeline stands for. */
function runMeant(store: Store, name: string): string | undefined {
  try {
    const { id } = findRun(store, name).manifest;
    return id.startsWith(name) ? undefined : id;
  } catch (cause) {
    if (cause instanceof HistoryError) return undefined;
    throw cause;
  }
}

/** A point, or each of a stage. */
function isPointNamed(point: string, name: string): boolean {
  return point === name || point.startsWith(`${name}[`);
}

/** By its beginning, or by what follows the time in its id, as in quickstart-1f3a. */
function isRunNamed(run: string, name: string): boolean {
  return run.startsWith(name) || run.endsWith(`-${name}`);
}

export async function addPin(store: Store, pin: Pin): Promise<void> {
  await store.place.writeWhole(store.path('pins', fileOf(pin)), JSON.stringify(pin));
}

/** The pins that a run's id, the beginning of a key, a point or a stage means. */
export function pinsNamed(pins: readonly Pin[], name: string): Pin[] {
  const exact = pins.filter((pin) => (pin.kind === 'run' ? pin.run === name : isPointNamed(pin.point, name) || pin.key === name));
  return exact.length > 0 || name.length < shortestPrefix ? exact : pins.filter((pin) => (pin.kind === 'run' ? isRunNamed(pin.run, name) : pin.key.startsWith(name)));
}

export async function removePin(store: Store, pin: Pin): Promise<void> {
  await rm(store.path('pins', fileOf(pin)), { force: true });
}

/** By a digest, because a name may hold anything. */
function fileOf(pin: Pin): string {
  return `${createHash('sha256').update(JSON.stringify(pin.kind === 'run' ? ['run', pin.run] : ['action', pin.key, pin.point])).digest('hex').slice(0, 32)}.json`;
}
