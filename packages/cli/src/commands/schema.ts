import { pipelineJsonSchema } from '@memgeo/pipeline';
import { installedStages } from '../catalog/installed-stages.js';

/** Prints the JSON Schema of pipeline files, with which an editor completes and checks them. */
export async function schema(): Promise<number> {
  const catalog = installedStages();
  const stages = await Promise.all(catalog.ids.map((id) => catalog.load(id)));
  process.stdout.write(`${JSON.stringify(pipelineJsonSchema(stages), null, 2)}\n`);
  return 0;
}
