import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Store, StoreError } from '@memgeo/pipeline';
import { UserError } from '../user-error.js';

/** Opens a store that is there, to read. @throws UserError if there is none. */
export function openExistingStore(folder: string): Store {
  const store = Store.openForReading(folder);
  if (!existsSync(join(store.folder, 'records'))) throw new UserError(`There is no store at ${store.folder}. Name one by --store; memgeo run makes it.`);
  return store;
}

/** Opens a store that is there, to write. @throws UserError if there is none or it can't be written. */
export async function openExistingStoreToWrite(folder: string): Promise<Store> {
  openExistingStore(folder);
  try {
    return await Store.open(folder);
  } catch (cause) {
    if (cause instanceof StoreError) throw new UserError(cause.message, { cause });
    throw cause;
  }
}
