import type { Store } from '../store/store.js';
import { outputDigests } from '../store/record.js';
import { takeInventory } from './inventory.js';

/** How far a verification has come. */
export type VerifyProgress = { readonly objects: number; readonly ofObjects: number; readonly bytes: number; readonly ofBytes: number };

/** What a verification found. */
export type Verified = {
  readonly objects: number;
  readonly bytes: number;
  /** Digests. */
  readonly damaged: readonly string[];
  /** Record files that are no whole record. */
  readonly brokenRecords: readonly string[];
  /** Actions that lack an output, and run again when they are needed. */
  readonly incomplete: readonly { readonly key: string; readonly point: string }[];
};

/** Hashes every object again, one after the other. Damaged ones go to quarantine, unless the store is only read. */
export async function verifyStore(store: Store, options: { onDamage: (message: string) => void; onProgress?: (progress: VerifyProgress) => void; signal?: AbortSignal }): Promise<Verified> {
  const { onDamage, onProgress = () => undefined, signal } = options;
  const { objects } = await takeInventory(store);
  const ofBytes = [...objects.values()].reduce((sum, size) => sum + size, 0);
  const damaged: string[] = [];
  const lost = new Set<string>();
  let [count, bytes] = [0, 0];
  for (const [digest, size] of objects) {
    signal?.throwIfAborted();
    const found = await store.objects.check(digest, onDamage, { isThorough: true });
    if (found !== 'intact') lost.add(digest);
    if (found === 'damaged') damaged.push(digest);
    onProgress({ objects: ++count, ofObjects: objects.size, bytes: (bytes += size), ofBytes });
  }
  const present = new Set((await store.objects.list()).filter((digest) => !lost.has(digest)));
  const brokenRecords: string[] = [];
  const incomplete = store.keys().flatMap((key) => {
    const record = store.readRecord(key);
    if (!record) brokenRecords.push(key);
    return record && outputDigests(record).some((digest) => !present.has(digest)) ? [{ key, point: record.point }] : [];
  });
  return { objects: count, bytes, damaged, brokenRecords, incomplete };
}
