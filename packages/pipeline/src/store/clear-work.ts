import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { processStart } from './lease.js';
import type { Store } from './store.js';

/** Removes work folders whose process has died. */
export async function clearAbandonedWork(store: Store): Promise<void> {
  for (const name of await readdir(join(store.folder, 'work'))) {
    const [pid, start] = name.split('-');
    if (processStart(Number(pid)) !== start) await rm(join(store.folder, 'work', name), { recursive: true, force: true });
  }
}
