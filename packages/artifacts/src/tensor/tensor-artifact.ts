import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactError } from '../artifact-error.js';
import { fileNameFault } from '../files/inner-path.js';
import { readRegularFile } from '../files/regular-file.js';
import type { ArtifactManifest } from '../manifest/artifact-manifest.js';
import { sealArtifact, verifyArtifact } from '../manifest/manifest.js';
import { readTensorFile, writeTensorFile } from './arrow-file.js';
import { rowLength, type Tensor } from './tensor.js';
import { writeFileDigested, type FileDigest } from '../digest/files.js';
import type { Json } from '../digest/canonical.js';

export const tensorFileName = 'tensor.arrow';
const setMetadataName = 'metadata.json';
const maxMetadataBytes = 64 * 1024 * 1024;

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
  const fault = namesFault([...set.tensors.keys()]);
  if (fault !== undefined) throw new RangeError(`writeTensorSet: ${fault}`);
  await mkdir(folder, { recursive: true });
  const files: FileDigest[] = [];
  for (const [name, tensor] of set.tensors) {
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
  const { files } = await verifySchema(folder, 'tensor-set', options.schema);
  const { names, metadata } = await readSetMetadata(folder);
  const present = new Set(files.map(({ path }) => path));
  const missing = [setMetadataName, ...names.map((name) => `${name}.arrow`)].find((path) => !present.delete(path));
  const [odd] = present;
  if (missing !== undefined || odd !== undefined) throw new ArtifactError(`readTensorSet: ${folder} must hold the tensors that its ${setMetadataName} names; ${missing === undefined ? `${odd} is none of them` : `${missing} is missing`}.`, { path: folder });
  const tensors = new Map<string, Tensor>();
  for (const name of names) tensors.set(name, await readTensorFile(join(folder, `${name}.arrow`)));
  return { tensors, metadata };
}

/** Reads the names and the metadata of a tensor set. */
async function readSetMetadata(folder: string): Promise<{ names: string[]; metadata: { [key: string]: Json } }> {
  const path = join(folder, setMetadataName);
  let content: { names?: unknown; metadata?: unknown } | null;
  try {
    content = JSON.parse((await readRegularFile(path, { maxBytes: maxMetadataBytes, isLinkRefused: true })).toString('utf8')) as typeof content;
  } catch (cause) {
    throw new ArtifactError(`readTensorSet: ${path} must be JSON; ${(cause as Error).message}.`, { path, cause });
  }
  const { names, metadata } = content ?? {};
  const isWhole = Array.isArray(names) && names.every((name) => typeof name === 'string') && typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  const fault = isWhole ? namesFault(names) : 'it must say names, a list of texts, and metadata, an object.';
  if (fault !== undefined) throw new ArtifactError(`readTensorSet: ${path} must describe a set of tensors: ${fault}`, { path });
  return { names: names as string[], metadata: metadata as { [key: string]: Json } };
}

/** Names of tensors become names of files, on every system: also on those that don't tell capitals from small letters. */
function namesFault(names: readonly string[]): string | undefined {
  const taken = new Set<string>();
  for (const name of names) {
    const quoted = JSON.stringify(name.slice(0, 120));
    if (!/^[\w.-]+$/.test(name)) return `a tensor's name must consist of letters, digits, ".", "-" and "_"; got ${quoted}.`;
    const fault = fileNameFault(name) ?? fileNameFault(`${name}.arrow`);
    if (fault !== undefined) return `a tensor's name must do for a file; got ${quoted}: ${fault}.`;
    if (taken.has(name.toLowerCase())) return `tensors must have names that differ by more than capitals; ${quoted} stands there twice.`;
    taken.add(name.toLowerCase());
  }
  return undefined;
}

/** Verifies an artifact and that it is what the reader expects. */
export async function verifySchema(folder: string, kind: ArtifactManifest['kind'], schema: string): Promise<ArtifactManifest> {
  const manifest = await verifyArtifact(folder);
  if (manifest.kind !== kind || manifest.schema !== schema) {
    throw new ArtifactError(`${folder} must be a ${kind} artifact of schema ${schema}; it is a ${manifest.kind} of schema ${manifest.schema}.`, { path: folder });
  }
  return manifest;
}
