import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyArtifact, type ArtifactManifest } from '@memgeo/artifacts/contract';
import { faultPoint, type AnyStage, type OutputPort } from '@memgeo/stage';
import type { OutputDigests } from '../store/record.js';
import type { Store } from '../store/store.js';
import { StageFailure } from './failure.js';

type Checked = { readonly path: string; readonly manifest: ArtifactManifest; readonly verifiedAt: number };

const longestMember = 200;

/**
 * Moves the outputs of a stage from its work folder into the store, after checking all of them.
 *
 * @throws StageFailure if one is missing, undeclared, or not of its declared kind and schema; nothing is stored then.
 */
export async function commitOutputs(folder: string, stage: AnyStage, store: Store): Promise<{ [name: string]: OutputDigests }> {
  const fail = (message: string, cause?: Error): never => { throw new StageFailure('bad-output', message, { cause }); };
  const present = await readdir(folder);
  const undeclared = present.find((name) => !Object.hasOwn(stage.outputs, name));
  if (undeclared !== undefined) return fail(`${stage.id} wrote ${JSON.stringify(undeclared)} among its outputs, which it does not declare. It declares ${Object.keys(stage.outputs).join(', ')}.`);
  const checked: Checked[] = [];
  const outputs: { [name: string]: OutputDigests } = {};
  const check = async (path: string, name: string, port: OutputPort): Promise<string> => {
    if (!(await lstat(path)).isDirectory()) return fail(`The output ${name} of ${stage.id} must be an artifact folder; it is a file or a link.`);
    const verifiedAt = Date.now();
    const manifest = await verifyArtifact(path).catch((cause: Error) => fail(`The output ${name} of ${stage.id} is no artifact: ${cause.message}`, cause));
    if (manifest.kind !== port.kind || manifest.schema !== port.schema) {
      return fail(`The output ${name} of ${stage.id} must be a ${port.kind} of schema ${port.schema}; it is a ${manifest.kind} of schema ${manifest.schema}.`);
    }
    checked.push({ path, manifest, verifiedAt });
    return manifest.digest;
  };
  for (const [name, port] of Object.entries(stage.outputs)) {
    if (!present.includes(name)) return fail(`${stage.id} did not write its output "${name}".`);
    if (port.isCollection !== true) {
      outputs[name] = { digest: await check(join(folder, name), name, port) };
      continue;
    }
    if (!(await lstat(join(folder, name))).isDirectory()) return fail(`The output ${name} of ${stage.id} must be a folder of artifacts; it is a file or a link.`);
    const members: [string, string][] = [];
    for (const member of (await readdir(join(folder, name))).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))) {
      if (!/^[\w.-]+$/.test(member) || member.length > longestMember) return fail(`The output ${name} of ${stage.id} has a member called ${JSON.stringify(member)}; names of members hold letters, digits, "_", "-" and "." only, at most ${longestMember}.`);
      members.push([member, await check(join(folder, name, member), `${name}/${member}`, port)]);
    }
    outputs[name] = { members: Object.fromEntries(members) };
  }
  faultPoint('outputs-checked');
  for (const { path, manifest, verifiedAt } of checked) await store.objects.add(path, manifest, verifiedAt);
  faultPoint('outputs-stored');
  return outputs;
}
