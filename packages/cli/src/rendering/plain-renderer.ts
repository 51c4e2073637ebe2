import type { RunEvent } from '@memgeo/pipeline';
import { cleanLine, cleanLines } from './clean-text.js';
import { gistOf } from './draw-stage.js';
import { formatDuration, formatEstimate, formatShare } from './durations.js';
import { advance, newRunState } from './run-state.js';
import { paint } from './styled-line.js';
import { paceLeft, shareDone } from './time-left.js';
import { counted, failureWords } from './wording.js';

/** Progress of a point is told after this long, then after twice as long, up to the longest. */
const progressMs = { first: 5_000, longest: 60_000 };

type PlainOptions = { readonly colors?: boolean; readonly clock?: () => number };

/** Shows a run as lines, each with the point it is about: for logs and pipes. */
export function plainRenderer(write: (line: string) => void, { colors = false, clock = Date.now }: PlainOptions = {}): { readonly show: (event: RunEvent) => void; readonly close: () => void } {
  const state = newRunState(clock());
  const told = new Map<string, { at: number; every: number; text: string }>();
  let cached: string[] = [];

  const say = (point: string, text: string, mark = ''): void => cleanLines(text).forEach((line, index) => write(`${cleanLine(point)} | ${index === 0 ? mark : ''}${line}`));
  // Points of a stage that are found one after the other are one line.
  const flushCached = (): void => {
    const [first] = cached;
    if (first === undefined) return;
    const stage = state.stageOf.get(first);
    if (cached.length === 1) say(first, 'cached');
    else say(`${stage?.name ?? first}[*]`, `${cached.length} points cached`);
    cached = [];
  };

  const show = (event: RunEvent): void => {
    const now = clock();
    advance(state, event, now);
    if (event.type === 'cached') {
      const stageOf = (point: string | undefined) => (point === undefined ? undefined : state.stageOf.get(point));
      if (cached.length > 0 && stageOf(cached[0]) !== stageOf(event.point)) flushCached();
      cached.push(event.point);
      return;
    }
    if (event.type !== 'progress') flushCached();
    switch (event.type) {
      case 'begin':
        return write(`${cleanLine(event.pipeline)}: ${counted(event.points.length, 'point')} in ${counted(state.stages.size, 'stage')}`);
      case 'started':
        told.set(event.point, { at: now, every: progressMs.first, text: '' });
        return say(event.point, `starts${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}${event.reasons.length === 0 ? '' : `: ${event.reasons.map(({ text }) => text).join('; ')}`}`);
      case 'waiting':
        return say(event.point, `waits for ${event.holder}, which is running it`);
      case 'progress': {
        const last = told.get(event.point);
        const activity = state.stageOf.get(event.point)?.activities.get(event.point);
        if (last === undefined || activity?.pace === undefined || now - last.at < last.every) return undefined;
        const text = `${formatShare(shareDone(activity))} ${event.label}`;
        if (text === last.text) return undefined;
        told.set(event.point, { at: now, every: Math.min(2 * last.every, progressMs.longest), text });
        const left = paceLeft(activity.pace, now);
        return say(event.point, `${text}${left === undefined || left === 0 ? '' : `, about ${formatEstimate(left)} left`}`);
      }
      case 'message':
        return say(event.point, event.message, event.level === 'warning' ? `${paint('warning:', 'yellow', colors)} ` : '');
      case 'done':
        return say(event.point, `ran in ${formatDuration(event.durationMs)}, ${Math.round(event.peakMemoryBytes / 2 ** 20)} MiB at most`);
      case 'failed':
        return say(event.point, `${failureWords(event.failure)}${event.willRetry ? ` in attempt ${event.attempt}; tries again` : ''}: ${gistOf(event.error)}`, `${paint('failed:', 'red', colors)} `);
      case 'skipped':
        return say(event.point, `skipped: ${event.because}`);
      case 'interrupted':
        return say(event.point, 'interrupted');
      case 'exported':
      case 'end':
        return undefined;
    }
  };
  return { show, close: flushCached };
}
