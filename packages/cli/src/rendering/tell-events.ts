import type { StageEvent } from '@memgeo/stage';
import { formatProgress } from './durations.js';

/** Shows messages and, on a terminal, progress with the time left. */
export function tellEvents(): (event: StageEvent) => void {
  const startedAt = Date.now();
  let last = 0;
  return (event) => {
    if (event.type !== 'progress') process.stderr.write(`${event.type === 'warning' ? 'warning: ' : ''}${event.message}\n`);
    else if (process.stderr.isTTY && Date.now() - last > 200) {
      last = Date.now();
      process.stderr.write(`\r\u001b[K${formatProgress(startedAt, event.done, event.total)}  ${event.label}\r`);
    }
  };
}
