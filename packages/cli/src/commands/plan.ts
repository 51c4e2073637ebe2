import { loadPlan } from './load-plan.js';
import type { StoreOption } from './store-option.js';

const words = { cached: 'cached', runs: 'will run', waits: 'will run' } as const;

/** Says of each point whether it is cached, and if not why. */
export async function plan(path: string, options: StoreOption & { set: string[]; json?: boolean }): Promise<number> {
  const { pipeline, planned } = await loadPlan(path, options);
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ pipeline: pipeline.name, points: planned }, null, 2)}\n`);
    return 0;
  }
  const width = Math.max(...planned.map(({ point }) => point.length));
  for (const { point, state, reasons } of planned) {
    const why = reasons.length === 0 ? '' : `: ${state === 'waits' ? `${reasons.join('; ')} (unless the inputs come out as before)` : reasons.join('; ')}`;
    process.stdout.write(`${point.padEnd(width)}  ${words[state]}${why}\n`);
  }
  const open = planned.filter(({ state }) => state !== 'cached').length;
  process.stdout.write(`${pipeline.name}: ${open === 0 ? 'everything is cached' : `${open} of ${planned.length} points will run`}\n`);
  return 0;
}
