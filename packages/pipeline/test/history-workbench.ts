import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineTable, writeTable, type Json } from '@memgeo/artifacts';
import { actionKey } from '../src/keys/action-key.js';
import { Store, type Action, type ActionRecord, type PointResult, type RunEvent, type RunManifest } from '../src/index.js';
import { ownIdentity } from '../src/store/process-identity.js';

const numbers = defineTable('numbers@1', { name: { type: 'string', description: 'Which.' }, value: { type: 'float64', description: 'How much.' } });

export type Doing = {
  readonly stage?: string; readonly version?: number; readonly code?: string; readonly params?: { readonly [name: string]: Json };
  readonly inputs?: Action['inputs']; readonly upstream?: readonly ActionRecord[]; readonly reasons?: ActionRecord['reasons'];
};

/** A store of hand-made history in a folder of its own. */
export class HistoryWorkbench {
  readonly folder: string;
  readonly store: Store;
  #minute = 0;

  private constructor(folder: string, store: Store) {
    this.folder = folder;
    this.store = store;
  }

  static async create(): Promise<HistoryWorkbench> {
    const folder = await mkdtemp(join(tmpdir(), 'memgeo-history-'));
    return new HistoryWorkbench(folder, await Store.open(join(folder, 'store')));
  }

  async remove(): Promise<void> {
    await this.store.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Stores a table with these values; returns its digest. */
  async table(values: { readonly [name: string]: number }): Promise<string> {
    const folder = await mkdtemp(join(this.folder, 'table-'));
    const manifest = await writeTable(folder, numbers, Object.entries(values).map(([name, value]) => ({ name, value })));
    await this.store.objects.add(folder, manifest, Date.now());
    return manifest.digest;
  }

  /** Records that an action was done. Later ones are newer. */
  async act(point: string, outputs: ActionRecord['outputs'], { stage = point.split('[')[0]!, version = 1, code = digestOf('code'), params = {}, inputs = {}, upstream = [], reasons = [] }: Doing = {}): Promise<ActionRecord> {
    const action: Action = { stage, version, code, params, inputs, files: {} };
    const record: ActionRecord = {
      format: 2, key: actionKey(action), point, action, outputs, upstream: upstream.map(({ key }) => key), reasons, warnings: [],
      startedAt: this.#nextTime(), durationMs: 1200, peakMemoryBytes: 2 ** 27, environment: { node: 'v20' }, facts: {},
    };
    await this.store.writeRecord(record);
    return record;
  }

  /** Writes down a run that has come to an end. */
  async run(pipeline: string, points: { readonly [point: string]: ActionRecord | PointResult }, change: Partial<RunManifest> = {}): Promise<RunManifest> {
    const startedAt = change.startedAt ?? this.#nextTime();
    const id = change.id ?? `${startedAt.slice(0, 19).replaceAll(':', '-')}-${pipeline}-${createHash('sha256').update(startedAt).digest('hex').slice(0, 4)}`;
    const manifest: RunManifest = {
      format: 2, id, pipeline, path: `/pipelines/${pipeline}.yaml`, argv: ['run'], overrides: [], startedAt, finishedAt: startedAt, durationMs: 1000, state: 'done',
      process: ownIdentity(), git: null, environment: { node: 'v20' },
      points: Object.entries(points).map(([point, result]) => ('action' in result
        ? { point, stage: result.action.stage, outcome: 'ran' as const, key: result.key, durationMs: result.durationMs, peakMemoryBytes: result.peakMemoryBytes } : { point, stage: point.split('[')[0]!, ...result })),
      ...change,
    };
    await this.writeRun(id, JSON.stringify(manifest));
    for (const [point, result] of Object.entries(points)) if ('action' in result) await this.store.rememberDone(pipeline, point, result.key);
    return manifest;
  }

  /** Writes a manifest as it is given. */
  async writeRun(id: string, manifest: string, events?: readonly (RunEvent | string)[]): Promise<void> {
    await mkdir(this.store.path('runs', id), { recursive: true });
    await writeFile(this.store.path('runs', id, 'run.json'), manifest);
    if (events) await writeFile(this.store.path('runs', id, 'events.jsonl'), events.map((event) => (typeof event === 'string' ? event : `${JSON.stringify({ time: '2026-01-01T00:00:00.000Z', ...event })}\n`)).join(''));
  }

  /** Every file of the store, to see that nothing is written. */
  async files(): Promise<string[]> {
    return (await readdir(this.store.folder, { recursive: true })).sort();
  }

  #nextTime(): string {
    return new Date(Date.UTC(2026, 0, 1, 0, this.#minute++)).toISOString();
  }
}

/** A digest of no artifact, for records alone. */
export function digestOf(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
