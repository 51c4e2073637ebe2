import { Store, StoreError, verifyStore, type VerifyProgress } from '@memgeo/pipeline';
import { cleanLine } from '../rendering/clean-text.js';
import { countOf, formatBytes } from './cache-quantities.js';
import { openExistingStore } from './cache-store.js';
import type { StoreOption } from './store-option.js';

const shownPoints = 20;
const progressEveryMs = 200;

/** Hashes every stored object again; damaged ones go to quarantine where the store can be written. */
export async function verifyCache(options: StoreOption & { readonly json?: boolean }): Promise<number> {
  const readable = openExistingStore(options.store);
  const store = await Store.open(options.store).catch((cause: unknown) => {
    if (!(cause instanceof StoreError)) throw cause;
    process.stderr.write(`note: ${cause.message.split('. ')[0]}. Damage is only told.\n`);
    return readable;
  });
  const progress = terminalProgress();
  try {
    const found = await verifyStore(store, { onDamage: (message) => { progress.clear(); process.stderr.write(`${message}\n`); }, onProgress: progress.show });
    progress.clear();
    process.stdout.write(options.json === true ? `${JSON.stringify(found, null, 2)}\n` : `${describe(found).join('\n')}\n`);
    return found.damaged.length + found.brokenRecords.length === 0 ? 0 : 1;
  } finally {
    await store.close();
  }
}

function describe({ objects, bytes, damaged, brokenRecords, incomplete }: Awaited<ReturnType<typeof verifyStore>>): string[] {
  const lines = [`${countOf(objects, 'object')} hashed, ${formatBytes(bytes)}: ${damaged.length === 0 ? 'all are intact' : `${damaged.length} damaged`}`];
  if (brokenRecords.length > 0) lines.push(`${countOf(brokenRecords.length, 'record')} can't be read and count${brokenRecords.length === 1 ? 's' : ''} as not there: ${brokenRecords.slice(0, 3).map((key) => key.slice(0, 16)).join(', ')}`);
  if (incomplete.length > 0) lines.push('These lack an output and run again when they are needed:', ...incomplete.slice(0, shownPoints).map(({ point }) => `  ${cleanLine(point)}`));
  if (incomplete.length > shownPoints) lines.push(`  and ${incomplete.length - shownPoints} more; --json lists all`);
  return lines;
}

/** One line on a terminal, and nothing elsewhere. */
function terminalProgress(): { show(progress: VerifyProgress): void; clear(): void } {
  let last = 0;
  const write = (text: string) => { if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`); };
  return {
    show: ({ objects, ofObjects, bytes, ofBytes }) => {
      if (Date.now() - last < progressEveryMs) return;
      last = Date.now();
      write(`${objects} of ${countOf(ofObjects, 'object')}, ${formatBytes(bytes)} of ${formatBytes(ofBytes)}`);
    },
    clear: () => write(''),
  };
}
