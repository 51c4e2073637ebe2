import { addPin, findPinTarget, pinsNamed, readPins, removePin, type Pin } from '@memgeo/pipeline';
import { cleanLine } from '../rendering/clean-text.js';
import { UserError } from '../user-error.js';
import { openExistingStoreToWrite } from './cache-store.js';
import type { StoreOption } from './store-option.js';

/** Keeps what a run used, or an action, from `cache gc`. */
export async function pinCache(name: string, options: StoreOption): Promise<number> {
  const store = await openExistingStoreToWrite(options.store);
  try {
    const target = findPinTarget(store, name);
    if ('problem' in target) throw new UserError(target.problem);
    for (const pin of target.pins) {
      await addPin(store, pin);
      process.stdout.write(`pinned ${describe(pin)}\n`);
    }
    return 0;
  } finally {
    await store.close();
  }
}

/** Takes pins away. */
export async function unpinCache(name: string, options: StoreOption): Promise<number> {
  const store = await openExistingStoreToWrite(options.store);
  try {
    const pins = readPins(store);
    const named = pinsNamed(pins, name);
    if (named.length === 0) throw new UserError(`Nothing is pinned as "${name}". ${pins.length === 0 ? 'There are no pins.' : `Pinned are ${pins.slice(0, 8).map((pin) => (pin.kind === 'run' ? pin.run : pin.point)).join(', ')}.`}`);
    for (const pin of named) {
      await removePin(store, pin);
      process.stdout.write(`unpinned ${describe(pin)}\n`);
    }
    return 0;
  } finally {
    await store.close();
  }
}

function describe(pin: Pin): string {
  return cleanLine(pin.kind === 'run' ? `all that the run ${pin.run} used` : `${pin.point}, key ${pin.key.slice(0, 12)}`);
}
