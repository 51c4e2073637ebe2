/** 850 ms, 4.2 s, 1 min 20 s, 2 h 5 min: what was measured. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  return ms < 59_950 ? `${(ms / 1000).toFixed(1)} s` : formatElapsed(ms + 500);
}

/** 4 s, 1 min 20 s, 2 h 5 min, 3 d 4 h: whole units, rounded down, as a clock shows what has passed. */
export function formatElapsed(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** 3 s, 40 s, 1 min 30 s, 12 min, 2 h 5 min: what was estimated, no finer than that deserves, so that it does not flicker. */
export function formatEstimate(ms: number): string {
  const seconds = ms / 1000;
  const step = seconds < 10 ? 1 : seconds < 55 ? 5 : seconds < 300 ? 10 : 60;
  const rounded = Math.max(1, Math.ceil(seconds / step) * step);
  return rounded >= 60 && rounded < 3600 && rounded % 60 === 0 ? `${rounded / 60} min` : formatElapsed(1000 * rounded);
}

/** As in `42 %`; 100 only if all is done. */
export function formatShare(share: number): string {
  return `${Math.min(share < 1 ? 99 : 100, Math.max(0, Math.floor(100 * share)))} %`;
}
