import { createHash } from 'node:crypto';
import { execa } from 'execa';
import type { RunManifest } from './run-manifest.js';

const patienceMs = 10_000;

/** The commit a folder stands at, and a digest of what is not committed; null if it is in no repository or git is not there. */
export async function gitState(folder: string): Promise<RunManifest['git']> {
  const git = (...args: string[]) => execa('git', args, { cwd: folder, timeout: patienceMs, stdin: 'ignore', stripFinalNewline: true, env: { GIT_OPTIONAL_LOCKS: '0' } });
  try {
    const commit = (await git('rev-parse', 'HEAD')).stdout;
    const changes = `${(await git('status', '--porcelain')).stdout}\n${(await git('diff', 'HEAD', '--no-ext-diff')).stdout}`;
    return { commit, diff: changes.trim() === '' ? null : `sha256:${createHash('sha256').update(changes).digest('hex')}` };
  } catch {
    return null;
  }
}
