import type { Pipeline } from '../planning/pipeline.js';
import type { PlannedPoint } from '../planning/plan-pipeline.js';

/** Draws a pipeline's stages as a Mermaid flowchart, colored by the state of their points. */
export function mermaidGraph(pipeline: Pipeline, plan: readonly PlannedPoint[]): string {
  const edges = new Set<string>();
  for (const point of pipeline.points) {
    for (const upstream of point.upstream) if (upstream.stageName !== point.stageName) edges.add(`  ${upstream.stageName} --> ${point.stageName}`);
  }
  const stateOf = new Map(plan.map(({ point, state }) => [point, state]));
  const nodes = pipeline.stageNames.map((name) => {
    const points = pipeline.points.filter(({ stageName }) => stageName === name);
    const states = points.map(({ id }) => stateOf.get(id) ?? 'waits');
    const state = states.every((s) => s === 'cached') ? 'cached' : states.includes('runs') ? 'runs' : 'waits';
    const count = points.length === 1 ? '' : `<br>${points.length} points, ${states.filter((s) => s === 'cached').length} cached`;
    return `  ${name}["${name}<br>${points[0]!.stage.id}${count}"]:::${state}`;
  });
  return [
    'flowchart LR', ...nodes, ...edges,
    '  classDef cached fill:#d9f2e6,stroke:#009e73,color:#000', '  classDef runs fill:#fdebc8,stroke:#e69f00,color:#000', '  classDef waits fill:#eee,stroke:#888,color:#000', '',
  ].join('\n');
}
