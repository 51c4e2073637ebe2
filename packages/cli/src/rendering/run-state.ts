import type { FailureKind, PointOutcome, RunEvent } from '@memgeo/pipeline';
import type { Pace } from './time-left.js';
import { failureWords } from './wording.js';

/** What goes on at one point. */
export type Activity = {
  readonly point: string;
  readonly startedAt: number;
  readonly kind: 'running' | 'elsewhere' | 'retrying';
  readonly attempt: number;
  /** What it does, or why it was started. */
  note: string;
  pace: Pace | undefined;
};

export type StageState = {
  readonly name: string;
  pointCount: number;
  readonly outcomes: Map<string, PointOutcome>;
  readonly counts: { [O in PointOutcome]: number };
  readonly activities: Map<string, Activity>;
  readonly failures: Map<string, { readonly kind: FailureKind; readonly error: string }>;
  firstStartAt: number | undefined;
  settledAt: number | undefined;
  /** Time that the executed points took, one after the other, with starting and storing. */
  ranMs: number;
  /** Most points that ran at once. */
  peakRunning: number;
};

/** All that is known of a run while it goes on. */
export type RunState = {
  readonly startedAt: number;
  readonly stages: Map<string, StageState>;
  readonly stageOf: Map<string, StageState>;
  settledCount: number;
  isInterrupted: boolean;
  hasEnded: boolean;
};

export function newRunState(now: number): RunState {
  return { startedAt: now, stages: new Map(), stageOf: new Map(), settledCount: 0, isInterrupted: false, hasEnded: false };
}

/** Takes an event in, in constant time. Events of unknown points count for nothing. */
export function advance(state: RunState, event: RunEvent, now: number): void {
  if (event.type === 'begin') return event.points.forEach(({ id, stageName }) => addPoint(state, id, stageName));
  if (event.type === 'end') {
    state.hasEnded = true;
    state.isInterrupted ||= event.state === 'interrupted';
    return;
  }
  const stage = state.stageOf.get(event.point);
  if (stage === undefined) return;
  const { point } = event;
  switch (event.type) {
    case 'started':
      stage.firstStartAt ??= now;
      return act(stage, { point, startedAt: now, kind: 'running', attempt: event.attempt, note: event.reasons.length === 0 ? '' : `why: ${event.reasons.map(({ text }) => text).join('; ')}`, pace: undefined });
    case 'waiting':
      return act(stage, { point, startedAt: now, kind: 'elsewhere', attempt: 1, note: `waits for ${event.holder}, which is running it`, pace: undefined });
    case 'progress':
    case 'message': {
      const activity = stage.activities.get(point);
      if (activity === undefined || (event.type === 'message' && event.level === 'warning')) return;
      activity.note = event.type === 'progress' ? event.label : event.message;
      if (event.type === 'progress') activity.pace = nextPace(activity.pace, event, now);
      return;
    }
    case 'failed':
      if (event.willRetry) return act(stage, { point, startedAt: now, kind: 'retrying', attempt: event.attempt, note: failureWords(event.failure), pace: undefined });
      stage.failures.set(point, { kind: event.failure, error: event.error });
      return settle(state, stage, point, 'failed', now);
    case 'done':
      stage.ranMs += Math.max(event.durationMs, now - (stage.activities.get(point)?.startedAt ?? now));
      return settle(state, stage, point, 'ran', now);
    case 'cached':
    case 'skipped':
    case 'interrupted':
      return settle(state, stage, point, event.type, now);
    case 'exported':
      return;
  }
}

export function countOf(state: RunState, ...outcomes: readonly PointOutcome[]): number {
  let count = 0;
  for (const { counts } of state.stages.values()) for (const outcome of outcomes) count += counts[outcome];
  return count;
}

export function settledCount(stage: StageState): number {
  return stage.outcomes.size;
}

export function runningCount(stage: StageState): number {
  let count = 0;
  for (const { kind } of stage.activities.values()) if (kind !== 'elsewhere') count++;
  return count;
}

function addPoint(state: RunState, id: string, name: string): void {
  let stage = state.stages.get(name);
  if (stage === undefined) {
    const counts = { cached: 0, ran: 0, failed: 0, skipped: 0, interrupted: 0 };
    stage = { name, pointCount: 0, outcomes: new Map(), counts, activities: new Map(), failures: new Map(), firstStartAt: undefined, settledAt: undefined, ranMs: 0, peakRunning: 0 };
    state.stages.set(name, stage);
  }
  if (state.stageOf.has(id)) return;
  state.stageOf.set(id, stage);
  stage.pointCount++;
}

function act(stage: StageState, activity: Activity): void {
  if (stage.outcomes.has(activity.point)) return;
  stage.activities.set(activity.point, activity);
  stage.peakRunning = Math.max(stage.peakRunning, stage.activities.size);
}

/** The last word on a point counts: what succeeded may still fail to be kept. */
function settle(state: RunState, stage: StageState, point: string, outcome: PointOutcome, now: number): void {
  const before = stage.outcomes.get(point);
  if (before === undefined) state.settledCount++;
  else stage.counts[before]--;
  stage.outcomes.set(point, outcome);
  stage.counts[outcome]++;
  if (outcome !== 'failed') stage.failures.delete(point);
  stage.activities.delete(point);
  if (stage.outcomes.size === stage.pointCount) stage.settledAt = now;
}

/** A point that goes on from where it was interrupted, or begins another part of its work, is measured from there. */
function nextPace(pace: Pace | undefined, { done, total }: { done: number; total: number }, now: number): Pace {
  const goesOn = pace !== undefined && pace.total === total && done >= pace.done;
  return goesOn ? { ...pace, done, at: now } : { total, done, at: now, fromDone: done, from: now };
}
