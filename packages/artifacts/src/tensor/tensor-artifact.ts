import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactError } from '../artifact-error.js';
import { sealArtifact, verifyArtifact, type ArtifactManifest } from '../manifest/manifest.js';
import { readTensorFile, writeTensorFile } from './arrow-file.js';
import { rowLength, type Tensor } from './tensor.js';
import { writeFileDigested, type FileDigest } from '../digest/files.js';
import type { Json } from '../digest/canonical.js';

export const tensorFileName = 'tensor.arrow';
const setMetadataName = 'metadata.json';

/** Writes a tensor artifact into a new folder: `tensor.arrow` and `artifact.json`. */
export async function writeTensor(folder: string, tensor: Tensor, options: { schema: string }): Promise<ArtifactManifest> {
  await mkdir(folder, { recursive: true });
  const file = { path: tensorFileName, ...(await writeTensorFile(join(folder, tensorFileName), tensor)) };
  return sealArtifact(folder, { kind: 'tensor', schema: options.schema, files: [file], summary: { shape: tensor.shape, ...tensor.metadata } });
}

/** Tensors that belong together, such as the parameters of a network, in their order, and what describes them all. */
export type TensorSet = { readonly tensors: ReadonlyMap<string, Tensor>; readonly metadata: { readonly [key: string]: Json } };

/** Writes a tensor-set artifact into a new folder: one `NAME.arrow` per tensor, `metadata.json` and `artifact.json`. */
export async function writeTensorSet(folder: string, set: TensorSet, options: { schema: string }): Promise<ArtifactManifest> {
  await mkdir(folder, { recursive: true });
  const files: FileDigest[] = [];
  for (const [name, tensor] of set.tensors) {
    if (!/^[\w.-]+$/.test(name)) throw new RangeError(`writeTensorSet: a tensor's name must consist of letters, digits, ".", "-" and "_"; got "${name}".`);
    files.push({ path: `${name}.arrow`, ...(await writeTensorFile(join(folder, `${name}.arrow`), tensor)) });
  }
  const content = Buffer.from(JSON.stringify({ names: [...set.tensors.keys()], metadata: set.metadata }));
  files.push({ path: setMetadataName, ...(await writeFileDigested(join(folder, setMetadataName), [content])) });
  const elements = [...set.tensors.values()].reduce((sum, { shape }) => sum + shape[0]! * rowLength(shape), 0);
  return sealArtifact(folder, { kind: 'tensor-set', schema: options.schema, files, summary: { tensors: set.tensors.size, elements, ...set.metadata } });
}

/**
 * Reads a tensor-set artifact after checking its schema and digest.
 *
 * @throws ArtifactError if it is missing, altered, or of another kind or schema.
 */
export async function readTensorSet(folder: string, options: { schema: string }): Promise<TensorSet> {
  await verifySchema(folder, 'tensor-set', options.schema);
  const { names, metadata } = JSON.parse(await readFile(join(folder, setMetadataName), 'utf8')) as { names: string[]; metadata: { [key: string]: Json } };
  const tensors = new Map<string, Tensor>();
  for (const name of names) tensors.set(name, await readTensorFile(join(folder, `${name}.arrow`)));
  return { tensors, metadata };
}

/** Verifies an artifact and that it is what the reader expects. */
export async function verifySchema(folder: string, kind: ArtifactManifest['kind'], schema: string): Promise<ArtifactManifest> {
  const manifest = await verifyArtifact(folder);
  if (manifest.kind !== kind || manifest.schema !== schema) {
    throw new ArtifactError(`${folder} must be a ${kind} artifact of schema ${schema}; it is a ${manifest.kind} of schema ${manifest.schema}.`, { path: folder });
  }
  return manifest;
}
