import { join } from 'node:path';
import { clockStepMs, statOrNothing, timesOf } from '../store/file-times.js';
import { namesIn } from '../store/read-leniently.js';
import { isNoCode } from './program-digest.js';

/** Something made of the content of files, and which these were. */
export type Made<T> = { readonly value: T; readonly paths: readonly string[] };

type Held<T> = { readonly value: T; readonly paths: readonly string[]; readonly standing: string; readonly isSure: boolean; lookedAt: number };

/** While a run plans, files are looked at again after this long. */
const trustedMs = 1_000;

/**
 * Remembers what was made of files, and makes it again once they have changed.
 *
 * Size, times and inode of a file tell whether to read it again; whether it is another is told by what is then made of it.
 */
export class Watched<T> {
  readonly #make: () => Promise<Made<T>>;
  #held: Promise<Held<T>> | undefined;

  constructor(make: () => Promise<Made<T>>) {
    this.#make = make;
  }

  /** @param options.isNow  Looks at the files however short ago that was done. */
  async get(options: { isNow?: boolean } = {}): Promise<T> {
    const asked = (this.#held ??= this.#hold());
    const held = await asked;
    if (options.isNow !== true && performance.now() - held.lookedAt < trustedMs) return held.value;
    held.lookedAt = performance.now();
    if (held.isSure && standingOf(held.paths).text === held.standing) return held.value;
    // Someone else may have found the same meanwhile.
    if (this.#held === asked) this.#held = this.#hold();
    return (await (this.#held ??= this.#hold())).value;
  }

  /** What could not be read may be there the next time. */
  #hold(): Promise<Held<T>> {
    const held = this.#read();
    held.catch(() => { if (this.#held === held) this.#held = undefined; });
    return held;
  }

  async #read(): Promise<Held<T>> {
    const begunAt = Date.now();
    const { value, paths } = await this.#make();
    const { text, newest } = standingOf(paths);
    return { value, paths, standing: text, isSure: newest < begunAt - clockStepMs, lookedAt: performance.now() };
  }
}

/** How files stand, and those below folders, links followed. */
function standingOf(paths: readonly string[]): { readonly text: string; readonly newest: number } {
  const lines: string[] = [];
  let newest = 0;
  const visit = (path: string, depth: number): void => {
    const found = statOrNothing(path);
    if (found?.isDirectory() === true && depth < deepest) {
      for (const name of namesIn(path).sort()) if (!isNoCode(name)) visit(join(path, name), depth + 1);
      return;
    }
    newest = Math.max(newest, found?.ctimeMs ?? 0);
    lines.push(`${path}\0${found === undefined ? '' : timesOf(found).join(' ')}`);
  };
  for (const path of paths) visit(path, 0);
  return { text: lines.join('\n'), newest };
}

/** Paths are no longer than some thousand characters, so folders below this lie in each other by links. */
const deepest = 200;
