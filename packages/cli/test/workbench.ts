import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };

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
    return new Promise((resolve) => {
      execFile(process.execPath, [this.#bin, ...args], { cwd: this.folder, env: this.#env, maxBuffer: 1e8 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }));
    });
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

  /** Runs the smoke pipeline and says what became of each point. */
  async run(...args: string[]): Promise<Outcome & { ran: string[]; cached: string[]; reasons: { [point: string]: string } }> {
    const outcome = await this.memgeo('run', 'pipelines/smoke.yaml', '--plain', ...args);
    const points = (pattern: RegExp) => [...outcome.stdout.matchAll(pattern)].map((match) => match[1]!);
    const reasons = Object.fromEntries([...outcome.stdout.matchAll(/^(\S+) \| starts: (.*)$/gm)].map((match) => [match[1]!, match[2]!]));
    return { ...outcome, ran: points(/^(\S+) \| ran in/gm), cached: points(/^(\S+) \| cached$/gm), reasons };
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
