import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Reason, RunEvent } from '@memgeo/pipeline';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };
export type PipelineOutcome = Outcome & {
  readonly events: RunEvent[]; readonly messages: string[]; readonly ran: string[]; readonly cached: string[];
  readonly reasons: { readonly [point: string]: string }; readonly reasonsOf: { readonly [point: string]: readonly Reason[] };
};

/**
 * A copy of the built packages in a folder of its own, with the real command, whose code a test may edit.
 *
 * External packages are links to those of the repository.
 */
export class Workbench {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<Workbench> {
    const folder = await mkdtemp(join(tmpdir(), 'memgeo-cli-'));
    await mkdir(join(folder, 'node_modules/@memgeo'), { recursive: true });
    for (const name of await readdir(join(root, 'packages'))) {
      for (const part of ['package.json', 'dist', 'bin']) {
        const source = join(root, 'packages', name, part);
        if (existsSync(source)) await cp(source, join(folder, 'packages', name, part), { recursive: true });
      }
      const own = join(root, 'packages', name, 'node_modules');
      if (existsSync(own)) await symlink(own, join(folder, 'packages', name, 'node_modules'));
      await symlink(join('../../packages', name), join(folder, 'node_modules/@memgeo', name));
    }
    for (const name of await readdir(join(root, 'node_modules'))) if (name !== '@memgeo' && !name.startsWith('.')) await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    await symlink(join(root, 'data'), join(folder, 'data'));
    await mkdir(join(folder, 'pipelines'));
    await cp(join(root, 'pipelines/smoke.yaml'), join(folder, 'pipelines/smoke.yaml'));
    return new Workbench(folder);
  }

  /** Runs `memgeo` in the folder and waits for its end. */
  memgeo(...args: string[]): Promise<Outcome> {
    return this.memgeoIn({}, ...args);
  }

  /** Runs `memgeo` with further environment variables; the code of one that a signal ended is -1. */
  memgeoIn(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Outcome> {
    return new Promise((resolve) => {
      execFile(process.execPath, [this.#bin, ...args], { cwd: this.folder, env: { ...this.#env, ...env }, maxBuffer: 1e8 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }));
    });
  }

  /** Command lines of processes that work in the folder, other than `memgeo run` itself, with their numbers. */
  processes(): string[] {
    return spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).stdout.split('\n').filter((line) => line.includes(this.folder) && !line.includes('/memgeo.js run '));
  }

  /** Starts `memgeo` without waiting. */
  start(...args: string[]): ChildProcess & { readonly output: () => string; readonly ended: Promise<number | null> } {
    const child = spawn(process.execPath, [this.#bin, ...args], { cwd: this.folder, env: this.#env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
    child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString(); });
    const ended = new Promise<number | null>((resolve) => { child.on('close', (code) => resolve(code)); });
    return Object.assign(child, { output: () => output, ended });
  }

  /** Runs a pipeline and says what became of each point. */
  async runPipeline(path: string, ...args: string[]): Promise<PipelineOutcome> {
    const outcome = await this.memgeo('run', path, '--json', ...args);
    const events = outcome.stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as RunEvent);
    const points = (type: RunEvent['type']) => events.flatMap((event) => (event.type === type && 'point' in event ? [event.point] : []));
    const starts = events.flatMap((event) => (event.type === 'started' ? [event] : []));
    const messages = events.flatMap((event) => (event.type === 'message' ? [`${event.point} | ${event.level === 'warning' ? 'warning: ' : ''}${event.message}`] : []));
    const reasonsOf = Object.fromEntries(starts.map(({ point, reasons }) => [point, reasons]));
    return {
      ...outcome, events, messages, ran: points('done'), cached: points('cached'), reasonsOf,
      reasons: Object.fromEntries(starts.map(({ point, reasons }) => [point, reasons.map(({ text }) => text).join('; ')])),
    };
  }

  /** Runs the smoke pipeline. */
  run(...args: string[]): Promise<PipelineOutcome> {
    return this.runPipeline('pipelines/smoke.yaml', ...args);
  }

  /** Replaces a text in a file, and fails if it is not there. */
  async edit(path: string, from: string | RegExp, to: string): Promise<void> {
    const text = await readFile(join(this.folder, path), 'utf8');
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`${path} does not hold ${String(from)}`);
    await writeFile(join(this.folder, path), edited);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  get #bin(): string {
    return join(this.folder, 'packages/cli/bin/memgeo.js');
  }

  get #env(): NodeJS.ProcessEnv {
    const { NODE_OPTIONS: _, ...env } = process.env;
    return { ...env, NO_COLOR: '1' };
  }
}

/** Waits until a condition holds. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('the condition did not come to hold');
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}
