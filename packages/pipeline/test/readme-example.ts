import { findRun, planPipeline, pointsOf, readPipeline, runPipeline, Store, type StageCatalog } from '../src/index.js';

// A catalog finds stages by id. Programs (uses: exec:) are in none.
const catalog: StageCatalog = {
  ids: [],
  entry: (id) => { throw new Error(`There is no stage ${id}.`); },
  load: (id) => Promise.reject(new Error(`There is no stage ${id}.`)),
};

/** Runs what is outdated. `execCommand` and the path of a job file make a command line that executes it. */
export async function bringUpToDate(path: string, { folder, seeds, execCommand = ['npx', 'memgeo', 'exec'] }: { folder: string; seeds: number[]; execCommand?: string[] }): Promise<string[]> {
  const pipeline = await readPipeline(path, { catalog, overrides: [`params.seeds=${JSON.stringify(seeds)}`] });
  const store = await Store.open(folder);
  try {
    const planned = await planPipeline(pipeline, { catalog, store });
    const why = planned.filter(({ state }) => state !== 'cached').map(({ point, reasons }) => `${point}: ${reasons.map(({ text }) => text).join('; ')}`);
    await runPipeline(pipeline, { catalog, store, execCommand, jobs: 2, keepGoing: true, resultsFolder: `${folder}/results`, onEvent: () => undefined });
    return [...why, ...pointsOf(findRun(store, 'latest')).map(({ point, outcome }) => `${point} ${outcome}`)];
  } finally {
    await store.close();
  }
}
