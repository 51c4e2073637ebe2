import { compareRuns, findRun, listRuns, stageNameOf, Store, type PointDifference, type Run, type RunComparison, type TableDifference } from '@memgeo/pipeline';
import { counted, formatBytes, listed, shortHash } from '../printing/amounts.js';
import { printJson } from '../printing/json.js';
import { Page } from '../printing/page.js';
import { formatDuration } from '../rendering/durations.js';
import { UserError } from '../user-error.js';
import type { StoreOption } from './store-option.js';

const shownTables = 8;

/** Says how two runs differ: which points, why, and what came out. Without names: the latest run and the one before of the same pipeline. */
export async function diff(before: string | undefined, after: string | undefined, options: StoreOption & { json?: boolean }): Promise<number> {
  const store = Store.openForReading(options.store);
  const second = findRun(store, after ?? 'latest');
  const named = before === undefined ? undefined : findRun(store, before);
  // A single name that means the latest run asks how it differs from the one before.
  const first = named === undefined || (after === undefined && named.manifest.id === second.manifest.id) ? earlierOf(second, store) : named;
  const comparison = await compareRuns(first, second, store);
  if (options.json === true) printJson({ before: headOf(first), after: headOf(second), ...comparison });
  else describeComparison(first, second, comparison, new Page()).print();
  return 0;
}

function earlierOf({ manifest }: Run, store: Store): Run {
  const earlier = listRuns(store).find((run) => run.manifest.pipeline === manifest.pipeline && run.manifest.startedAt < manifest.startedAt);
  if (!earlier) throw new UserError(`There is no run of ${manifest.pipeline} before ${manifest.id}. Run it again, changed, or name two runs: memgeo diff RUN RUN`);
  return earlier;
}

function headOf({ manifest: { points: _, ...head }, state }: Run): object {
  return { ...head, state };
}

function describeComparison(before: Run, after: Run, comparison: RunComparison, page: Page): Page {
  const { different, same, onlyBefore, onlyAfter, unknown } = comparison;
  for (const [label, { manifest, state }] of [['before', before], ['after', after]] as const) page.fact(label, `${manifest.id}  ${state}`);
  page.line();
  if (different.length === 0 && onlyBefore.length === 0 && onlyAfter.length === 0 && unknown.length === 0) page.line(`All ${counted(same.length, 'point')} stand for the same actions: the runs came to the same results.`);
  describeDifferent(different, page);
  if (different.length > 0 || onlyBefore.length > 0 || onlyAfter.length > 0 || unknown.length > 0) page.line(`${counted(same.length, 'point')} stand${same.length === 1 ? 's' : ''} for the same action.`);
  for (const [points, which] of [[onlyBefore, 'before'], [onlyAfter, 'after']] as const) if (points.length > 0) page.line(`Only ${which}: ${listed(points)}`);
  const groups = new Map<string, RunComparison['unknown'][number][]>();
  for (const one of unknown) groups.set(`${one.why} (${one.before}, then ${one.after})`, [...(groups.get(`${one.why} (${one.before}, then ${one.after})`) ?? []), one]);
  for (const [why, points] of groups) page.line(`Not compared, for ${why}: ${listed(points.map(({ point }) => point))}`);
  describeTables(different, page);
  describeCircumstances(comparison, page);
  return page;
}

function describeDifferent(different: readonly PointDifference[], page: Page): void {
  const roots = different.filter(({ isRoot }) => isRoot);
  const groups = new Map<string, PointDifference[]>();
  for (const root of roots) {
    const outline = `${stageNameOf(root.point)} ${ownTexts(root).join('; ')} ${root.hasSameOutputs}`;
    groups.set(outline, [...(groups.get(outline) ?? []), root]);
  }
  if (roots.length > 0) page.line(`What differs by itself (${counted(roots.length, 'point')}):`);
  for (const group of groups.values()) {
    const [first] = group as [PointDifference];
    page.line(`${listed(group.map(({ point }) => point), 2)}: ${ownTexts(first).join('; ')}${first.hasSameOutputs ? '; came out the same nevertheless' : ''}`, 2);
  }
  const consequences = different.filter(({ isRoot }) => !isRoot);
  if (consequences.length === 0) return;
  page.line(`${counted(consequences.length, 'point')} differ${consequences.length === 1 ? 's' : ''} only because of ${roots.length === 1 ? 'that' : 'these'}:`);
  page.line(byStage(consequences), 2);
  const unmoved = consequences.filter(({ hasSameOutputs }) => hasSameOutputs);
  if (unmoved.length > 0) page.line(`of these came out the same nevertheless: ${byStage(unmoved)}`, 2);
}

