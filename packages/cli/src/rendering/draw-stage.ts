import type { PointOutcome } from '@memgeo/pipeline';
import { formatDuration, formatElapsed, formatEstimate, formatShare } from './durations.js';
import { runningCount, settledCount, type Activity, type StageState } from './run-state.js';
import type { Span, Style } from './styled-line.js';
import { pad, textWidth, truncateMiddle } from './text-width.js';
import { paceLeft, shareDone, stageLeft } from './time-left.js';
import { failureWords, outcomesByWeight } from './wording.js';

/** Signs of the states, and what bars are drawn of. Each state is said in words too. */
export type Signs = { readonly [S in 'good' | 'bad' | 'active' | 'waiting' | 'skipped' | 'full' | 'empty' | 'ellipsis']: string };
export const unicodeSigns: Signs = { good: '✓', bad: '✗', active: '▸', waiting: '·', skipped: '–', full: '█', empty: '░', ellipsis: '…' };
export const asciiSigns: Signs = { good: '+', bad: 'x', active: '>', waiting: '.', skipped: '-', full: '#', empty: '.', ellipsis: '...' };

export type StageView = { readonly now: number; readonly columns: number; readonly signs: Signs; readonly nameWidth: number; readonly leftWidth: number; readonly hasEnded: boolean };

const barWidth = 12;
const columnsForBar = 100;
const outcomeStyles: { readonly [O in PointOutcome]: Style } = { failed: 'red', interrupted: 'yellow', ran: 'green', cached: 'green', skipped: 'yellow' };

export type StageStanding = 'active' | 'failed' | 'open' | 'waiting' | 'good';

/** Where a stage stands, as far as its sign and its place on a small terminal are concerned. */
export function standingOf(stage: StageState): StageStanding {
  if (settledCount(stage) === stage.pointCount) return stage.counts.failed > 0 ? 'failed' : 'good';
  if (stage.activities.size > 0) return 'active';
  return settledCount(stage) > 0 ? 'open' : 'waiting';
}

export function stageLine(stage: StageState, view: StageView): readonly Span[] {
  const { columns, signs, nameWidth, leftWidth, now } = view;
  const standing = standingOf(stage);
  const name = pad(truncateMiddle(stage.name, nameWidth, signs.ellipsis), nameWidth);
  const counts = countsOf(stage, view);
  if (standing === 'waiting' && !view.hasEnded) return [[`${signs.waiting} ${name}  `, 'dim'], ...counts];
  if (standing === 'good' || standing === 'failed' || view.hasEnded) {
    const spent = stage.firstStartAt === undefined || stage.settledAt === undefined ? '' : ` in ${formatDuration(stage.settledAt - stage.firstStartAt)}`;
    return [settledSign(stage, signs), ` ${name}  `, ...counts, spent];
  }
  const share = ([...stage.activities.values()].reduce((sum, activity) => sum + shareDone(activity), 0) + settledCount(stage)) / stage.pointCount;
  const full = Math.floor(share * barWidth);
  const bar: readonly Span[] = columns < columnsForBar ? [] : [[signs.full.repeat(full), 'cyan'], [signs.empty.repeat(barWidth - full), 'dim'], '  '];
  return [[signs.active, 'cyan'], ` ${name}  `, ...bar, `${formatShare(share).padStart(4)}  `, ...(leftWidth > 0 ? [`${pad(leftOf(stage, now), leftWidth)}  `] : []), ...counts];
}

/** As in `40 s left`; empty while that is not known. */
export function leftOf(stage: StageState, now: number): string {
  const left = stageLeft(stage, now);
  return left === undefined ? '' : `${formatEstimate(left)} left`;
}

