import { existsSync } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactError } from '../artifact-error.js';
import { digestValue, type Json } from '../digest/canonical.js';
import { digestFile, digestFolder, listFiles, writeFileDigested, type FileDigest } from '../digest/files.js';
import { readRegularFile } from '../files/regular-file.js';
import { manifestName, type ArtifactKind, type ArtifactManifest } from './artifact-manifest.js';
import { manifestFault } from './check-manifest.js';

export type { ArtifactManifest } from './artifact-manifest.js';

const maxManifestBytes = 64 * 1024 * 1024;

/**
 * Makes the files of a folder an artifact by writing `artifact.json` beside them, last.
 *
 * @param folder  Holds the payload and nothing else.
 * @param options.files  Digests already known from writing; without them every file is read.
 * @throws ArtifactError if the folder holds anything but regular files and folders, or files other than those named.
 */
export async function sealArtifact(
  folder: string,
  options: { kind: ArtifactKind; schema: string; summary?: { readonly [key: string]: Json }; files?: readonly FileDigest[] },
): Promise<ArtifactManifest> {
  const path = join(folder, manifestName);
  await rm(path, { force: true });
  const files = options.files ?? (await digestFolder(folder));
  if (options.files) await compareFiles(folder, options.files, 'sealArtifact');
  const manifest: ArtifactManifest = {
    format: 1,
    kind: options.kind,
    schema: options.schema,
    digest: contentDigest(options.kind, options.schema, files),
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    files,
    summary: options.summary ?? {},
  };
  const fault = manifestFault(manifest);
  if (fault !== undefined) throw new ArtifactError(`sealArtifact: ${path} can't be written: ${fault}.`, { path });
  await writeFileDigested(path, [Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)]);
  return manifest;
}

/**
 * Reads `artifact.json`.
 *
 * @throws ArtifactError if it is missing, isn't JSON, is not what a manifest must be, or contradicts its own digest.
 */
export async function readManifest(folder: string): Promise<ArtifactManifest> {
  const path = join(folder, manifestName);
  let manifest: unknown;
  try {
    manifest = JSON.parse((await readRegularFile(path, { maxBytes: maxManifestBytes, isLinkRefused: true })).toString('utf8'));
  } catch (cause) {
    const members = await membersOf(folder);
    if (members.length > 0) throw new ArtifactError(`readManifest: ${folder} must be an artifact; it is a folder of ${members.length}. Choose one, as ${join(folder, members[0]!)}.`, { path: folder, cause });
    throw new ArtifactError(`readManifest: ${path} must be a readable artifact manifest; ${(cause as Error).message.replace(/\.$/, '')}.`, { path, cause });
  }
  const fault = manifestFault(manifest);
  if (fault !== undefined) throw new ArtifactError(`readManifest: ${path} must be an artifact manifest of format 1: ${fault}.`, { path });
  const { kind, schema, files, digest } = manifest as ArtifactManifest;
  if (digest !== contentDigest(kind, schema, files)) {
    throw new ArtifactError(`readManifest: the digest in ${path} doesn't match the files it lists. Make the artifact again.`, { path });
  }
  return manifest as ArtifactManifest;
}

/** Names of artifacts that lie in a folder that is none itself. */
async function membersOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  if (names.includes(manifestName)) return [];
  return names.filter((name) => existsSync(join(folder, name, manifestName))).sort();
}

/**
 * Reads `artifact.json` and checks that every file it lists is there, whole and unchanged, and nothing else is.
 *
 * @throws ArtifactError that names the first file that is missing, of another size, altered, not listed, or no regular file.
 */
export async function verifyArtifact(folder: string): Promise<ArtifactManifest> {
  const manifest = await readManifest(folder);
  await compareFiles(folder, manifest.files, 'verifyArtifact');
  for (const expected of manifest.files) await verifyFile(folder, expected);
  return manifest;
}

/** Checks that a folder holds the files named, `artifact.json` aside, and no other. */
async function compareFiles(folder: string, files: readonly FileDigest[], caller: string): Promise<void> {
  const present = new Set(await listFiles(folder));
  present.delete(manifestName);
  for (const { path } of files) {
    if (!present.delete(path)) throw new ArtifactError(`${caller}: ${join(folder, path)} is missing. Make the artifact again.`, { path: join(folder, path) });
  }
  const [odd] = present;
  if (odd !== undefined) throw new ArtifactError(`${caller}: ${join(folder, odd)} is not part of the artifact: ${manifestName} does not list it. Remove it.`, { path: join(folder, odd) });
}

/** Checks one listed file; see {@link verifyArtifact}. */
async function verifyFile(folder: string, expected: FileDigest): Promise<void> {
  const path = join(folder, expected.path);
  const bytes = await lstat(path).then((s) => s.size, () => undefined);
  if (bytes === undefined) throw new ArtifactError(`verifyArtifact: ${path} is missing. Make the artifact again.`, { path });
  if (bytes !== expected.bytes) throw new ArtifactError(`verifyArtifact: ${path} must have ${expected.bytes} bytes; it has ${bytes}. Make the artifact again.`, { path });
  const { sha256 } = await digestFile(path, { isLinkRefused: true });
  if (sha256 !== expected.sha256) throw new ArtifactError(`verifyArtifact: ${path} has changed since it was written (sha256 ${sha256.slice(0, 12)}, expected ${expected.sha256.slice(0, 12)}). Make the artifact again.`, { path });
}

/** Digests what an artifact is; independent of its summary and of where it lies. */
function contentDigest(kind: ArtifactKind, schema: string, files: readonly FileDigest[]): string {
  return digestValue({ kind, schema, files: files.map(({ path, bytes, sha256 }) => [path, bytes, sha256]) });
}
