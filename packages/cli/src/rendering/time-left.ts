import { runningCount, settledCount, type Activity, type RunState, type StageState } from './run-state.js';

/** Work done by now, and where it was first measured. */
export type Pace = { readonly total: number; readonly done: number; readonly at: number; readonly fromDone: number; readonly from: number };

/** How much must be known before a pace says something about the rest. */
const enough = { share: 0.02, ms: 2000 };

export function shareDone({ pace }: { readonly pace: Pace | undefined }): number {
  return pace === undefined || !(pace.total > 0) || !(pace.done > 0) ? 0 : Math.min(1, pace.done / pace.total);
}

/** Time left by a pace; undefined before there is enough to tell. */
export function paceLeft({ total, done, at, fromDone, from }: Pace, now: number): number | undefined {
  const advanced = done - fromDone;
  if (at - from < enough.ms || !(advanced >= enough.share * (total - fromDone)) || advanced <= 0) return undefined;
  return Math.max(0, ((at - from) * (total - done)) / advanced - (now - at));
}

/** Time left of what is running, by its own pace or else by how long others of the stage took. */
function activityLeft(stage: StageState, activity: Activity, now: number): number | undefined {
  const own = activity.pace && paceLeft(activity.pace, now);
  if (own !== undefined) return own;
  return stage.counts.ran === 0 ? undefined : Math.max(0, stage.ranMs / stage.counts.ran - (now - activity.startedAt));
}

/** Time of work left in a stage, one point after the other, and the most that a single point still takes; undefined if nothing of it has been measured. */
function stageWork(stage: StageState, now: number): { readonly work: number; readonly longest: number } | undefined {
  const open = stage.pointCount - settledCount(stage);
  if (open === 0) return { work: 0, longest: 0 };
  const estimates: number[] = [];
  const totals: number[] = stage.counts.ran === 0 ? [] : [stage.ranMs / stage.counts.ran];
  for (const activity of stage.activities.values()) {
    const left = activityLeft(stage, activity, now);
    if (left === undefined) continue;
    estimates.push(left);
    if (stage.counts.ran === 0) totals.push(now - activity.startedAt + left);
  }
  if (totals.length === 0) return undefined;
  const each = totals.reduce((sum, ms) => sum + ms, 0) / totals.length;
  const unknown = open - estimates.length;
  return { work: estimates.reduce((sum, ms) => sum + ms, 0) + unknown * each, longest: Math.max(0, ...estimates, unknown > 0 ? each : 0) };
}

/** Time until a stage is done, if as many of its points run at once as did; undefined before there is enough to tell, and while nothing of it runs. */
export function stageLeft(stage: StageState, now: number): number | undefined {
  if (runningCount(stage) === 0) return undefined;
  const rest = stageWork(stage, now);
  return rest && Math.max(rest.longest, rest.work / Math.max(1, stage.peakRunning));
}

/** Time until the run is done; a lower bound while nothing is known of some of its stages. */
export function runLeft(state: RunState, now: number): { readonly ms: number; readonly isLowerBound: boolean } | undefined {
  let work = 0;
  let longest = 0;
  let parallel = 1;
  let isLowerBound = false;
  let isKnown = false;
  for (const stage of state.stages.values()) {
    if (settledCount(stage) === stage.pointCount) continue;
    const rest = stageWork(stage, now);
    if (rest === undefined) {
      isLowerBound = true;
      continue;
    }
    isKnown = true;
    work += rest.work;
    parallel = Math.max(parallel, stage.peakRunning);
    longest = Math.max(longest, rest.longest, rest.work / Math.max(1, stage.peakRunning));
  }
  return isKnown ? { ms: Math.max(longest, work / parallel), isLowerBound } : undefined;
}
