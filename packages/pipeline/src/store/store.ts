import { createHash } from 'node:crypto';
import { constants, existsSync, readFileSync } from 'node:fs';
import { access, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { endProgramsIn, faultPoint } from '@memgeo/stage';
import type { CodeFiles } from '../keys/code-digest.js';
import type { Reason } from '../planning/reasons.js';
import { clearDeadLeases, takeLease, unlessLeased, type Lease } from './lease.js';
import { Objects } from './objects.js';
import { isOwnerAlive, WorkPlace } from './place.js';
import { removeTree } from './remove-tree.js';
import { namesIn, readJson } from './read-leniently.js';
import { namedDigests, outputDigests, parseRecord, type ActionRecord, type LatestState } from './record.js';
import { Results, type Result } from './results.js';

const folders = ['objects', 'records', 'code', 'latest', 'leases', 'work', 'state', 'failed', 'quarantine', 'runs', 'pins'] as const;
type StoreFolder = (typeof folders)[number];

/** The store can't be read or written. The message is for the user. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** Whether what is there can still be read. */
  readonly isReadable: boolean;

  constructor(message: string, options: ErrorOptions & { isReadable?: boolean } = {}) {
    super(message, options);
    this.isReadable = options.isReadable ?? false;
  }
}

/**
 * Results on disk, by content: `objects` holds artifacts by digest, `records` says which action made which.
 *
 * Everything is written aside and renamed, records last: nothing exists half-way. An object is checked when it is used; if it
 * is missing or damaged the action counts as not done.
 */
export class Store {
  readonly folder: string;
  readonly objects: Objects;
  readonly isReadOnly: boolean;
  readonly #results: Results;
  #place: WorkPlace | undefined;

  private constructor(folder: string, isReadOnly: boolean) {
    this.folder = resolve(folder);
    this.isReadOnly = isReadOnly;
    this.#results = new Results(this.folder);
    this.objects = new Objects(this.folder, isReadOnly ? undefined : () => this.place);
  }

