import type { StageCatalog } from '../catalog/stage-catalog.js';
import { digestCode, type StageCode } from './code-digest.js';
import { Watched } from './watched.js';

/** The code of installed stages, digested again only once it has changed. */
export class StageCodes {
  readonly #catalog: StageCatalog;
  readonly #codes = new Map<string, Watched<StageCode>>();

  constructor(catalog: StageCatalog) {
    this.#catalog = catalog;
  }

  of(id: string): Watched<StageCode> {
    let code = this.#codes.get(id);
    if (!code) {
      code = new Watched(async () => {
        const value = await digestCode(this.#catalog.entry(id));
        return { value, paths: value.inputs };
      });
      this.#codes.set(id, code);
    }
    return code;
  }

  /** Begins to digest the code of stages, all at once: another process does it, while this one does something else. */
  begin(ids: Iterable<string>): void {
    for (const id of ids) this.of(id).get().catch(() => undefined);
  }
}
