import { join } from 'node:path';
import { clockStepMs, isAsThen, measureFile, statOrNothing, timesOf, type FileTimes } from '../store/file-times.js';
import type { WorkPlace } from '../store/place.js';
import { readJson } from '../store/read-leniently.js';
import { exportConditions, type DigestedCode } from './code-digest.js';

/** Code as it was digested, with the times of the files it depends on. */
type KnownCode = Pick<DigestedCode, 'digest' | 'inputs' | 'absent'> & { readonly found: { readonly [path: string]: FileTimes } };

/**
 * Remembers digests of code in a store, so that a command that runs nothing bundles nothing.
 *
 * A digest that is remembered counts as long as every file it depends on is the same, and none has come that would have been taken instead.
 */
export class KnownCodes {
  readonly #path: string;
  #known: Map<string, KnownCode> | undefined;
  readonly #news = new Map<string, KnownCode>();

  constructor(storeFolder: string) {
    this.#path = join(storeFolder, 'codes.json');
  }

  /** The code that begins at an entry; undefined if it has changed, or nothing is known of it. */
  get(entry: string): DigestedCode | undefined {
    const known = (this.#known ??= this.#load()).get(nameOf(entry));
    return known && holds(known) ? { ...known, found: Object.keys(known.found) } : undefined;
  }

  /**
   * Notes what an entry was digested to, unless one of its files has only just been written.
   *
   * @param begunAt  When digesting began, ms.
   */
  note(entry: string, { digest, inputs, found, absent }: DigestedCode, begunAt: number): void {
    const times: { [path: string]: FileTimes } = {};
    for (const path of found) {
      const stats = statOrNothing(path);
      if (!stats || stats.ctimeMs >= begunAt - clockStepMs) return;
      times[path] = timesOf(stats);
    }
    // What was read may be gone by now.
    if (inputs.every((path) => path in times) && absent.every(isNoFile)) this.#news.set(nameOf(entry), { digest, inputs, absent, found: times });
  }

  /** Keeps what was noted. Of what was known before, what no longer holds is dropped. */
  async keep(place: WorkPlace): Promise<void> {
    if (this.#news.size === 0) return;
    const codes = new Map([...[...this.#load()].filter(([, code]) => holds(code)), ...this.#news]);
    this.#news.clear();
    // Without it the code is digested again.
    await place.writeWhole(this.#path, JSON.stringify(Object.fromEntries(codes))).catch(() => undefined);
  }

  #load(): Map<string, KnownCode> {
    return new Map(Object.entries((readJson(this.#path) ?? {}) as { [name: string]: KnownCode }));
  }
}

/** Whether a line is whole, and all that it depends on as it was. */
function holds(code: KnownCode): boolean {
  try {
    const { digest, inputs, found, absent } = code;
    return typeof digest === 'string' && Array.isArray(inputs) && Object.entries(found).every(([path, times]) => isAsThen(statOrNothing(path), times)) && absent.every(isNoFile);
  } catch {
    return false;
  }
}

function isNoFile(path: string): boolean {
  return measureFile(path) === undefined;
}

function nameOf(entry: string): string {
  return [...exportConditions, entry].join(' ');
}
