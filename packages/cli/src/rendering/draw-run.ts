import { asciiSigns, detailCount, detailLines, leftOf, stageLine, standingOf, unicodeSigns, type Signs, type StageView } from './draw-stage.js';
import { formatElapsed, formatEstimate } from './durations.js';
import { countOf, type RunState, type StageState } from './run-state.js';
import { styledLine, type Span } from './styled-line.js';
import { textWidth } from './text-width.js';
import { runLeft } from './time-left.js';
import { counted, outcomesByWeight } from './wording.js';

export type RunView = {
  readonly columns: number;
  /** Lines of the terminal, all but one of which are used; Infinity for a drawing that stays. */
  readonly rows: number;
  readonly now: number;
  readonly colors: boolean;
  readonly unicode?: boolean;
};

type Line = readonly Span[];

/** Lines of details, in all. */
const mostDetails = 8;
/** That a run takes more than a few seconds helps nobody. */
const leastBoundMs = 30_000;

/**
 * Draws a run: a line per stage, below it what it is doing, at the end how far the run is.
 *
 * Where the stages are too many for the terminal, those that are done and those that wait are summed up in a line each.
 *
 * @returns Lines, none wider than `columns`, fewer than `rows`.
 */
export function drawRun(state: RunState, { columns, rows, now, colors, unicode = true }: RunView): readonly string[] {
  const signs = unicode ? unicodeSigns : asciiSigns;
  const stages = [...state.stages.values()];
  const nameWidth = Math.min(Math.max(0, ...stages.map(({ name }) => textWidth(name))), Math.max(8, Math.floor(columns / 3)));
  const leftWidth = Math.max(0, ...stages.map((stage) => textWidth(leftOf(stage, now))));
  const view: StageView = { now, columns, signs, nameWidth, leftWidth, hasEnded: state.hasEnded };
  const footer = state.hasEnded ? [] : [footerLine(state, now)];
  const room = Math.max(0, rows - 1 - footer.length);
  const lines = stages.length <= room - Math.min(4, Math.floor(room / 4)) || rows === Infinity ? allStages(stages, room, view) : fewStages(stages, room, view);
  return [...lines, ...footer].slice(rows === Infinity ? 0 : -Math.max(1, rows - 1)).slice(0, Math.max(0, rows - 1)).map((line) => styledLine(line, { columns, colors, ellipsis: signs.ellipsis }));
}

function allStages(stages: readonly StageState[], room: number, view: StageView): readonly Line[] {
  const details = shareDetails(stages, view.hasEnded ? 0 : Math.min(mostDetails, room - stages.length));
  return stages.flatMap((stage) => [stageLine(stage, view), ...detailLines(stage, details.get(stage)!, view)]);
}

function fewStages(stages: readonly StageState[], room: number, view: StageView): readonly Line[] {
  const of = (...standings: readonly ReturnType<typeof standingOf>[]) => stages.filter((stage) => standings.includes(standingOf(stage)));
  const [good, waiting] = [of('good'), of('waiting')];
  const busy = [...of('active'), ...of('failed'), ...of('open')];
  const fixed = Number(good.length > 0) + Number(waiting.length > 0);
  const free = Math.max(0, room - fixed);
  const shown = new Set(busy.slice(0, busy.length > free ? Math.max(0, free - 1) : free));
  const others = busy.length - shown.size;
  const listed = stages.filter((stage) => shown.has(stage));
  const details = shareDetails(listed, Math.min(mostDetails, free - shown.size - Number(others > 0)));
  const used = [...details.values()].reduce((sum, count) => sum + count, 0) + shown.size + Number(others > 0);
  // The line that sums up the rest is there anyway, so the last one that waits takes its place.
  const next = waiting.slice(0, waiting.length <= free - used + 1 ? waiting.length : Math.max(0, free - used));
  const later = waiting.length - next.length;
  return [
    ...(good.length === 1 ? [stageLine(good[0]!, view)] : good.length > 1 ? [doneLine(good, view.signs)] : []),
    ...listed.flatMap((stage) => [stageLine(stage, view), ...detailLines(stage, details.get(stage)!, view)]),
    ...(others > 0 && free > 0 ? [[[`${view.signs.active} and ${counted(others, 'more stage')}`, 'dim']] as Line] : []),
    ...next.map((stage) => stageLine(stage, view)),
    ...(later > 0 ? [[[`${view.signs.waiting} ${next.length + shown.size > 0 ? counted(later, 'more stage') : counted(later, 'stage')} waiting`, 'dim']] as Line] : []),
  ];
}

function doneLine(stages: readonly StageState[], signs: Signs): Line {
  const totals = outcomesByWeight.map((outcome) => [stages.reduce((sum, { counts }) => sum + counts[outcome], 0), outcome] as const);
  const parts = totals.filter(([count]) => count > 0).map(([count, outcome]) => `${count} ${outcome}`);
  return [[signs.good, 'green'], ` ${stages.length} stages done: ${parts.join(', ')}`];
}

/** Gives each stage in turn a line of details until there are no more. */
function shareDetails(stages: readonly StageState[], limit: number): ReadonlyMap<StageState, number> {
  const given = new Map(stages.map((stage) => [stage, 0]));
  const wanting = new Map(stages.map((stage) => [stage, detailCount(stage)]));
  let left = limit;
  let round = stages;
  while (left > 0 && round.length > 0) {
    round = round.filter((stage) => given.get(stage)! < wanting.get(stage)!);
    for (const stage of round.slice(0, left)) given.set(stage, given.get(stage)! + 1);
    left -= round.length;
  }
  return given;
}

function footerLine(state: RunState, now: number): Line {
  const left = state.isInterrupted || state.settledCount === state.stageOf.size ? undefined : runLeft(state, now);
  const rest = left === undefined || (left.isLowerBound && left.ms < leastBoundMs) ? '' : `, ${left.isLowerBound ? 'more than' : 'about'} ${formatEstimate(left.ms)} left`;
  const [failed, skipped] = [countOf(state, 'failed'), countOf(state, 'skipped')];
  return [
    [`${countOf(state, 'ran', 'cached')} of ${counted(state.stageOf.size, 'point')} done`, 'bold'],
    ...(failed > 0 ? [', ', [`${failed} failed`, 'red'] as const] : []), ...(skipped > 0 ? [`, ${skipped} skipped`] : []),
    `, ${formatElapsed(now - state.startedAt)} so far${rest}`, ...(state.isInterrupted ? [', ', ['interrupted: ending (Ctrl-C: at once)', 'yellow'] as const] : []),
  ];
}
