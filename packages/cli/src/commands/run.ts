import { availableParallelism } from 'node:os';
import { readPipeline, runPipeline, StageCodes, Store, StoreError, undoDeadCollection, type RunOptions } from '@memgeo/pipeline';
import { installedStages } from '../catalog/installed-stages.js';
import { listenForInterruption } from '../execution/run-interruption.js';
import { chooseRenderer } from '../rendering/renderer.js';
import { UserError } from '../user-error.js';
import { plan } from './plan.js';
import type { StoreOption } from './store-option.js';

export type RunCommandOptions = StoreOption & {
  readonly set: string[]; readonly jobs?: number; readonly memory?: number; readonly accelerators?: number; readonly only: string[]; readonly force: string[]; readonly keepGoing?: boolean;
  readonly retry: number; readonly results: string; readonly dryRun?: boolean; readonly plain?: boolean; readonly json?: boolean;
};

/** Brings a pipeline up to date and says where its results are. */
export async function run(path: string, options: RunCommandOptions): Promise<number> {
  if (options.dryRun === true) return plan(path, options);
  const catalog = installedStages();
  const codes = new StageCodes(catalog, options.store);
  const pipeline = await readPipeline(path, { catalog, overrides: options.set, codes });
  const store = await openStore(options.store);
  const interruption = listenForInterruption();
  const renderer = chooseRenderer({ json: options.json, plain: options.plain });
  interruption.signal.addEventListener('abort', () => renderer.interrupt());
  try {
    await store.clearAbandoned();
    await undoDeadCollection(store);
    const settings: RunOptions = {
      catalog, codes, store, jobs: options.jobs ?? availableParallelism(), execCommand: [process.execPath, ...process.execArgv, process.argv[1]!, 'exec'], resultsFolder: options.results,
      only: options.only, force: options.force, keepGoing: options.keepGoing ?? false, retry: options.retry, argv: process.argv.slice(2), overrides: options.set,
      ...(options.memory === undefined ? {} : { memoryBytes: options.memory }), ...(options.accelerators === undefined ? {} : { accelerators: options.accelerators }),
      signal: interruption.signal, killSignal: interruption.killSignal, onEvent: renderer.show,
    };
    const summary = await runPipeline(pipeline, settings);
    renderer.finish(summary, { path, set: options.set, store: options.store, only: options.only, flags: flagsOf(options) });
    const hasFailed = [...summary.results.values()].some(({ outcome }) => outcome === 'failed');
    return summary.wasInterrupted ? 130 : hasFailed ? 1 : 0;
  } finally {
    renderer.close();
    interruption.end();
    await store.close();
  }
}

/** What to give again to go on in the same way. What was forced has been done. */
function flagsOf({ keepGoing, jobs, memory, accelerators, retry, results }: RunCommandOptions): string[] {
  const numbers = { jobs, memory: memory === undefined ? undefined : `${memory}B`, accelerators, retry: retry === 0 ? undefined : retry, results: results === 'results' ? undefined : results };
  return [...(keepGoing === true ? ['--keep-going'] : []), ...Object.entries(numbers).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]))];
}

async function openStore(folder: string): Promise<Store> {
  try {
    return await Store.open(folder);
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause;
    throw new UserError(`${cause.message}${cause.isReadable ? ' What is in it can still be read: memgeo plan, show, why, lineage.' : ''}`, { cause });
  }
}
