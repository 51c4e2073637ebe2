import { mermaidGraph } from '@memgeo/pipeline';
import { loadPlan, type PlanOptions } from './load-plan.js';

/** Prints the pipeline as a Mermaid flowchart, colored by what is cached. */
export async function graph(path: string, options: PlanOptions): Promise<number> {
  const { pipeline, planned } = await loadPlan(path, options);
  process.stdout.write(mermaidGraph(pipeline, planned));
  return 0;
}