/** What runs in a stage, and the first of what failed, a line each. */
export function detailLines(stage: StageState, limit: number, view: StageView): readonly (readonly Span[])[] {
  const failures = [...stage.failures].slice(0, 2).map(([point, { kind, error }]): readonly Span[] => [`    ${view.signs.bad} `, [`${pointName(stage, point, view)}${failureWords(kind)}: ${gistOf(error)}`, 'red']]);
  const kept = failures.slice(0, limit);
  const room = limit - kept.length;
  const activities = [...stage.activities.values()];
  const shown = activities.slice(0, activities.length > room ? Math.max(1, room - 1) : room).slice(0, room);
  const nameWidth = Math.max(0, ...shown.map((activity) => textWidth(pointName(stage, activity.point, view))));
  const paceWidth = Math.max(0, ...shown.map((activity) => textWidth(paceOf(activity, view.now))));
  const lines = [...kept, ...shown.map((activity) => activityLine(stage, activity, { nameWidth, paceWidth }, view))];
  if (shown.length < activities.length && lines.length < limit) lines.push([[`    and ${activities.length - shown.length} more running`, 'dim']]);
  return lines;
}

export function detailCount(stage: StageState): number {
  return Math.min(2, stage.failures.size) + stage.activities.size;
}

export function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0]!;
}

/** Of an error the line that says most: the last that a program printed, if it is known, for that it ended with a code says little. */
export function gistOf(error: string): string {
  const [, printed] = /^Its last lines:\n((?: {2}.*\n?)+)/m.exec(error) ?? [];
  return printed?.trimEnd().split('\n').at(-1)!.trim() || firstLine(error);
}

function activityLine(stage: StageState, activity: Activity, { nameWidth, paceWidth }: { nameWidth: number; paceWidth: number }, view: StageView): readonly Span[] {
  const { kind, attempt, note } = activity;
  const name = `    ${pad(pointName(stage, activity.point, view), nameWidth)}`;
  if (kind === 'elsewhere') return [name, [note, 'dim']];
  if (kind === 'retrying') return [name, [`${note} in attempt ${attempt}; tries again`, 'yellow']];
  return [name, pad(paceOf(activity, view.now), paceWidth), [`  ${note}`, 'dim']];
}

/** As in `42 %, 20 s left`; the time it has taken while there is nothing better to tell. */
function paceOf({ kind, attempt, pace, startedAt }: Activity, now: number): string {
  if (kind !== 'running') return '';
  const left = pace && paceLeft(pace, now);
  const spent = pace === undefined ? formatElapsed(now - startedAt) : formatShare(shareDone({ pace }));
  return [attempt > 1 ? `attempt ${attempt}` : '', spent.padStart(4), left === undefined ? '' : `${formatEstimate(left)} left`].filter((part) => part !== '').join(', ');
}

/** A point under the name of its stage: its coordinates alone, or nothing if it has none. */
function pointName(stage: StageState, point: string, { columns, signs }: StageView): string {
  const own = point.startsWith(`${stage.name}[`) ? point.slice(stage.name.length) : point === stage.name ? '' : point;
  return own === '' ? '' : `${truncateMiddle(own, Math.max(12, Math.floor(columns / 3)), signs.ellipsis)}  `;
}

function settledSign({ counts, pointCount, outcomes }: StageState, signs: Signs): Span {
  if (counts.failed > 0) return [signs.bad, 'red'];
  if (counts.interrupted > 0 || outcomes.size < pointCount) return [signs.skipped, 'yellow'];
  return counts.skipped > 0 ? [signs.skipped, 'yellow'] : [signs.good, 'green'];
}

/** As in `1 failed, 2 running, 20 waiting, 3 ran`; a stage of one point needs no numbers. */
function countsOf(stage: StageState, { hasEnded }: StageView): readonly Span[] {
  const running = runningCount(stage);
  const elsewhere = stage.activities.size - running;
  const waiting = stage.pointCount - settledCount(stage) - stage.activities.size;
  const all: readonly (readonly [number, string, Style | undefined])[] = [
    ...outcomesByWeight.slice(0, 2).map((outcome) => [stage.counts[outcome], outcome, outcomeStyles[outcome]] as const),
    [running, 'running', 'cyan'],
    [elsewhere, 'running elsewhere', 'yellow'],
    [waiting, hasEnded ? 'not run' : 'waiting', 'dim'],
    ...outcomesByWeight.slice(2).map((outcome) => [stage.counts[outcome], outcome, outcomeStyles[outcome]] as const),
  ];
  return all.filter(([count]) => count > 0).flatMap(([count, words, style], index) => {
    const text = stage.pointCount === 1 ? words : `${count} ${words}`;
    return [...(index === 0 ? [] : [', ']), style === undefined ? text : ([text, style] as const)];
  });
}
