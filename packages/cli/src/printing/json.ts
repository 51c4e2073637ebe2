import { visibleText } from '@memgeo/artifacts/contract';

/** Prints a value for programs. Characters that a terminal would obey are written as escapes, which JSON reads as the same. */
export function printJson(value: unknown): void {
  process.stdout.write(`${toJsonText(value)}\n`);
}

export function toJsonText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner instanceof Map ? Object.fromEntries(inner) : inner), 2).split('\n').map(visibleText).join('\n');
}
