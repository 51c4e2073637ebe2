import { isImpossible, type PlannedPoint } from '@memgeo/pipeline';
import { counted } from '../printing/amounts.js';
import { Page } from '../printing/page.js';
import { loadPlan, type PlanOptions } from './load-plan.js';

const words = { cached: 'cached', runs: 'will run', waits: 'waits' } as const;
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
  const page = new Page();
  const width = Math.min(page.width === Infinity ? 80 : Math.floor(0.6 * page.width), Math.max(0, ...lines.map(({ name }) => name.length)));
  for (const { name, text } of lines) page.prefixed(`${name.padEnd(width)}  `, ' '.repeat(width + 2), text);
  page.line(`${pipeline.name}: ${summarize(planned)}`).print();
  return 0;
}

function summarize(planned: readonly PlannedPoint[]): string {
  const impossible = planned.filter(({ reasons }) => isImpossible(reasons)).length;
  const [outdated, waits] = (['runs', 'waits'] as const).map((state) => planned.filter((point) => point.state === state).length) as [number, number];
  const runs = outdated - impossible;
  if (outdated + waits === 0) return `everything is cached, ${counted(planned.length, 'point')}`;
  const all = counted(planned.length, 'point');
  if (impossible > 0) return `${impossible} of ${all} can't run${runs === 0 ? '' : `, ${runs} will run`}${waits === 0 ? '' : `, and ${waits} wait for them`}`;
  return `${runs} of ${all} will run${waits === 0 ? '' : `, then ${waits} that wait for them, unless their inputs come out as before`}`;
}

function describe({ state, reasons }: PlannedPoint): string {
  if (reasons.length === 0) return words[state];
  return `${isImpossible(reasons) ? "can't run" : words[state]}: ${reasons.map(({ text }) => text).join('; ')}`;
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
    const text = points[0]!.state === 'waits' ? 'wait: what they need runs first' : describe(points[0]!);
    return [{ name: `${key.split('\n')[0]}[*], ${points.length} points`, text }];
  });
}
