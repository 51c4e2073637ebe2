import { statSync, type Stats } from 'node:fs';

/** Size, change times and inode of a file: what changes when it does, unless it rots. */
export type FileTimes = readonly number[];

/** The file system's clock may stand still for this long: a file changed so shortly before it was read may have changed since. */
export const clockStepMs = 20;

/** Asked of tens of thousands of files: not an object each. */
const quietly = { throwIfNoEntry: false } as const;

export function statOrNothing(path: string): Stats | undefined {
  return statSync(path, quietly);
}

export function timesOf({ size, mtimeMs, ctimeMs, ino }: Stats): FileTimes {
  return [size, mtimeMs, ctimeMs, ino];
}

/** Times of what lies at a path; undefined if that is no file. */
export function measureFile(path: string): FileTimes | undefined {
  const found = statOrNothing(path);
  return found?.isFile() === true ? timesOf(found) : undefined;
}

/** Whether a file is there and has the times it had. */
export function isAsThen(now: Stats | undefined, [size, mtimeMs, ctimeMs, ino]: FileTimes): now is Stats {
  return now?.isFile() === true && now.size === size && now.mtimeMs === mtimeMs && now.ctimeMs === ctimeMs && now.ino === ino;
}
