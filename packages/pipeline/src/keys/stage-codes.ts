import type { StageCatalog } from '../catalog/stage-catalog.js';
import type { WorkPlace } from '../store/place.js';
import { digestCode, type StageCode } from './code-digest.js';
import { KnownCodes } from './known-codes.js';
import { Watched } from './watched.js';

/** The code of installed stages, digested again only once it has changed. */
export class StageCodes {
  readonly #catalog: StageCatalog;
  readonly #known: KnownCodes | undefined;
  readonly #codes = new Map<string, Watched<StageCode>>();

  /** @param storeFolder  Of the store that remembers digests from one process to the next; there need not be one yet. */
  constructor(catalog: StageCatalog, storeFolder?: string) {
    this.#catalog = catalog;
    this.#known = storeFolder === undefined ? undefined : new KnownCodes(storeFolder);
  }

  of(id: string): Watched<StageCode> {
    let code = this.#codes.get(id);
    if (!code) {
      code = new Watched(async () => {
        const value = await this.#digest(this.#catalog.entry(id));
        return { value, paths: [...value.found, ...value.absent] };
      });
      this.#codes.set(id, code);
    }
    return code;
  }

  /** Begins to digest the code of stages, all at once: another process does it, while this one does something else. */
  begin(ids: Iterable<string>): void {
    for (const id of ids) this.of(id).get().catch(() => undefined);
  }

  /** Keeps what was digested, for the next process. */
  async keep(place: WorkPlace): Promise<void> {
    await this.#known?.keep(place);
  }

  async #digest(entry: string): ReturnType<typeof digestCode> {
    const known = this.#known?.get(entry);
    if (known) return known;
    const begunAt = Date.now();
    const code = await digestCode(entry);
    this.#known?.note(entry, code, begunAt);
    return code;
  }
}
