import type { Pipeline, Point } from '../planning/pipeline.js';
import type { PlannedPoint } from '../planning/plan-pipeline.js';

/** Words that mean something to Mermaid where the name of a node is expected. */
const keywords = /^(?:end|graph|flowchart|subgraph|style|linkstyle|classdef|class|click|call|href|default|direction|interpolate|accTitle|accDescr)$/i;

/** Draws a pipeline's stages as a Mermaid flowchart, colored by the state of their points. */
export function mermaidGraph(pipeline: Pipeline, plan: readonly PlannedPoint[]): string {
  const stateOf = new Map(plan.map(({ point, state }) => [point, state]));
  const pointsOf = new Map<string, Point[]>(pipeline.stageNames.map((name) => [name, []]));
  for (const point of pipeline.points) pointsOf.get(point.stageName)!.push(point);
  const idOf = new Map(pipeline.stageNames.map((name, index) => [name, /^[A-Za-z]\w*$/.test(name) && !keywords.test(name) ? name : `_${index}`]));
  const edges = new Set<string>();
  const nodes = [...pointsOf].map(([name, points]) => {
    const needed = new Set(points.flatMap(({ upstream }) => upstream.map(({ stageName }) => stageName)));
    for (const other of needed) edges.add(`  ${idOf.get(other)} --> ${idOf.get(name)}`);
    const states = points.map(({ id }) => stateOf.get(id) ?? 'waits');
    const state = states.every((s) => s === 'cached') ? 'cached' : states.includes('runs') ? 'runs' : 'waits';
    const count = points.length === 1 ? '' : `<br>${points.length} points, ${states.filter((s) => s === 'cached').length} cached`;
    return `  ${idOf.get(name)}["${escapeLabel(name)}<br>${escapeLabel(points[0]!.stage.id)}${count}"]:::${state}`;
  });
  return [
    'flowchart LR', ...nodes, ...edges,
    '  classDef cached fill:#d9f2e6,stroke:#009e73,color:#000', '  classDef runs fill:#fdebc8,stroke:#e69f00,color:#000', '  classDef waits fill:#eee,stroke:#888,color:#000', '',
  ].join('\n');
}

/** Writes everything that Mermaid, Markdown or HTML could take for more than text as a character reference. */
function escapeLabel(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  return short.replace(/[^\w /.,:@+-]/gu, (character) => `#${character.codePointAt(0)};`);
}
