import { availableParallelism } from 'node:os';
import { clearAbandonedWork, readPipeline, runPipeline, Store } from '@memgeo/pipeline';
import { installedStages } from '../catalog/installed-stages.js';
import { liveRenderer } from '../rendering/live-renderer.js';
import { plainRenderer } from '../rendering/plain-renderer.js';
import { describeErrors, summarizeRun } from '../rendering/summary.js';
import { plan } from './plan.js';
import type { StoreOption } from './store-option.js';

export type RunCommandOptions = StoreOption & {
  readonly set: string[]; readonly jobs?: number; readonly only: string[]; readonly force: string[]; readonly keepGoing?: boolean; readonly retry: number;
  readonly results: string; readonly dryRun?: boolean; readonly plain?: boolean;
};

/** Brings a pipeline up to date and says where its results are. */
export async function run(path: string, options: RunCommandOptions): Promise<number> {
  if (options.dryRun === true) return plan(path, { ...options, json: false });
  const catalog = installedStages();
  const pipeline = await readPipeline(path, { catalog, overrides: options.set });
  const store = await Store.open(options.store);
  await clearAbandonedWork(store);
  const interruption = interruptible();
  const renderer = process.stdout.isTTY && options.plain !== true ? liveRenderer() : { show: plainRenderer((line) => process.stdout.write(`${line}\n`)), close: () => Promise.resolve() };
  const summary = await runPipeline(pipeline, {
    catalog, store, jobs: options.jobs ?? availableParallelism(), execCommand: [process.execPath, ...process.execArgv, process.argv[1]!, 'exec'], resultsFolder: options.results,
    only: options.only, force: options.force, keepGoing: options.keepGoing ?? false, retry: options.retry, signal: interruption.signal, onEvent: renderer.show,
  });
  await renderer.close();
  interruption.end();
  const command = `memgeo run ${[path, ...options.set.map((value) => `--set ${value}`)].join(' ')}`;
  process.stdout.write(`${summarizeRun(summary, command)}\n`);
  const errors = describeErrors(summary);
  if (errors !== '') process.stderr.write(`\n${errors}\n`);
  return summary.wasInterrupted ? 130 : Object.keys(summary.errors).length > 0 ? 1 : 0;
}

/** A signal that Ctrl-C and the like raise. A second one ends the process at once; its stages follow. */
function interruptible(): { signal: AbortSignal; end: () => void } {
  const controller = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write('\nInterrupted: ending the running stages. Once more to end at once.\n');
    controller.abort();
  };
  for (const name of signals) process.on(name, interrupt);
  return { signal: controller.signal, end: () => { for (const name of signals) process.off(name, interrupt); } };
}
