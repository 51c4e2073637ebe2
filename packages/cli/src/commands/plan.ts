import type { PlannedPoint } from '@memgeo/pipeline';
import { loadPlan, type PlanOptions } from './load-plan.js';

const words = { cached: 'cached', runs: 'will run', waits: 'will run' } as const;
/** Of a stage whose points stand the same, at most this many are listed. */
const mostAlike = 8;

/** Says of each point whether it is cached, and if not why. */
export async function plan(path: string, options: PlanOptions & { json?: boolean; all?: boolean }): Promise<number> {
  const { pipeline, planned } = await loadPlan(path, options);
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ pipeline: pipeline.name, points: planned }, null, 2)}\n`);
    return 0;
  }
  const lines = options.all === true ? planned.map((point) => ({ name: point.point, text: describe(point) })) : fold(planned, new Map(pipeline.points.map(({ id, stageName }) => [id, stageName])));
  const width = Math.min(40, Math.max(0, ...lines.map(({ name }) => name.length)));
  process.stdout.write(lines.map(({ name, text }) => `${name.padEnd(width)}  ${text}\n`).join(''));
  const open = planned.filter(({ state }) => state !== 'cached').length;
  process.stdout.write(`${pipeline.name}: ${open === 0 ? `everything is cached, ${planned.length} points` : `${open} of ${planned.length} points will run`}\n`);
  return 0;
}

function describe({ state, reasons }: Pick<PlannedPoint, 'state' | 'reasons'>): string {
  if (reasons.length === 0) return words[state];
  return `${words[state]}: ${reasons.map(({ text }) => text).join('; ')}${state === 'waits' ? ' (unless the inputs come out as before)' : ''}`;
}

/** One line for many points of a stage that stand the same for the same reason. */
function fold(planned: readonly PlannedPoint[], stageOf: ReadonlyMap<string, string>): { name: string; text: string }[] {
  const groups = new Map<string, PlannedPoint[]>();
  for (const point of planned) {
    // What a point waits for differs with each; that it waits does not.
    const text = point.state === 'waits' ? 'waits' : describe(point);
    const name = `${stageOf.get(point.point)}\n${text}`;
    const group = groups.get(name);
    if (group) group.push(point);
    else groups.set(name, [point]);
  }
  return [...groups].flatMap(([key, points]) => {
    if (points.length <= mostAlike) return points.map((point) => ({ name: point.point, text: describe(point) }));
    const text = points[0]!.state === 'waits' ? 'will run: what they need will run first (unless the inputs come out as before)' : describe(points[0]!);
    return [{ name: `${key.split('\n')[0]}[*], ${points.length} points`, text }];
  });
}
