import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { writeTensor } from '@memgeo/artifacts';
import type { ActionRecord, RunManifest } from '../../src/index.js';
import { ownIdentity } from '../../src/store/process-identity.js';
import { Store } from '../../src/store/store.js';

export const day = 86_400_000;

/** Stores results as a run would, without running anything. */
export class StockedStore {
  readonly store: Store;

  private constructor(store: Store) {
    this.store = store;
  }

  static async open(folder: string): Promise<StockedStore> {
    return new StockedStore(await Store.open(folder));
  }

  key(name: string): string {
    return createHash('sha256').update(name).digest('hex');
  }

  /** Stores an object. */
  async object(values: readonly number[]): Promise<string> {
    const folder = this.store.place.fresh('made');
    const begunAt = Date.now();
    const manifest = await writeTensor(folder, { data: Float32Array.from(values), shape: [values.length, 1], rows: {}, metadata: {} }, { schema: 'v@1' });
    await this.store.objects.add(folder, manifest, begunAt);
    return manifest.digest;
  }

  /** Does an action, whose point is its name. @returns its key. */
  async action(name: string, values: readonly number[], options: { agoMs?: number; durationMs?: number } = {}): Promise<string> {
    const { agoMs = 0, durationMs = 1000 } = options;
    const digest = await this.object(values);
    const key = this.key(name);
    const code = `sha256:${this.key(`code of ${name}`)}`;
    await this.store.keepCodeFiles(code, { 'a.ts': 'x' });
    await this.store.writeRecord({
      format: 2, key, point: name, action: { stage: 'test/stage', version: 1, code, params: {}, inputs: {}, files: {} }, outputs: { out: { digest } }, upstream: [], reasons: [], warnings: [],
      startedAt: new Date(Date.now() - agoMs).toISOString(), durationMs, peakMemoryBytes: 1, environment: {}, facts: {},
    } as unknown as ActionRecord);
    const at = new Date(Date.now() - agoMs);
    await utimes(this.store.path('records', `${key}.json`), at, at);
    await this.store.rememberDone('p', name, key);
    return key;
  }

  /** Writes down a run. One that is running is this process, if nothing else is said. */
  async run(id: string, keys: readonly string[], options: { pipeline?: string; agoMs?: number; state?: RunManifest['state']; process?: RunManifest['process'] } = {}): Promise<void> {
    const { pipeline = 'p', agoMs = 0, state = 'done', process = ownIdentity() } = options;
    const folder = this.store.path('runs', id);
    const at = new Date(Date.now() - agoMs);
    mkdirSync(folder);
    writeFileSync(`${folder}/run.json`, JSON.stringify({
      format: 2, id, pipeline, path: '/p.yaml', argv: [], overrides: [], startedAt: at.toISOString(), finishedAt: state === 'running' ? null : at.toISOString(), durationMs: 1, state, process, git: null, environment: {},
      points: state === 'running' ? [] : keys.map((key) => ({ point: key, stage: 'test/stage', outcome: 'cached', key })),
    } as unknown as RunManifest));
    writeFileSync(`${folder}/events.jsonl`, '');
    for (const key of keys) this.use(id, key);
    for (const path of [`${folder}/run.json`, `${folder}/events.jsonl`, folder]) await utimes(path, at, at);
  }

  /** Ends a run of this process. */
  async finish(id: string): Promise<void> {
    await this.store.place.writeWhole(`${this.store.path('runs', id)}/run.json`, JSON.stringify({ format: 2, id, pipeline: 'p', startedAt: new Date().toISOString(), state: 'done', process: ownIdentity(), points: [] }));
  }

  /** As the runner says that it is about to use a result. */
  use(run: string, key: string): void {
    appendFileSync(`${this.store.path('runs', run)}/events.jsonl`, `${JSON.stringify({ time: new Date().toISOString(), type: 'uses', point: 'x', key })}\n`);
  }
}
