import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { outputDigests } from '../../src/store/record.js';
import { StockedStore } from './stocked-store.js';

// Does what runs do, one after the other, and watches that nothing it uses goes away.
const [folder, name, forMs] = process.argv.slice(2);
const end = Date.now() + Number(forMs);
const stock = await StockedStore.open(folder!);
const { store } = stock;
let state = [...name!].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7);
const random = (below: number) => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) % below;
let [uses, makes] = [0, 0];
const lost: string[] = [];

async function comesBack(key: string): Promise<boolean> {
  for (const until = Date.now() + 5000; Date.now() < until; await sleep(20)) if (store.hasRecord(key)) return true;
  return false;
}

for (let run = 0; Date.now() < end; run++) {
  const id = `${name}-${run}`;
  await stock.run(id, [], { state: 'running' });
  const digests: string[] = [];
  const inUse = new Set<string>();
  for (let i = 0; i < 6; i++) {
    // Several actions come to one content.
    const point = random(12);
    const key = stock.key(`a${point}`);
    const isUsable = await store.find(key, (message) => lost.push(message)).then((found) => found !== undefined && 'record' in found);
    if (isUsable) stock.use(id, key);
    if (isUsable && store.hasRecord(key)) uses++;
    else {
      const lease = await store.lease(key, { onWait: () => undefined });
      stock.use(id, key);
      await stock.action(`a${point}`, [point >> 1, 1, 2]);
      await lease.release();
      makes++;
    }
    const record = store.readRecord(key);
    inUse.add(key);
    if (record) digests.push(...outputDigests(record));
    for (const digest of digests) {
      await sleep(random(4));
      await readFile(join(store.objects.folder(digest), 'artifact.json')).catch((cause: Error) => lost.push(`${id}: ${cause.message}`));
    }
  }
  // A collection that was planned before the use moves the record away, sees the use, and puts it back.
  for (const key of inUse) if (!(await comesBack(key))) lost.push(`the record of ${key.slice(0, 8)} went while ${id} used it`);
  await stock.finish(id);
}
await store.close();
process.stdout.write(JSON.stringify({ uses, makes, lost }));
