import util from 'node:util';

/** Puts back onto node:util what left it in Node 23 and tfjs-node 4.22 still calls. */
export function restoreRemovedFunctions(): void {
  const removed = { isNullOrUndefined: (x: unknown) => x === null || x === undefined, isArray: Array.isArray };
  const target = util as unknown as { [name: string]: unknown };
  for (const [name, replacement] of Object.entries(removed)) target[name] ??= replacement;
}
