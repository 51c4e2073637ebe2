import type { RunEvent } from '@memgeo/pipeline';
import { formatDuration, formatProgress } from './durations.js';

/** A line of progress at most this often per point. */
const everyMs = 5_000;

/** Shows a run as lines, each with the point it is about: for logs and pipes. */
export function plainRenderer(write: (line: string) => void): (event: RunEvent) => void {
  const startedAt = new Map<string, number>();
  const toldAt = new Map<string, number>();
  return (event) => {
    switch (event.type) {
      case 'begin':
        return write(`${event.pipeline}: ${event.points.length} points`);
      case 'cached':
        return write(`${event.point} | cached`);
      case 'started':
        startedAt.set(event.point, Date.now());
        toldAt.set(event.point, Date.now());
        return write(`${event.point} | starts: ${event.reasons.join('; ')}`);
      case 'waiting':
        return write(`${event.point} | waits for ${event.holder}, which is running it`);
      case 'progress': {
        if (Date.now() - (toldAt.get(event.point) ?? 0) < everyMs) return undefined;
        toldAt.set(event.point, Date.now());
        return write(`${event.point} | ${event.label} (${formatProgress(startedAt.get(event.point) ?? Date.now(), event.done, event.total)})`);
      }
      case 'message':
        return write(`${event.point} | ${event.level === 'warning' ? 'warning: ' : ''}${event.message}`);
      case 'done':
        return write(`${event.point} | ran in ${formatDuration(event.durationMs)}, ${Math.round(event.peakMemoryBytes / 2 ** 20)} MiB`);
      case 'failed':
        return write(`${event.point} | failed${event.willRetry ? `, attempt ${event.attempt}; tries again` : ''}`);
      case 'skipped':
        return write(`${event.point} | skipped: ${event.because}`);
    }
  };
}
