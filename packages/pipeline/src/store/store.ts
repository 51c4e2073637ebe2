import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ArtifactError, listFiles, manifestName, readManifest, verifyArtifact, type ArtifactManifest } from '@memgeo/artifacts';
import { outputDigests, type ActionRecord } from './record.js';

/** Size and change times of each file of an object when its content was last checked. */
type Stamp = { readonly [path: string]: readonly number[] };

/**
 * Results on disk, by content: `objects` holds artifacts by digest, `records` says which action made which.
 *
 * Everything is written aside and renamed, records last: nothing exists half-way. An object is checked when it is used; if it
 * is missing or damaged it goes to `quarantine` and the action counts as not done.
 */
export class Store {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = resolve(folder);
  }

  /** Makes the folders of a store. */
  static async open(folder: string): Promise<Store> {
    for (const name of ['objects', 'records', 'leases', 'work', 'state', 'stamps', 'latest', 'quarantine', 'runs']) await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, '.gitignore'), '*\n');
    return new Store(folder);
  }

  objectFolder(digest: string): string {
    return join(this.folder, 'objects', nameOf(digest));
  }

  /** Where an interrupted action finds what it had. */
  stateFolder(key: string): string {
    return join(this.folder, 'state', key);
  }

  /**
   * Finds the record of an action whose outputs are all there and unchanged.
   *
   * @param onDamage  Told of an object that was found damaged and put into quarantine.
   */
  async find(key: string, onDamage: (message: string) => void): Promise<ActionRecord | undefined> {
    const record = await this.readRecord(key);
    if (!record) return undefined;
    for (const digest of outputDigests(record)) if (!(await this.isIntact(digest, onDamage))) return undefined;
    return record;
  }

  async readRecord(key: string): Promise<ActionRecord | undefined> {
    try {
      const record = JSON.parse(await readFile(join(this.folder, 'records', `${key}.json`), 'utf8')) as ActionRecord;
      const isWhole = record.format === 1 && record.key === key && outputDigests(record).every((digest) => /^sha256:[0-9a-f]{64}$/.test(digest));
      return isWhole ? record : undefined;
    } catch {
      return undefined;
    }
  }

  async records(): Promise<ActionRecord[]> {
    const names = (await readdir(join(this.folder, 'records'))).filter((name) => name.endsWith('.json'));
    return (await Promise.all(names.map((name) => this.readRecord(name.slice(0, -5))))).filter((record) => record !== undefined);
  }

  /** Moves an artifact into the store. If the same content is there and intact, or comes there at the same time, that stays. */
  async addObject(folder: string, manifest: ArtifactManifest): Promise<void> {
    while (!(await this.isIntact(manifest.digest, () => undefined))) {
      try {
        await rename(folder, this.objectFolder(manifest.digest));
      } catch (cause) {
        // Another action came to the same content and was faster: what it stored is looked at like any other.
        if (['ENOTEMPTY', 'EEXIST'].includes((cause as NodeJS.ErrnoException).code ?? '')) continue;
        throw cause;
      }
      await syncFolder(join(this.folder, 'objects'));
      await this.#writeStamp(manifest.digest);
      return;
    }
    await rm(folder, { recursive: true });
  }

  async writeRecord(record: ActionRecord): Promise<void> {
    await writeWhole(join(this.folder, 'records', `${record.key}.json`), JSON.stringify(record, null, 1));
  }

  /** Remembers which action a point of a pipeline last stood for, to explain what changed. */
  async rememberLatest(pipeline: string, point: string, key: string): Promise<void> {
    if ((await this.latestKey(pipeline, point)) !== key) await writeWhole(this.#latestPath(pipeline, point), key);
  }

  latestKey(pipeline: string, point: string): Promise<string | undefined> {
    return readFile(this.#latestPath(pipeline, point), 'utf8').catch(() => undefined);
  }

  /**
   * Checks an object: by its files' sizes and change times if they are as when it was last hashed, else by hashing.
   *
   * A damaged object is moved to quarantine.
   */
  async isIntact(digest: string, onDamage: (message: string) => void, options: { isThorough?: boolean } = {}): Promise<boolean> {
    const folder = this.objectFolder(digest);
    if (!(await stat(folder).catch(() => undefined))) return false;
    if (options.isThorough !== true && (await this.#hasStamp(digest))) return true;
    try {
      const manifest = await verifyArtifact(folder);
      if (manifest.digest !== digest) throw new ArtifactError(`${folder} holds ${manifest.digest}, not what its name says.`, { path: folder });
      await this.#writeStamp(digest);
      return true;
    } catch (cause) {
      const kept = join(this.folder, 'quarantine', `${nameOf(digest)}-${Date.now()}`);
      // It may be gone by now: another reader found the same.
      await rename(folder, kept).catch((other: NodeJS.ErrnoException) => { if (other.code !== 'ENOENT') throw other; });
      // Or it has been made again by now, and a sound one was moved.
      if (await verifyArtifact(kept).then((manifest) => manifest.digest === digest, () => false)) {
        await rename(kept, folder).catch(() => undefined);
        return this.isIntact(digest, onDamage, options);
      }
      onDamage(`A stored result is damaged and will be made again: ${(cause as Error).message} It is kept in ${kept}.`);
      return false;
    }
  }

  async objects(): Promise<string[]> {
    return (await readdir(join(this.folder, 'objects'))).map((name) => `sha256:${name}`);
  }

  readManifest(digest: string): Promise<ArtifactManifest> {
    return readManifest(this.objectFolder(digest));
  }

  #latestPath(pipeline: string, point: string): string {
    return join(this.folder, 'latest', encodeURIComponent(`${pipeline} ${point}`));
  }

  #stampPath(digest: string): string {
    return join(this.folder, 'stamps', `${nameOf(digest)}.json`);
  }

  async #hasStamp(digest: string): Promise<boolean> {
    try {
      const stamp = JSON.parse(await readFile(this.#stampPath(digest), 'utf8')) as Stamp;
      const now = await measureStamp(this.objectFolder(digest), Object.keys(stamp));
      return Object.keys(stamp).length > 0 && JSON.stringify(now) === JSON.stringify(stamp);
    } catch {
      return false;
    }
  }

  async #writeStamp(digest: string): Promise<void> {
    const folder = this.objectFolder(digest);
    await writeWhole(this.#stampPath(digest), JSON.stringify(await measureStamp(folder, [manifestName, ...(await listFiles(folder)).filter((path) => path !== manifestName)])));
  }
}

async function measureStamp(folder: string, paths: readonly string[]): Promise<Stamp> {
  return Object.fromEntries(await Promise.all(paths.map(async (path) => {
    const { size, mtimeMs, ctimeMs, ino } = await stat(join(folder, path));
    return [path, [size, mtimeMs, ctimeMs, ino]] as const;
  })));
}

let writes = 0;

/** Writes a file so that a reader sees the old content or the new, and the new survives a power cut. */
export async function writeWhole(path: string, content: string): Promise<void> {
  const temporary = `${path}.${process.pid}-${writes++}.partial`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().catch(() => undefined);
  await folder.close();
}

function nameOf(digest: string): string {
  return digest.replace('sha256:', '');
}
