import { collect, planCollection, takeInventory, type CollectionPlan, type KeepPolicy } from '@memgeo/pipeline';
import { cleanLine } from '../rendering/clean-text.js';
import { UserError } from '../user-error.js';
import { alignColumns, countOf, formatAge, formatBytes, parseAge, parseSize } from './cache-quantities.js';
import { openExistingStore, openExistingStoreToWrite } from './cache-store.js';
import type { StoreOption } from './store-option.js';

export type CollectOptions = StoreOption & { readonly olderThan: string; readonly maxSize?: string; readonly keepRuns: string; readonly delete?: boolean; readonly json?: boolean };

const shownRows = 30;

/** Says what can go from a store and why; with --delete removes it. */
export async function collectCache(options: CollectOptions): Promise<number> {
  const policy: KeepPolicy = {
    olderThanMs: parseAge(options.olderThan, '--older-than'), keepRuns: parseCount(options.keepRuns),
    ...(options.maxSize === undefined ? {} : { maxBytes: parseSize(options.maxSize, '--max-size') }),
  };
  return options.delete === true ? remove(policy, options) : tell(policy, options);
}

async function tell(policy: KeepPolicy, options: CollectOptions): Promise<number> {
  const plan = planCollection(await takeInventory(openExistingStore(options.store)), policy);
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ deleted: false, ...toJson(plan) }, null, 1)}\n`);
    return 0;
  }
  const lines = describe(plan);
  process.stdout.write(`${[...lines, ...(isEmpty(plan) ? [] : ['Nothing was deleted. To do it:', `  ${command(options)}`])].join('\n')}\n`);
  return 0;
}

async function remove(policy: KeepPolicy, options: CollectOptions): Promise<number> {
  const store = await openExistingStoreToWrite(options.store);
  try {
    await store.clearAbandoned();
    const { plan, ...collected } = await collect(store, policy, { onWait: (holder) => process.stderr.write(`waiting for ${holder}, which collects, too\n`) });
    if (options.json === true) process.stdout.write(`${JSON.stringify({ deleted: true, ...toJson(plan), ...collected }, null, 1)}\n`);
    else {
      process.stdout.write(`${[
        `removed ${countOf(collected.actions.length, 'action')} and ${countOf(collected.objects, 'object')}, ${formatBytes(collected.bytes)}; ${countOf(plan.runs.length, 'run')} and ${countOf(plan.leftovers.length, 'leftover')}`,
        ...(collected.putBack.length > 0 ? [`kept ${countOf(collected.putBack.length, 'action')} that a run began to use meanwhile`] : []), ...over(plan),
      ].join('\n')}\n`);
    }
    return 0;
  } finally {
    await store.close();
  }
}

function describe(plan: CollectionPlan): string[] {
  const now = Date.now();
  if (isEmpty(plan)) return [`Nothing has to go: all ${formatBytes(plan.keptBytes)} are kept.`, ...over(plan)];
  const sorted = [...plan.actions].sort((a, b) => b.action.ownBytes - a.action.ownBytes);
  const rows = sorted.slice(0, shownRows).map(({ action, because }) => [
    cleanLine(action.point), formatBytes(action.bytes), because === 'age' ? `not used for ${formatAge(now - action.lastUsed.at)}` : `the store is too big; used ${formatAge(now - action.lastUsed.at)} ago`,
  ]);
  const kinds = { quarantine: 'in quarantine', failed: 'of failed work', state: 'of interrupted work', log: 'of logs' } as const;
  const rest = (Object.keys(kinds) as (keyof typeof kinds)[]).flatMap((kind) => {
    const entries = plan.leftovers.filter((entry) => entry.kind === kind);
    return entries.length === 0 ? [] : [`${countOf(entries.length, 'folder')} ${kinds[kind]}, ${formatBytes(entries.reduce((sum, { bytes }) => sum + bytes, 0))}`];
  });
  return [
    ...(rows.length > 0 ? alignColumns([['POINT', 'SIZE', 'WHY'], ...rows], [1], process.stdout.isTTY ? process.stdout.columns : undefined) : []),
    ...(sorted.length > shownRows ? [`and ${sorted.length - shownRows} more; --json lists all`] : []),
    ...(plan.strays.length > 0 ? [`${countOf(plan.strays.length, 'object')} that no action names`] : []),
    ...(plan.runs.length > 0 ? [`${countOf(plan.runs.length, 'run')} with ${plan.runs.length === 1 ? 'its' : 'their'} logs, ${formatBytes(plan.runs.reduce((sum, { bytes }) => sum + bytes, 0))}`] : []),
    ...rest,
    `${formatBytes(plan.bytes)} would go, ${formatBytes(plan.keptBytes)} stay.`, ...over(plan),
  ];
}

function over(plan: CollectionPlan): string[] {
  return plan.overBytes > 0 ? [`The store stays ${formatBytes(plan.overBytes)} over --max-size: the rest is pinned, in use, or of the last runs. Lower --keep-runs, or memgeo cache unpin.`] : [];
}

function isEmpty(plan: CollectionPlan): boolean {
  return plan.actions.length + plan.strays.length + plan.runs.length + plan.leftovers.length === 0;
}

function command({ olderThan, maxSize, keepRuns, store }: CollectOptions): string {
  const quote = (text: string) => (/^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);
  return ['memgeo cache gc', `--older-than ${quote(olderThan)}`, ...(maxSize === undefined ? [] : [`--max-size ${quote(maxSize)}`]), `--keep-runs ${keepRuns}`, ...(store === '.memgeo' ? [] : [`--store ${quote(store)}`]), '--delete'].join(' ');
}

function toJson({ actions, runs, ...plan }: CollectionPlan): object {
  return { ...plan, going: actions.map(({ action, because }) => ({ ...action, because })), runs: runs.map(({ id, bytes }) => ({ id, bytes })) };
}

function parseCount(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new UserError(`--keep-runs must be a whole number of at least 0; got "${text}".`);
  return Number(text);
}
