import { UserError } from '../user-error.js';

const timeUnits = { s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, y: 31_557_600_000 } as const;
const sizeUnits = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;

/** As in 30d, 12 h, 90min. @throws UserError */
export function parseAge(text: string, option: string): number {
  return parseQuantity(text, timeUnits, `${option} must be a time, as in 30d, 12h or 90min`);
}

/** As in 20GiB, 500 MB. @throws UserError */
export function parseSize(text: string, option: string): number {
  return parseQuantity(text, sizeUnits, `${option} must be a size, as in 20GiB or 500MB`);
}

function parseQuantity(text: string, units: { readonly [unit: string]: number }, demand: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/.exec(text.trim()) ?? [];
  const found = Object.entries(units).find(([name]) => name.toLowerCase() === unit?.toLowerCase());
  if (amount === undefined || !found) throw new UserError(`${demand}; got "${text}". Units are ${Object.keys(units).join(', ')}.`);
  return Number(amount) * found[1];
}

/** 0 B, 812 B, 1.2 MiB, 38 GiB. */
export function formatBytes(bytes: number): string {
  let [value, unit] = [bytes, 'B'];
  for (const next of ['KiB', 'MiB', 'GiB', 'TiB']) {
    if (value < 999.5) break;
    [value, unit] = [value / 1024, next];
  }
  return `${unit === 'B' || value >= 99.5 ? Math.round(value) : Number(value.toPrecision(2))} ${unit}`;
}

/** now, 5 min, 3 h, 12 d, 2.1 y: how long ago. */
export function formatAge(ms: number): string {
  if (ms < timeUnits.min) return 'now';
  if (ms < timeUnits.h) return `${Math.floor(ms / timeUnits.min)} min`;
  if (ms < 2 * timeUnits.d) return `${Math.floor(ms / timeUnits.h)} h`;
  return ms < timeUnits.y ? `${Math.floor(ms / timeUnits.d)} d` : `${(ms / timeUnits.y).toFixed(1)} y`;
}

export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** Rows in columns, numbers to the right; the first column is cut where the line would be longer than the terminal. */
export function alignColumns(rows: readonly (readonly string[])[], rightAligned: readonly number[], width: number | undefined): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const others = widths.slice(1).reduce((sum, cell) => sum + cell + 2, 0);
  if (width !== undefined) widths[0] = Math.max(12, Math.min(widths[0]!, width - others));
  return rows.map((row) => row.map((cell, column) => (rightAligned.includes(column) ? cell.padStart(widths[column]!) : shorten(cell, widths[column]!).padEnd(widths[column]!))).join('  ').trimEnd());
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3)}...`;
}
