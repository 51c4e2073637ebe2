import { appendFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readLines } from './read-leniently.js';

/** Size, change times and inode of each file of an object when its content was last hashed, change times of its folders, and when that was. */
type Stamp = { readonly digest: string; readonly checkedAt: number; readonly files: { readonly [path: string]: readonly number[] }; readonly folders?: { readonly [path: string]: number } };

/** The file system's clock may stand still for this long: a file changed so shortly before it was read may have changed since. */
export const clockStepMs = 20;

/**
 * Remembers which objects were found intact, so that a check need not hash them again.
 *
 * One line a check, appended to one file and read at once. A line that is torn or lost costs a hash, never a wrong answer.
 */
export class Stamps {
  readonly #path: string;
  #stamps: Map<string, Stamp> | undefined;

  constructor(storeFolder: string) {
    this.#path = join(storeFolder, 'stamps.jsonl');
  }

  /** Whether all files of an object are as they were when they were last hashed, and no other has come to them. */
  holds(digest: string, folder: string): boolean {
    const stamp = this.#load().get(digest);
    if (!stamp) return false;
    const mostRecent = stamp.checkedAt - clockStepMs;
    for (const path of Object.keys(stamp.files)) {
      const now = statSync(`${folder}/${path}`, quietly);
      const [size, mtimeMs, ctimeMs, ino] = stamp.files[path]!;
      const isSame = now?.isFile() === true && now.size === size && now.mtimeMs === mtimeMs && now.ctimeMs === ctimeMs && now.ino === ino;
      if (!isSame || now.ctimeMs >= mostRecent) return false;
    }
    // The times of a folder also change where nothing in it does: then its names tell.
    return Object.entries(stamp.folders ?? { '.': 0 }).every(([path, then]) => changeOf(`${folder}/${path}`) === then) || holdsNoMore(folder, '', stamp.files);
  }

  /**
   * Notes that an object was found intact.
   *
   * @param begunAt  When its hashing began.
   */
  note(digest: string, folder: string, paths: readonly string[], begunAt: number): void {
    const measured = paths.map((path) => [path, measure(join(folder, path))] as const);
    if (measured.some(([, values]) => values === undefined)) return;
    const stamp: Stamp = { digest, checkedAt: begunAt, files: Object.fromEntries(measured) as Stamp['files'], folders: Object.fromEntries([...foldersOf(paths)].map((path) => [path, changeOf(join(folder, path))])) };
    this.#load().set(digest, stamp);
    try {
      appendFileSync(this.#path, `${JSON.stringify(stamp)}\n`);
    } catch {
      // Without it the object is hashed again.
    }
  }

  #load(): Map<string, Stamp> {
    if (this.#stamps) return this.#stamps;
    this.#stamps = new Map();
    for (const line of readLines(this.#path)) {
      try {
        const stamp = JSON.parse(line) as Stamp;
        if (Object.keys(stamp.files).length > 0) this.#stamps.set(stamp.digest, stamp);
      } catch {
        continue;
      }
    }
    return this.#stamps;
  }
}

/** Asked of tens of thousands of files: not an object each. */
const quietly = { throwIfNoEntry: false } as const;

function measure(path: string): readonly number[] | undefined {
  const found = statSync(path, quietly);
  return found?.isFile() === true ? [found.size, found.mtimeMs, found.ctimeMs, found.ino] : undefined;
}

function changeOf(folder: string): number {
  return statSync(folder, quietly)?.ctimeMs ?? -1;
}

function foldersOf(paths: readonly string[]): Set<string> {
  const folders = new Set<string>(['.']);
  for (const path of paths) for (let inner = dirname(path); !folders.has(inner); inner = dirname(inner)) folders.add(inner);
  return folders;
}

function holdsNoMore(folder: string, inside: string, files: Stamp['files']): boolean {
  try {
    return readdirSync(join(folder, inside), { withFileTypes: true }).every((entry) => {
      const path = `${inside}${entry.name}`;
      return entry.isDirectory() ? holdsNoMore(folder, `${path}/`, files) : Object.hasOwn(files, path);
    });
  } catch {
    return false;
  }
}
