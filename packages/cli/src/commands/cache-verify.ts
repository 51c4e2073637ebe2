import { outputDigests, Store } from '@memgeo/pipeline';
import type { StoreOption } from './store-option.js';

/** Hashes every stored object again; damaged ones go to quarantine. */
export async function verifyCache(options: StoreOption): Promise<number> {
  const store = await Store.open(options.store);
  const objects = await store.objects();
  let damaged = 0;
  for (const digest of objects) {
    if (!(await store.isIntact(digest, (message) => process.stderr.write(`${message}\n`), { isThorough: true }))) damaged++;
  }
  const stored = new Set(await store.objects());
  const incomplete = (await store.records()).filter((record) => outputDigests(record).some((digest) => !stored.has(digest)));
  process.stdout.write(`${objects.length} objects, ${damaged} damaged; ${incomplete.length} actions lack an output and will run again when needed\n`);
  return damaged === 0 ? 0 : 1;
}
