import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeJob } from '../src/index.js';
import { ProgramBench } from './program-bench.js';

let bench: ProgramBench;
beforeEach(async () => { bench = await ProgramBench.create(); });
afterEach(() => bench.remove());

/** Starts a shell program as the runner does, in a process group of its own, and waits until it has begun. */
async function start(lines: string): Promise<{ signal: (kind: NodeJS.Signals) => void; ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }> }> {
  await writeJob(bench.at('job.json'), {
    format: 1, stage: 'exec:program', point: 'program', params: {}, inputs: {}, files: {}, outputFolder: bench.at('work/outputs'), stateFolder: bench.at('state'), resultFile: bench.at('result.json'), threads: 1, lineage: [],
    program: { command: ['sh', await bench.write('program.sh', lines)], outputs: { out: { kind: 'folder', schema: 'out@1', format: 'folder' } } },
  });
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--conditions=@memgeo/source', '--import', 'tsx', join(import.meta.dirname, 'program-process.ts'), bench.at('job.json')], { detached: true, stdio: 'ignore', env });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => { child.on('exit', (code, signal) => resolve({ code, signal })); });
  while (!existsSync(bench.at('state/begun')) && child.exitCode === null) await new Promise((resolve) => { setTimeout(resolve, 20); });
  return { signal: (kind) => process.kill(-child.pid!, kind), ended };
}

test('a program that its group is told to end has time to save its state; then the process ends by the signal', async () => {
  const running = await start('trap \'sleep 0.5; touch "$MEMGEO_STATE/saved"; exit 1\' TERM\ntouch "$MEMGEO_STATE/begun"\nwhile :; do sleep 0.05; done\n');
  running.signal('SIGTERM');
  expect(await running.ended).toEqual({ code: null, signal: 'SIGTERM' });
  expect(existsSync(bench.at('state/saved'))).toBe(true);
  expect(existsSync(bench.at('result.json'))).toBe(false);
}, 60_000);

test('a program that does not end is ended by the second signal', async () => {
  const running = await start('trap : TERM\ntouch "$MEMGEO_STATE/begun"\nwhile :; do sleep 0.05; done\n');
  running.signal('SIGTERM');
  await new Promise((resolve) => { setTimeout(resolve, 300); });
  running.signal('SIGTERM');
  expect(await running.ended).toEqual({ code: null, signal: 'SIGTERM' });
}, 60_000);
