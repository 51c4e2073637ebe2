import { existsSync } from 'node:fs';
import { cp, lstat, open, readdir, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ArtifactError, manifestName, readManifest, verifyArtifact, type ArtifactManifest } from '@memgeo/artifacts/contract';
import { faultPoint } from '@memgeo/stage';
import { Stamps } from './stamps.js';
import type { WorkPlace } from './place.js';

const mostTries = 20;

/** What was found of an object. */
export type Soundness = 'intact' | 'missing' | 'damaged';

/** Artifacts by the digest of their content. An object never changes; one found damaged is moved to quarantine. */
export class Objects {
  readonly #storeFolder: string;
  readonly #stamps: Stamps;
  /** Undefined where the store is only read. */
  readonly #place: (() => WorkPlace) | undefined;

  constructor(storeFolder: string, place: (() => WorkPlace) | undefined) {
    this.#storeFolder = storeFolder;
    this.#stamps = new Stamps(storeFolder);
    this.#place = place;
  }

  folder(digest: string): string {
    return `${this.#storeFolder}/objects/${nameOf(digest)}`;
  }

  async list(): Promise<string[]> {
    const names = await readdir(join(this.#storeFolder, 'objects')).catch(() => []);
    return names.filter((name) => /^[0-9a-f]{64}$/.test(name)).map((name) => `sha256:${name}`);
  }

  readManifest(digest: string): Promise<ArtifactManifest> {
    return readManifest(this.folder(digest));
  }

  /** Whether an object's files are as they were when it was last hashed. False says nothing: {@link check} then tells. */
  isKnownIntact(digest: string): boolean {
    return this.#stamps.holds(digest, this.folder(digest));
  }

  /**
   * Checks an object: by its files' sizes and change times if they are as when it was last hashed, else by hashing.
   *
   * @param onDamage  Told what is wrong with a damaged one, and where it is kept.
   * @param options.isThorough  Hashes in any case.
   */
  async check(digest: string, onDamage: (message: string) => void, options: { isThorough?: boolean } = {}): Promise<Soundness> {
    const folder = this.folder(digest);
    if (options.isThorough !== true && this.isKnownIntact(digest)) return 'intact';
    if (!existsSync(folder)) return 'missing';
    try {
      await this.#hash(digest, folder);
      return 'intact';
    } catch (cause) {
      if (!this.#place) {
        onDamage(`A stored result is damaged and does not count: ${(cause as Error).message}`);
        return 'damaged';
      }
      return this.#quarantine(digest, cause as Error, onDamage, options);
    }
  }

  async #hash(digest: string, folder: string): Promise<void> {
    const begunAt = Date.now();
    const manifest = await verifyArtifact(folder);
    if (manifest.digest !== digest) throw new ArtifactError(`${folder} holds ${manifest.digest}, not what its name says.`, { path: folder });
    if (this.#place) this.#stamps.note(digest, folder, pathsOf(manifest), begunAt);
  }

  async #quarantine(digest: string, damage: Error, onDamage: (message: string) => void, options: { isThorough?: boolean }): Promise<Soundness> {
    const folder = this.folder(digest);
    const kept = join(this.#storeFolder, 'quarantine', `${nameOf(digest)}-${Date.now()}`);
    try {
      await rename(folder, kept);
    } catch (cause) {
      // It may be gone by now: another reader found the same.
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
      onDamage(`A stored result is damaged and does not count: ${damage.message} It can't be moved to quarantine: ${(cause as Error).message}.`);
      return 'damaged';
    }
    // Or it has been made again by now, and a sound one was moved.
    if (await verifyArtifact(kept).then((manifest) => manifest.digest === digest, () => false)) {
      await rename(kept, folder).catch(() => undefined);
      return this.check(digest, onDamage, options);
    }
    onDamage(`A stored result is damaged and will be made again: ${damage.message} It is kept in ${kept}.`);
    return 'damaged';
  }

  /**
   * Moves an artifact into the store, its bytes on the disk before its name. If the same content is there and intact, or comes there at
   * the same time, that stays.
   *
   * @param manifest  Of the artifact, which has just been verified.
   * @param verifiedAt  When its verification began.
   */
  async add(folder: string, manifest: ArtifactManifest, verifiedAt: number): Promise<void> {
    const target = this.folder(manifest.digest);
    // Of what no record names yet, the time tells that someone is about to. If it went at this moment, this one takes its place.
    for (let tries = 1; (await this.check(manifest.digest, () => undefined)) !== 'intact' || !(await touch(target)); tries++) {
      await syncArtifact(folder, pathsOf(manifest));
      faultPoint('output-synced');
      try {
        await this.#move(folder, target);
      } catch (cause) {
        // Another action came to the same content and was faster: what it stored is looked at like any other.
        // One that is damaged and can't be moved to quarantine stays in the way, however often.
        if (tries < mostTries && ['ENOTEMPTY', 'EEXIST'].includes((cause as NodeJS.ErrnoException).code ?? '')) continue;
        throw cause;
      }
      await syncFolder(dirname(target));
      faultPoint('object-moved');
      this.#stamps.note(manifest.digest, target, pathsOf(manifest), verifiedAt);
      faultPoint('object-stamped');
      return;
    }
    await rm(folder, { recursive: true });
  }

  async #move(folder: string, target: string): Promise<void> {
    try {
      await rename(folder, target);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EXDEV') throw cause;
      // The folder of objects lies on another file system than the folder of work.
      const aside = this.#place!().freshBeside(target);
      await cp(folder, aside, { recursive: true });
      await syncArtifact(aside, (await readManifest(aside)).files.map(({ path }) => path));
      await rename(aside, target);
    }
  }
}

/** @returns whether it is there. */
async function touch(path: string): Promise<boolean> {
  return utimes(path, new Date(), new Date()).then(() => true, (cause: NodeJS.ErrnoException) => cause.code !== 'ENOENT');
}

function pathsOf({ files }: ArtifactManifest): string[] {
  return [manifestName, ...files.map(({ path }) => path)];
}

async function syncArtifact(folder: string, paths: readonly string[]): Promise<void> {
  const folders = new Set([folder]);
  for (const path of paths) {
    const file = join(folder, path);
    if (!(await lstat(file)).isFile()) throw new ArtifactError(`${file} is no file.`, { path: file });
    const handle = await open(file, 'r');
    await handle.sync().finally(() => handle.close());
    folders.add(dirname(file));
  }
  for (const inner of folders) await syncFolder(inner);
}

/** Has the names in a folder on the disk; some file systems can't and need not. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().catch((cause: NodeJS.ErrnoException) => { if (!['EINVAL', 'EISDIR', 'EPERM', 'EBADF', 'ENOTSUP'].includes(cause.code ?? '')) throw cause; }).finally(() => folder.close());
}

function nameOf(digest: string): string {
  return digest.slice(digest.lastIndexOf('/') + 1).replace('sha256:', '');
}
