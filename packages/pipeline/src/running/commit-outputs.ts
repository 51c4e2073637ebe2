import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyArtifact, type ArtifactManifest } from '@memgeo/artifacts';
import type { AnyStage, OutputPort } from '@memgeo/stage';
import type { OutputDigests } from '../store/record.js';
import type { Store } from '../store/store.js';
import { StageFailure } from './execute-stage.js';

/**
 * Moves the outputs of a stage from its work folder into the store, after checking all of them.
 *
 * @throws StageFailure if one is missing, undeclared, or not of its declared kind and schema; nothing is stored then.
 */
export async function commitOutputs(folder: string, stage: AnyStage, store: Store): Promise<{ [name: string]: OutputDigests }> {
  const present = await readdir(folder);
  const undeclared = present.find((name) => !(name in stage.outputs));
  if (undeclared !== undefined) throw new StageFailure(`${stage.id} wrote the output "${undeclared}", which it does not declare.`);
  const checked: { path: string; manifest: ArtifactManifest }[] = [];
  const outputs: { [name: string]: OutputDigests } = {};
  const check = async (path: string, name: string, port: OutputPort): Promise<string> => {
    const manifest = await verifyArtifact(path).catch((cause: Error) => { throw new StageFailure(`The output ${name} of ${stage.id} is no artifact: ${cause.message}`, { cause }); });
    if (manifest.kind !== port.kind || manifest.schema !== port.schema) {
      throw new StageFailure(`The output ${name} of ${stage.id} must be a ${port.kind} of schema ${port.schema}; it is a ${manifest.kind} of schema ${manifest.schema}.`);
    }
    checked.push({ path, manifest });
    return manifest.digest;
  };
  for (const [name, port] of Object.entries(stage.outputs)) {
    if (!present.includes(name)) throw new StageFailure(`${stage.id} did not write its output "${name}".`);
    if (port.isCollection !== true) outputs[name] = { digest: await check(join(folder, name), name, port) };
    else {
      const members = (await readdir(join(folder, name))).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
      outputs[name] = { members: Object.fromEntries(await inTurn(members, async (member) => [member, await check(join(folder, name, member), `${name}/${member}`, port)] as const)) };
    }
  }
  for (const { path, manifest } of checked) await store.addObject(path, manifest);
  return outputs;
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
