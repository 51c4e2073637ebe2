import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactError } from '../artifact-error.js';
import { digestValue, type Json } from '../digest/canonical.js';
import { digestFile, digestFolder, writeFileDigested, type FileDigest } from '../digest/files.js';

/** `tensor`: one Arrow file. `tensor-set`: one Arrow file per named tensor. `table`: one Parquet file. `folder`: any files. */
export const artifactKinds = ['tensor', 'tensor-set', 'table', 'folder'] as const;
export type ArtifactKind = (typeof artifactKinds)[number];

/** What `artifact.json` says of the files beside it. */
export type ArtifactManifest = {
  readonly format: 1;
  readonly kind: ArtifactKind;
  /** Schema id and version, as in `labels@1`. */
  readonly schema: string;
  /** Digest of kind, schema, file names and file contents. Two artifacts with the same digest are interchangeable. */
  readonly digest: string;
  readonly bytes: number;
  readonly files: readonly FileDigest[];
  /** Facts for people, not part of the digest. */
  readonly summary: { readonly [key: string]: Json };
};

export const manifestName = 'artifact.json';

/**
 * Makes the files of a folder an artifact by writing `artifact.json` beside them, last.
 *
 * @param folder  Holds the payload and nothing else.
 * @param options.files  Digests already known from writing; without them every file is read.
 */
export async function sealArtifact(
  folder: string,
  options: { kind: ArtifactKind; schema: string; summary?: { readonly [key: string]: Json }; files?: readonly FileDigest[] },
): Promise<ArtifactManifest> {
  await rm(join(folder, manifestName), { force: true });
  const files = options.files ?? (await digestFolder(folder));
  const manifest: ArtifactManifest = {
    format: 1,
    kind: options.kind,
    schema: options.schema,
    digest: contentDigest(options.kind, options.schema, files),
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    files,
    summary: options.summary ?? {},
  };
  await writeFileDigested(join(folder, manifestName), [Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)]);
  return manifest;
}

/**
 * Reads `artifact.json`.
 *
 * @throws ArtifactError if it is missing, isn't JSON, or contradicts its own digest.
 */
export async function readManifest(folder: string): Promise<ArtifactManifest> {
  const path = join(folder, manifestName);
  let manifest: ArtifactManifest;
  try {
    manifest = JSON.parse(await readFile(path, 'utf8')) as ArtifactManifest;
  } catch (cause) {
    throw new ArtifactError(`readManifest: ${path} must be a readable artifact manifest; ${(cause as Error).message}.`, { path, cause });
  }
  if (manifest.format !== 1 || !artifactKinds.includes(manifest.kind) || !Array.isArray(manifest.files)) {
    throw new ArtifactError(`readManifest: ${path} must be an artifact manifest of format 1; got format ${String(manifest.format)}, kind ${String(manifest.kind)}.`, { path });
  }
  if (manifest.digest !== contentDigest(manifest.kind, manifest.schema, manifest.files)) {
    throw new ArtifactError(`readManifest: the digest in ${path} doesn't match the files it lists. Make the artifact again.`, { path });
  }
  return manifest;
}

/**
 * Reads `artifact.json` and checks that every file it lists is there, whole and unchanged.
 *
 * @throws ArtifactError that names the first file that is missing, of another size, or altered.
 */
export async function verifyArtifact(folder: string): Promise<ArtifactManifest> {
  const manifest = await readManifest(folder);
  for (const expected of manifest.files) await verifyFile(folder, expected);
  return manifest;
}

/** Checks one listed file; see {@link verifyArtifact}. */
async function verifyFile(folder: string, expected: FileDigest): Promise<void> {
  const path = join(folder, expected.path);
  const bytes = await stat(path).then((s) => s.size, () => undefined);
  if (bytes === undefined) throw new ArtifactError(`verifyArtifact: ${path} is missing. Make the artifact again.`, { path });
  if (bytes !== expected.bytes) throw new ArtifactError(`verifyArtifact: ${path} must have ${expected.bytes} bytes; it has ${bytes}. Make the artifact again.`, { path });
  const { sha256 } = await digestFile(path);
  if (sha256 !== expected.sha256) throw new ArtifactError(`verifyArtifact: ${path} has changed since it was written (sha256 ${sha256.slice(0, 12)}, expected ${expected.sha256.slice(0, 12)}). Make the artifact again.`, { path });
}

/** Digests what an artifact is; independent of its summary and of where it lies. */
function contentDigest(kind: ArtifactKind, schema: string, files: readonly FileDigest[]): string {
  return digestValue({ kind, schema, files: files.map(({ path, bytes, sha256 }) => [path, bytes, sha256]) });
}
