import { mermaidGraph } from '@memgeo/pipeline';
import { loadPlan } from './load-plan.js';
import type { StoreOption } from './store-option.js';

/** Prints the pipeline as a Mermaid flowchart, colored by what is cached. */
export async function graph(path: string, options: StoreOption & { set: string[] }): Promise<number> {
  const { pipeline, planned } = await loadPlan(path, options);
  process.stdout.write(mermaidGraph(pipeline, planned));
  return 0;
}
