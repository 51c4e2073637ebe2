const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** As in `12 KiB` and `3.4 GiB`. */
export function formatBytes(bytes: number): string {
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** unit;
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : Number(value.toPrecision(2))} ${units[unit]!}`;
}

/** As in `2026-01-02 10:11:12 UTC`, like the names of runs. */
export function formatTime(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC` : iso;
}

/** The beginning of a digest or key, long enough to be found by. */
export function shortHash(hash: string): string {
  return hash.replace('sha256:', '').slice(0, 12);
}

/** As in `12 points` and `1 point`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** As in `geometry[epoch=0], geometry[epoch=1], ... and 98 more`. */
export function listed(names: readonly string[], shown = 4): string {
  return names.length <= shown + 1 ? names.join(', ') : `${names.slice(0, shown).join(', ')}, ... and ${names.length - shown} more`;
}
