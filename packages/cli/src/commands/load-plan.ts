import { planPipeline, readPipeline, StageCodes, Store, type Pipeline, type PlannedPoint } from '@memgeo/pipeline';
import { installedStages } from '../catalog/installed-stages.js';
import type { StoreOption } from './store-option.js';

export type PlanOptions = StoreOption & { readonly set: string[]; readonly only?: string[]; readonly force?: string[] };

/** Reads a pipeline and says of each point whether it is cached, writing nothing. Damage that is found on the way is warned of. */
export async function loadPlan(path: string, options: PlanOptions): Promise<{ pipeline: Pipeline; planned: PlannedPoint[] }> {
  const catalog = installedStages();
  const store = Store.openForReading(options.store);
  const codes = new StageCodes(catalog, store.folder);
  const pipeline = await readPipeline(path, { catalog, overrides: options.set, codes });
  const { only, force } = options;
  return { pipeline, planned: await planPipeline(pipeline, { catalog, codes, store, ...(only ? { only } : {}), ...(force ? { force } : {}), onDamage: (message) => process.stderr.write(`warning: ${message}\n`) }) };
}
