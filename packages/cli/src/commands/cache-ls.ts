import { bytesOf, takeInventory, type Inventory, type Leftover, type StoredAction } from '@memgeo/pipeline';
import { cleanLine } from '../rendering/clean-text.js';
import { UserError } from '../user-error.js';
import { alignColumns, countOf, formatAge, formatBytes } from './cache-quantities.js';
import { openExistingStore } from './cache-store.js';
import type { StoreOption } from './store-option.js';

const orders = ['size', 'age', 'stage'] as const;
type Order = (typeof orders)[number];
/** More points than this are folded. */
const longest = 40;

/** Lists what a store holds: the size of each point's results, when they were last used, and all that is no result. */
export async function listCache(options: StoreOption & { readonly json?: boolean; readonly sort?: string; readonly all?: boolean }): Promise<number> {
  const order = orders.find((name) => name === (options.sort ?? 'stage'));
  if (order === undefined) throw new UserError(`--sort must be ${orders.join(', ')}; got "${options.sort}".`);
  const inventory = await takeInventory(openExistingStore(options.store));
  process.stdout.write(`${options.json === true ? JSON.stringify(toJson(inventory), null, 1) : describe(inventory, order, options.all === true).join('\n')}\n`);
  return 0;
}

function describe(inventory: Inventory, order: Order, isAll: boolean): string[] {
  const { actions } = inventory;
  const isFolded = !isAll && actions.length > longest;
  const width = process.stdout.isTTY ? process.stdout.columns : undefined;
  const rows = isFolded ? foldStages(inventory, order) : sortActions(actions, order).map(rowOf);
  const head = [isFolded ? 'STAGE' : 'POINT', 'SIZE', 'LAST USED', 'BY RUN', ''];
  return [
    ...(rows.length === 0 ? ['no results yet'] : alignColumns([head, ...rows], [1, 2], width)),
    ...(isFolded ? [`${countOf(actions.length, 'result')} folded by stage; --all lists each`] : []),
    '', ...totals(inventory),
  ];
}

function rowOf({ point, bytes, lastUsed, isPinned, isLeased, missing }: StoredAction): string[] {
  const marks = [isPinned ? 'pinned' : '', isLeased ? 'runs' : '', missing > 0 ? 'incomplete' : ''].filter((mark) => mark !== '');
  return [cleanLine(point), formatBytes(bytes), formatAgo(lastUsed.at), shortRun(lastUsed.run), marks.join(' ')];
}

function foldStages(inventory: Inventory, order: Order): string[][] {
  const groups = new Map<string, StoredAction[]>();
  for (const action of inventory.actions) {
    const name = action.point.split('[')[0]!;
    const group = groups.get(name);
    if (group) group.push(action);
    else groups.set(name, [action]);
  }
  const folded = [...groups].map(([name, actions]) => {
    const newest = actions.reduce((a, b) => (a.lastUsed.at >= b.lastUsed.at ? a : b));
    return { name, actions, bytes: bytesOf(inventory, actions.flatMap(({ objects }) => objects)), newest, pinned: actions.filter(({ isPinned }) => isPinned).length };
  });
  folded.sort((a, b) => (order === 'size' ? b.bytes - a.bytes : order === 'age' ? a.newest.lastUsed.at - b.newest.lastUsed.at : a.name < b.name ? -1 : 1));
  return folded.map(({ name, actions, bytes, newest, pinned }) => [
    `${cleanLine(name)} (${countOf(actions.length, 'result')})`, formatBytes(bytes), formatAgo(newest.lastUsed.at), shortRun(newest.lastUsed.run), pinned > 0 ? `${pinned} pinned` : '',
  ]);
}

function sortActions(actions: readonly StoredAction[], order: Order): StoredAction[] {
  const byName = (a: StoredAction, b: StoredAction) => a.point.localeCompare(b.point, 'en', { numeric: true });
  return [...actions].sort((a, b) => (order === 'size' ? b.bytes - a.bytes : order === 'age' ? a.lastUsed.at - b.lastUsed.at : 0) || byName(a, b) || a.lastUsed.at - b.lastUsed.at);
}

function formatAgo(at: number): string {
  const age = formatAge(Date.now() - at);
  return age === 'now' ? age : `${age} ago`;
}

/** The time in a run's id is told by the age beside it. */
function shortRun(run: string | null): string {
  return run === null ? '-' : cleanLine(run.replace(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-/, ''));
}

function totals(inventory: Inventory): string[] {
  const named = new Set(inventory.actions.flatMap(({ objects }) => objects));
  const strays = [...inventory.objects.keys()].filter((digest) => !named.has(digest));
  const line = (name: string, count: number, bytes: number, note: string) => [name, count.toLocaleString('en'), formatBytes(bytes), note];
  const other = (name: string, entries: readonly Pick<Leftover, 'bytes'>[], note: string) => line(name, entries.length, entries.reduce((sum, { bytes }) => sum + bytes, 0), note);
  const rows = [
    line('results', inventory.objects.size, bytesOf(inventory, inventory.objects.keys()), `objects, shared ones counted once, of ${countOf(inventory.actions.length, 'action')}`),
    ...(strays.length > 0 ? [line('of these', strays.length, bytesOf(inventory, strays), 'that no action names')] : []),
    other('quarantine', inventory.quarantine, 'damaged objects, kept to look at'),
    other('failed', inventory.failed, 'work of failed executions, kept to look at'),
    other('states', inventory.states, 'what interrupted actions continue from'),
    other('work', inventory.work, 'folders of processes at work, or dead'),
    other('runs', [...inventory.runs, ...inventory.logs], 'manifests, events and logs'),
    ...inventory.pins.map((pin) => ['pin', '', '', pin.kind === 'run' ? cleanLine(`run ${pin.run}`) : `${cleanLine(pin.point)} ${pin.key.slice(0, 12)}`]),
  ];
  return [`store ${inventory.folder}`, ...alignColumns(rows, [1, 2], undefined).map((text) => `  ${text}`)];
}

function toJson({ runs, objects, ...inventory }: Inventory): unknown {
  return {
    ...inventory, objects: { count: objects.size, bytes: [...objects.values()].reduce((sum, bytes) => sum + bytes, 0) },
    runs: runs.map(({ id, pipeline, startedAt, isAlive, isPinned, bytes, manifest }) => ({ id, pipeline, startedAt, state: manifest?.state, isAlive, isPinned, bytes })),
  };
}