  /**
   * Opens a store to write, and makes it if there is none.
   *
   * @throws StoreError if it can't be written.
   */
  static async open(folder: string): Promise<Store> {
    const store = new Store(folder, false);
    try {
      if (await holdsOtherThings(store.folder)) throw new StoreError(`The folder ${store.folder} holds other things and is no store. Choose an empty folder, or one that does not exist, by --store.`);
      for (const name of folders) await mkdir(store.path(name), { recursive: true });
      await access(store.path('work'), constants.W_OK);
      await writeFile(join(store.folder, '.gitignore'), '*\n', { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => { if (cause.code !== 'EEXIST') throw cause; });
      store.#place = new WorkPlace(store.folder);
    } catch (cause) {
      if (cause instanceof StoreError) throw cause;
      const isReadable = (await stat(store.path('records')).catch(() => undefined)) !== undefined;
      throw new StoreError(`The store ${store.folder} can't be written: ${(cause as Error).message}. Make it writable, free some space, or choose another by --store.`, { cause, isReadable });
    }
    return store;
  }

  /** Opens a store to read; one that is not there is empty. Nothing is written, nothing is waited for. */
  static openForReading(folder: string): Store {
    return new Store(folder, true);
  }

  /** Lets go of the private folder of this process. */
  async close(): Promise<void> {
    await this.#place?.remove();
    this.#place = undefined;
  }

  path(name: StoreFolder, ...rest: string[]): string {
    return join(this.folder, name, ...rest);
  }

  /** The private folder of this process. @throws StoreError if the store is only read. */
  get place(): WorkPlace {
    if (!this.#place) throw new StoreError(`internal: the store ${this.folder} is not open for writing.`);
    return this.#place;
  }

  /** Where an interrupted action finds what it had. */
  stateFolder(key: string): string {
    return this.path('state', key);
  }

  lease(key: string, options: { signal?: AbortSignal | undefined; onWait: (holder: string) => void }): Promise<Lease> {
    return takeLease(this.folder, key, { ...options, place: this.place });
  }

  /**
   * Finds the result of an action, if its outputs are all there and unchanged.
   *
   * @param onDamage  Told of an object that was found damaged.
   * @returns what its record says, or why what there was of it does not count; undefined if there is none.
   */
  async find(key: string, onDamage: (message: string) => void): Promise<{ readonly record: Result } | { readonly lost: Reason } | undefined> {
    const known = this.#results.get(key, this.#recordPath(key));
    if (known && outputDigests(known).every((digest) => this.objects.isKnownIntact(digest))) return { record: known };
    const record = this.#readResult(key);
    if (!record) return undefined;
    for (const [field, digest] of namedDigests(record)) {
      const found = await this.objects.check(digest, onDamage);
      if (found !== 'intact') return { lost: { kind: found, field, text: `its stored ${field} is ${found === 'missing' ? 'gone' : 'damaged'}` } };
    }
    return { record };
  }

  #readResult(key: string): Result | undefined {
    const read = () => this.readRecord(key);
    return this.isReadOnly ? read() : this.#results.read(this.#recordPath(key), read);
  }

  readRecord(key: string): ActionRecord | undefined {
    try {
      return parseRecord(readFileSync(this.#recordPath(key), 'utf8'), key);
    } catch {
      return undefined;
    }
  }

  hasRecord(key: string): boolean {
    return existsSync(this.#recordPath(key));
  }

  /** Records of all actions, in no order. */
  records(): ActionRecord[] {
    return this.keys().flatMap((key) => this.readRecord(key) ?? []);
  }

  /** Keys of all actions that have been done. */
  keys(): string[] {
    return namesIn(this.path('records')).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5));
  }

  async writeRecord(record: ActionRecord): Promise<void> {
    await this.place.writeWhole(this.#recordPath(record.key), JSON.stringify(record), () => faultPoint('record-written-aside'));
  }

  /** Keeps which files a code digest was made of, to say later which one changed. */
  async keepCodeFiles(code: string, files: CodeFiles): Promise<void> {
    const path = this.path('code', `${code.replace('sha256:', '')}.json`);
    if ((await stat(path).catch(() => undefined)) === undefined) await this.place.writeWhole(path, JSON.stringify(files));
  }

  codeFiles(code: string): CodeFiles | undefined {
    return readJson(this.path('code', `${code.replace('sha256:', '')}.json`)) as CodeFiles | undefined;
  }

  /** What a point of a pipeline last stood for. */
  latest(pipeline: string, point: string): LatestState | undefined {
    const found = readJson(this.#latestPath(pipeline, point)) as LatestState | undefined;
    return found?.pipeline === pipeline && found.point === point ? found : undefined;
  }

  /** Remembers what a point stands for, if that is news; what was kept of a failed try goes once it succeeds. */
  async rememberDone(pipeline: string, point: string, key: string): Promise<void> {
    const before = this.latest(pipeline, point);
    if (before?.key === key && before.outcome === 'done') return;
    await this.#writeLatest({ pipeline, point, key, at: new Date().toISOString(), outcome: 'done' });
    if (before?.outcome === 'failed') await this.#forgetWork(before.workFolder);
  }

  async rememberFailed(pipeline: string, point: string, failed: { key: string; failure: string; error: string; workFolder: string | null }): Promise<void> {
    const before = this.latest(pipeline, point);
    if (before?.outcome === 'failed' && before.workFolder !== failed.workFolder) await this.#forgetWork(before.workFolder);
    const doneKey = before === undefined ? null : before.outcome === 'done' ? before.key : before.doneKey;
    await this.#writeLatest({ pipeline, point, at: new Date().toISOString(), outcome: 'failed', doneKey, ...failed });
  }

  /** Removes what is kept of a failed try: from this store, even if it was another's when that was written. */
  async #forgetWork(workFolder: string | null): Promise<void> {
    if (workFolder !== null && workFolder === this.path('failed', basename(workFolder))) await removeTree(workFolder);
  }

  /** Removes what processes that have died left behind: work, leases, and the state of what has been done since. */
  async clearAbandoned(): Promise<void> {
    for (const folder of [...await this.#list('work'), ...(await this.#list('objects')).filter((path) => basename(path).startsWith('.'))]) {
      if (await isOwnerAlive(folder)) continue;
      endProgramsIn(folder);
      await removeTree(folder);
    }
    await clearDeadLeases(this.folder, this.place);
    for (const key of await readdir(this.path('state'))) {
      // One that is forced has a record and works.
      if (this.readRecord(key)) await unlessLeased(this.folder, key, this.place, () => removeTree(this.stateFolder(key)));
    }
  }

  async #list(name: StoreFolder): Promise<string[]> {
    return (await readdir(this.path(name))).map((inner) => this.path(name, inner));
  }

  async #writeLatest(state: LatestState): Promise<void> {
    await this.place.writeWhole(this.#latestPath(state.pipeline, state.point), JSON.stringify(state));
  }

  #recordPath(key: string): string {
    return `${this.folder}/records/${key}.json`;
  }

  /** By a digest, because names of points may be long and hold anything. */
  #latestPath(pipeline: string, point: string): string {
    return this.path('latest', `${createHash('sha256').update(JSON.stringify([pipeline, point])).digest('hex').slice(0, 32)}.json`);
  }
}

/** Whether a folder has something in it and is no store: neither has most of the folders of one, nor the first of them and nothing else. */
async function holdsOtherThings(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException): string[] => { if (cause.code === 'ENOENT') return []; throw cause; });
  if (names.every((name) => name === '.gitignore')) return false;
  const own = names.filter((name) => folders.some((known) => known === name));
  return own.length <= folders.length / 2 && !(own.includes('objects') && own.length === names.length);
}
