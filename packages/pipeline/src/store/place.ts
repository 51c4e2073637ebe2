import { createHash } from 'node:crypto';
import { mkdirSync, utimesSync } from 'node:fs';
import { open, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeTree } from './remove-tree.js';
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.js';

/** A process on another machine that has not shown itself for this long counts as gone. */
export const silenceMs = 30_000;
const signOfLifeMs = 2_000;

/**
 * A private folder of this process in the store, where everything is written before it is renamed into place.
 *
 * Its name says whose it is, so that what a dead process left is found and removed.
 */
export class WorkPlace {
  readonly folder: string;
  readonly #signs: NodeJS.Timeout;
  #count = 0;

  constructor(storeFolder: string) {
    this.folder = join(storeFolder, 'work', placeName(ownIdentity()));
    mkdirSync(this.folder, { recursive: true });
    this.#signs = setInterval(() => { try { utimesSync(this.folder, new Date(), new Date()); } catch { /* The store is gone; whoever writes next says so. */ } }, signOfLifeMs);
    this.#signs.unref();
  }

  /** A path in it that nothing has used. */
  fresh(name: string): string {
    return join(this.folder, `${this.#count++}-${name}`);
  }

  /** A path beside another one that nothing has used, for what can't be renamed from here; its name says whose it is, too. */
  freshBeside(path: string): string {
    return join(dirname(path), `.${basename(this.folder)}-${this.#count++}`);
  }

  /** Writes a file so that a reader sees the old content or the new, and the new survives a power cut. */
  async writeWhole(path: string, content: string, beforeRename: () => void = () => undefined): Promise<void> {
    const temporary = this.fresh('partial');
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    beforeRename();
    await rename(temporary, path);
  }

  async remove(): Promise<void> {
    clearInterval(this.#signs);
    await removeTree(this.folder);
  }
}

const placeNamePattern = /^\.?(?<pid>\d+)-(?<start>\d+|x)-(?<machine>[0-9a-f]{8})(?:-\d+)?$/;

/** A name for the folder of a process. */
function placeName({ host, space, pid, start }: ProcessIdentity): string {
  return `${pid}-${start === '' ? 'x' : start}-${machineOf({ host, space })}`;
}

/**
 * Whether the process that made a folder of {@link WorkPlace}, or something beside a path, still runs. What no such process can have made, by its
 * name, is somebody else's, who counts as alive.
 */
export async function isOwnerAlive(path: string): Promise<boolean> {
  const { pid, start, machine } = placeNamePattern.exec(basename(path))?.groups ?? {};
  if (pid === undefined) return true;
  const here = ownIdentity();
  const isSeen = machine === machineOf(here) ? isRunning({ ...here, pid: Number(pid), start: start === 'x' ? '' : start! }) : undefined;
  return isSeen ?? (await stat(path).then(({ mtimeMs }) => Date.now() - mtimeMs < silenceMs, () => false));
}

function machineOf({ host, space }: { host: string; space: string }): string {
  return createHash('sha256').update(`${host} ${space}`).digest('hex').slice(0, 8);
}
