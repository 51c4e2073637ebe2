import { join } from 'node:path';
import { executeJob, type AnyStage, type Job } from '@memgeo/stage';

/** Runs a stage as the runner does, with its defaults. @returns facts, warnings and messages. */
export async function runStage(stage: AnyStage, { folder, name, params = {}, inputs }: { folder: string; name: string; params?: { [name: string]: unknown }; inputs: unknown }): Promise<{ facts: { readonly [fact: string]: unknown }; messages: string[] }> {
  const messages: string[] = [];
  const result = await executeJob({
    format: 1, stage: stage.id, point: name, params: JSON.parse(JSON.stringify(stage.params.parse(params))) as Job['params'], inputs: inputs as Job['inputs'], files: {},
    outputFolder: join(folder, name), stateFolder: join(folder, `${name}-state`), resultFile: join(folder, `${name}.json`), threads: 1, lineage: [],
  }, stage, (event) => { if (event.type !== 'progress') messages.push(event.message); });
  if (result.status === 'failed') throw new Error(result.error.message);
  return { facts: result.facts, messages };
}
