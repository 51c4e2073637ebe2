import { mkdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { leasedKeys, takeLease, type Lease } from '../store/lease.js';
import { outputDigests } from '../store/record.js';
import type { Store } from '../store/store.js';
import { namesIn } from '../store/read-leniently.js';

const leaseName = 'collection';
type TrashKind = 'records' | 'objects' | 'state' | 'other';

/** Waits until no other process collects, then takes the right to. */
export function takeCollectionLease(store: Store, onWait: (holder: string) => void): Promise<Lease> {
  return takeLease(store.folder, leaseName, { place: store.place, onWait });
}

/** The folder `trash` of a store: what is about to go, and can still come back. Only the holder of the collection's lease touches it. */
export class Trash {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async make(): Promise<void> {
    for (const kind of ['records', 'objects', 'state', 'other']) await mkdir(join(this.#folder, kind), { recursive: true });
  }

  /** @returns whether it was there to be moved. */
  async take(kind: TrashKind, path: string, name = basename(path)): Promise<boolean> {
    return moves(path, this.#path(kind, name));
  }

  /** Puts something back, unless it has been made anew meanwhile. */
  async putBack(kind: TrashKind, path: string, name = basename(path)): Promise<boolean> {
    if (existsSync(path)) return false;
    return moves(this.#path(kind, name), path);
  }

  async destroy(kind: TrashKind, name: string): Promise<void> {
    await rm(this.#path(kind, name), { recursive: true, force: true });
  }

  names(kind: TrashKind): string[] {
    return namesIn(join(this.#folder, kind));
  }

  /** Takes back what a collection that died had not yet decided, and finishes what it had. */
  async undo(): Promise<void> {
    for (const name of this.names('records')) await this.putBack('records', this.#store.path('records', name));
    for (const name of this.names('state')) await this.putBack('state', this.#store.path('state', name));
    if (this.names('objects').length > 0) {
      const named = new Set(this.#store.records().flatMap(outputDigests));
      for (const name of this.names('objects')) if (named.has(`sha256:${name}`)) await this.putBack('objects', this.#store.path('objects', name));
    }
    await this.remove();
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  get exists(): boolean {
    return existsSync(this.#folder);
  }

  get #folder(): string {
    return join(this.#store.folder, 'trash');
  }

  #path(kind: TrashKind, name: string): string {
    return join(this.#folder, kind, name);
  }
}

/** Undoes what a collection that died left half done. Cheap if there is nothing; does nothing while one is at work. */
export async function undoDeadCollection(store: Store): Promise<void> {
  const trash = new Trash(store);
  if (!trash.exists || (await leasedKeys(store.folder)).has(leaseName)) return;
  const lease = await takeCollectionLease(store, () => undefined);
  try {
    await trash.undo();
  } finally {
    await lease.release();
  }
}

async function moves(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (cause) {
    // Gone, or another one has come to be there.
    if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes((cause as NodeJS.ErrnoException).code ?? '')) return false;
    throw cause;
  }
}
