import type { StageEvent } from '@memgeo/stage';
import { cleanLines } from './clean-text.js';
import { formatEstimate, formatShare } from './durations.js';
import { sizeOf } from './frame-writer.js';
import { styledLine } from './styled-line.js';
import { canRewrite } from './terminal-abilities.js';
import { paceLeft, shareDone, type Pace } from './time-left.js';

/** Shows the messages of a single stage and, on a terminal, its progress with the time left. */
export function tellEvents(stream: NodeJS.WriteStream = process.stderr): (event: StageEvent) => void {
  const isLive = canRewrite(stream, process.env);
  const erase = isLive ? '\r\u001b[K' : '';
  let pace: Pace | undefined;
  let drawnAt = 0;
  return (event) => {
    if (event.type !== 'progress') {
      stream.write(`${erase}${event.type === 'warning' ? 'warning: ' : ''}${cleanLines(event.message).join('\n')}\n`);
      return;
    }
    if (!isLive) return;
    const now = Date.now();
    const { done, total } = event;
    pace = pace?.total === total && done >= pace.done ? { ...pace, done, at: now } : { total, done, at: now, fromDone: done, from: now };
    if (done >= total) stream.write(erase);
    else if (now - drawnAt > 200) {
      drawnAt = now;
      const left = paceLeft(pace, now);
      const line = styledLine([formatShare(shareDone({ pace })), left === undefined ? '' : `, about ${formatEstimate(left)} left`, `  ${event.label}`], { columns: sizeOf(stream).columns - 1, colors: false });
      stream.write(`${erase}${line}`);
    }
  };
}
