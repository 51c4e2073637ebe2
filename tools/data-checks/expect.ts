import { isDeepStrictEqual } from 'node:util';

/** Throws unless two values are deeply equal. */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) throw new Error(`${what} must be ${shorten(expected)}; got ${shorten(actual)}.`);
}

/** Throws, listing the first few, unless a list of faults is empty. */
export function expectNone(what: string, faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(`${what}: ${faults.length} at fault: ${faults.slice(0, 5).join('; ')}.`);
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
