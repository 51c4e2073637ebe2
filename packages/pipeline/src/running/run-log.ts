import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Json } from '@memgeo/artifacts';
import { describeEnvironment } from '@memgeo/stage';
import type { Pipeline } from '../planning/pipeline.js';
import { ownIdentity } from '../store/process-identity.js';
import type { Store } from '../store/store.js';
import { gitState } from './git-state.js';
import type { LogEvent, RunSummary } from './run-event.js';
import type { RunManifest } from './run-manifest.js';

/**
 * Writes down how a run goes, in a folder of its own: each event as it happens, and a manifest that is there from the beginning.
 *
 * What can't be written down, as on a full disk, does not end the run.
 */
export class RunLog {
  readonly id: string;
  readonly folder: string;
  readonly #store: Store;
  readonly #git: Promise<RunManifest['git']>;
  #manifest: RunManifest;
  /** File descriptor of the event log. */
  #events: number | undefined;

  constructor(pipeline: Pipeline, about: { store: Store; argv: readonly string[]; overrides: readonly string[]; environment: { readonly [name: string]: Json }; gitFolder: string }) {
    const startedAt = new Date().toISOString();
    this.id = `${startedAt.slice(0, 19).replaceAll(':', '-')}-${pipeline.name}-${randomBytes(2).toString('hex')}`;
    this.#store = about.store;
    this.folder = about.store.path('runs', this.id);
    this.#git = gitState(about.gitFolder);
    this.#manifest = {
      format: 2, id: this.id, pipeline: pipeline.name, path: resolve(pipeline.path), argv: about.argv, overrides: about.overrides, startedAt, finishedAt: null, durationMs: null, state: 'running',
      process: ownIdentity(), git: null, environment: { ...describeEnvironment(), ...about.environment }, points: [],
    };
  }

  async begin(): Promise<void> {
    try {
      mkdirSync(this.folder);
    } catch {
      return;
    }
    await this.#write();
  }

  /** Where what a stage prints is kept. */
  logPath(key: string): string {
    return join(this.folder, `${key.slice(0, 16)}.log`);
  }

  append(event: LogEvent): void {
    if (event.type === 'progress') return;
    try {
      this.#events ??= openSync(join(this.folder, 'events.jsonl'), 'a');
      writeSync(this.#events, `${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
    } catch {
      // Said by whatever needs the disk more.
    }
  }

  async finish(pipeline: Pipeline, summary: RunSummary, state: 'done' | 'failed' | 'interrupted'): Promise<void> {
    const points = pipeline.points.flatMap((point) => {
      const result = summary.results.get(point.id);
      return result ? [{ point: point.id, stage: point.stage.id, ...result }] : [];
    });
    this.#manifest = { ...this.#manifest, finishedAt: new Date().toISOString(), durationMs: summary.durationMs, state, git: await this.#git, points };
    await this.#write();
    if (this.#events !== undefined) closeSync(this.#events);
    this.#events = undefined;
  }

  async #write(): Promise<void> {
    await this.#store.place.writeWhole(join(this.folder, 'run.json'), JSON.stringify(this.#manifest, null, 1)).catch(() => undefined);
  }
}
