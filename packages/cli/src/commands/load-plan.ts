import { planPipeline, readPipeline, Store, type Pipeline, type PlannedPoint } from '@memgeo/pipeline';
import { installedStages } from '../catalog/installed-stages.js';
import type { StoreOption } from './store-option.js';

/** Reads a pipeline and says of each point whether it is cached. Damage that is found on the way is warned of. */
export async function loadPlan(path: string, options: StoreOption & { set: string[] }): Promise<{ pipeline: Pipeline; planned: PlannedPoint[] }> {
  const catalog = installedStages();
  const pipeline = await readPipeline(path, { catalog, overrides: options.set });
  const store = await Store.open(options.store);
  return { pipeline, planned: await planPipeline(pipeline, { catalog, store, onDamage: (message) => process.stderr.write(`warning: ${message}\n`) }) };
}
