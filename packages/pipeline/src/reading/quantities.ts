const durations = { ms: 1, s: 1000, sec: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const sizes = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;
/** Timers of JavaScript take 32 bits of milliseconds. */
const longestMs = 24 * durations.d;

/**
 * Reads a length of time, as in `90 min`; a number is in seconds.
 *
 * @throws RangeError that says what it must be.
 */
export function parseDuration(value: string | number): number {
  const ms = read(value, durations, durations.s);
  if (ms === undefined || !(ms >= 1 && ms <= longestMs)) throw new RangeError(`must be a time from 1 ms to 24 d, as in 45 s, 90 min or 2 h, or a number of seconds; got ${JSON.stringify(value)}`);
  return Math.round(ms);
}

/**
 * Reads a size of memory, as in `4 GiB`; a number is in bytes.
 *
 * @throws RangeError that says what it must be.
 */
export function parseByteSize(value: string | number): number {
  const bytes = read(value, sizes, 1);
  if (bytes === undefined || !(bytes >= 1 && bytes <= Number.MAX_SAFE_INTEGER)) throw new RangeError(`must be a size, as in 512 MiB or 4 GiB, or a number of bytes; got ${JSON.stringify(value)}`);
  return Math.round(bytes);
}

function read(value: string | number, units: { readonly [unit: string]: number }, bare: number): number | undefined {
  if (typeof value === 'number') return value * bare;
  const { amount, unit } = /^\s*(?<amount>\d{1,15}(?:\.\d{1,9})?) ?(?<unit>[A-Za-z]*)\s*$/.exec(value)?.groups ?? {};
  if (amount === undefined || unit === undefined) return undefined;
  if (unit === '') return Number(amount) * bare;
  return Object.hasOwn(units, unit) ? Number(amount) * units[unit]! : undefined;
}
