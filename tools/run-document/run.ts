/**
 * Does what a document says, in the repository's root: writes the files it shows and runs its commands, so that it can't be wrong unnoticed.
 *
 * Usage: tsx tools/run-document/run.ts DOCUMENT.md
 *
 * Blocks of commands run in order in one folder; a file that the document writes is removed afterwards, unless it was there before.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { execa } from 'execa';
import { runChecks, type Check } from '../run-checks.js';
import { stepsOf, type Step } from './steps.js';

const root = join(import.meta.dirname, '../..');
const document = process.argv[2];
if (document === undefined) throw new Error('run-document: a document must be named: run-document/run.ts DOCUMENT.md.');
const written: string[] = [];

async function follow(step: Step): Promise<void> {
  if (step.kind === 'file') {
    const path = join(root, step.path);
    if (relative(root, path).startsWith('..')) throw new Error(`${step.path} must lie in the repository.`);
    if (existsSync(path) && !written.includes(path)) throw new Error(`${step.path} is there already; the document must not overwrite it.`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, step.text);
    written.push(path);
    return;
  }
  const { exitCode, all } = await execa({ cwd: root, all: true, reject: false })`bash -euo pipefail -c ${step.text}`;
  console.log(all?.split('\n').slice(-12).map((line) => `      ${line}`).join('\n'));
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}`);
}

const steps = stepsOf(await readFile(join(root, document), 'utf8'));
try {
  await runChecks(steps.map((step): Check => ({
    title: `${document}, line ${step.line}: ${step.kind === 'file' ? step.path : step.text.split('\n')[0]}`,
    run: () => follow(step),
  })));
} finally {
  for (const path of written) await rm(path, { force: true });
}