/** What a point differs in by itself: not what its inputs brought, but an input that came out different for no known reason. */
function ownTexts({ causes }: PointDifference): string[] {
  return causes.flatMap(({ reason, because }) => (because.length === 0 ? [reason.text] : because.filter((origin) => origin.causes.length === 0).map((origin) => `${reason.text}: ${origin.text}`)));
}

/** As in `activations (12 points), report`. */
function byStage(points: readonly PointDifference[]): string {
  const counts = new Map<string, string[]>();
  for (const { point } of points) counts.set(stageNameOf(point), [...(counts.get(stageNameOf(point)) ?? []), point]);
  return [...counts].map(([stage, names]) => (names.length > 1 ? `${stage} (${names.length} points)` : names[0]!)).join(', ');
}

type Compared = { readonly name: string; readonly point: string; readonly table: TableDifference };

function describeTables(different: readonly PointDifference[], page: Page): void {
  const groups = new Map<string, Compared[]>();
  for (const { point, outputs } of different) {
    for (const { output, table } of outputs) {
      const name = `${stageNameOf(point)}.${output}`;
      if (table) groups.set(name, [...(groups.get(name) ?? []), { name, point, table }]);
    }
  }
  if (groups.size === 0) return;
  page.line().line('How far the tables moved:');
  for (const [name, tables] of [...groups].slice(0, shownTables)) {
    const sum = (count: (rows: TableDifference['rows']) => number): number => tables.reduce((total, { table }) => total + count(table.rows), 0);
    const extra = [[sum(({ onlyBefore }) => onlyBefore), 'only before'], [sum(({ onlyAfter }) => onlyAfter), 'only after']].flatMap(([count, what]) => (Number(count) > 0 ? [`${count} ${what}`] : []));
    page.line(`${name}${tables.length > 1 ? ` (${tables.length} points)` : ''}: ${sum(({ different: rows }) => rows)} of ${sum(({ after }) => after)} rows differ${extra.length > 0 ? `, ${extra.join(', ')}` : ''}`, 2);
    const largest = tables.reduce<Compared | undefined>((most, one) => ((one.table.largest?.relative ?? 0) > (most?.table.largest?.relative ?? 0) ? one : most), undefined)?.table.largest;
    if (largest) page.line(`most: ${largest.column} ${round(largest.before)} -> ${round(largest.after)} (${round(100 * largest.relative, 2)} %) at ${largest.row}`, 4);
  }
  if (groups.size > shownTables) page.line(`... and ${groups.size - shownTables} more; all with --json`, 2);
}

function describeCircumstances({ circumstances }: RunComparison, page: Page): void {
  const shown = circumstances.filter(({ field }) => field !== 'state');
  if (shown.length === 0) return;
  page.line().line('What was around them:');
  const width = Math.max(...shown.map(({ field }) => (names[field] ?? field).length)) + 2;
  for (const { field, before, after } of shown) page.prefixed(`  ${(names[field] ?? field).padEnd(width)}`, ' '.repeat(width + 4), `${say(field, before)} -> ${say(field, after)}`);
}

const names: { readonly [field: string]: string } = { argv: 'command', overrides: '--set', durationMs: 'time', peakMemoryBytes: 'peak memory', memoryBytes: 'memory' };

function say(field: string, value: unknown): string {
  if (value === null || value === '') return 'none';
  if (field === 'durationMs') return formatDuration(value as number);
  if (field.endsWith('Bytes')) return formatBytes(value as number);
  if (field.startsWith('git')) return shortHash(String(value));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function round(value: number, digits = 4): string {
  return String(Number(value.toPrecision(digits)));
}
