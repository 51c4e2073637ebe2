import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import type { RunManifest } from './run-manifest.js';

const patienceMs = 10_000;
const mostBytes = 2 ** 28;

/** The commit a folder stands at, and a digest of what is not committed; null if it is in no repository or git is not there. */
export async function gitState(folder: string): Promise<RunManifest['git']> {
  const git = async (...args: string[]) => (await promisify(execFile)('git', args, { cwd: folder, timeout: patienceMs, maxBuffer: mostBytes, env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' } })).stdout.trimEnd();
  try {
    const commit = await git('rev-parse', 'HEAD');
    const changes = `${await git('status', '--porcelain')}\n${await git('diff', 'HEAD', '--no-ext-diff')}`;
    return { commit, diff: changes.trim() === '' ? null : `sha256:${createHash('sha256').update(changes).digest('hex')}` };
  } catch {
    return null;
  }
}
