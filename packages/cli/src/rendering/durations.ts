/** 850 ms, 4.2 s, 1 min 20 s, 2 h 5 min. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds) % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Estimates the time left from what is done; undefined before there is enough to tell. */
export function estimateLeft(startedAt: number, share: number): number | undefined {
  const elapsed = Date.now() - startedAt;
  return share > 0.02 && elapsed > 2000 ? (elapsed * (1 - share)) / share : undefined;
}

/** As in `42 %, about 1 min 3 s left`. */
export function formatProgress(startedAt: number, done: number, total: number): string {
  const share = total > 0 ? done / total : 0;
  const left = estimateLeft(startedAt, share);
  return `${Math.floor(100 * share)} %${left === undefined ? '' : `, about ${formatDuration(left)} left`}`;
}
