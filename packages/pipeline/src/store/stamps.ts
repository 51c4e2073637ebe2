import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { clockStepMs, isAsThen, measureFile, statOrNothing, type FileTimes } from './file-times.js';
import { LineFile } from './line-file.js';

/** Times of each file of an object when its content was last hashed, change times of its folders, and when that was. */
type Stamp = { readonly digest: string; readonly checkedAt: number; readonly files: { readonly [path: string]: FileTimes }; readonly folders?: { readonly [path: string]: number } };

/**
 * Remembers which objects were found intact, so that a check need not hash them again.
 */
export class Stamps {
  readonly #stamps: LineFile<Stamp>;

  constructor(storeFolder: string) {
    this.#stamps = new LineFile(join(storeFolder, 'stamps.jsonl'), ({ files, digest }) => (Object.keys(files).length > 0 ? digest : undefined));
  }

  /** Whether all files of an object are as they were when they were last hashed, and no other has come to them. */
  holds(digest: string, folder: string): boolean {
    const stamp = this.#stamps.get(digest);
    if (!stamp) return false;
    const mostRecent = stamp.checkedAt - clockStepMs;
    for (const path of Object.keys(stamp.files)) {
      const now = statOrNothing(`${folder}/${path}`);
      if (!isAsThen(now, stamp.files[path]!) || now.ctimeMs >= mostRecent) return false;
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
    const measured = paths.map((path) => [path, measureFile(join(folder, path))] as const);
    if (measured.some(([, values]) => values === undefined)) return;
    const stamp: Stamp = { digest, checkedAt: begunAt, files: Object.fromEntries(measured) as Stamp['files'], folders: Object.fromEntries([...foldersOf(paths)].map((path) => [path, changeOf(join(folder, path))])) };
    this.#stamps.note(digest, stamp);
  }
}

function changeOf(folder: string): number {
  return statOrNothing(folder)?.ctimeMs ?? -1;
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
