import { mermaidGraph, planPipeline, readPipeline, Store } from '@memgeo/pipeline';
import { installedStages } from '../catalog/installed-stages.js';
import type { StoreOption } from './store-option.js';

/** Prints the pipeline as a Mermaid flowchart, colored by what is cached. */
export async function graph(path: string, options: StoreOption & { set: string[] }): Promise<number> {
  const catalog = installedStages();
  const pipeline = await readPipeline(path, { catalog, overrides: options.set });
  const planned = await planPipeline(pipeline, { catalog, store: await Store.open(options.store) });
  process.stdout.write(mermaidGraph(pipeline, planned));
  return 0;
}
