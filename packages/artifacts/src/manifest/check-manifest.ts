import type { Json } from '../digest/canonical.js';
import { innerPathFault } from '../files/inner-path.js';
import { artifactKinds, manifestName, type ArtifactKind, type ArtifactManifest } from './artifact-manifest.js';

const keys = ['format', 'kind', 'schema', 'digest', 'bytes', 'files', 'summary'];

/** Says what keeps a value from being a manifest, its digest aside, or undefined if nothing does. */
export function manifestFault(value: unknown): string | undefined {
  if (!isObject(value)) return 'it must be an object';
  if (value.format !== 1 || !artifactKinds.includes(value.kind as ArtifactKind)) return `it must be of format 1 and a known kind; got format ${show(value.format)}, kind ${show(value.kind)}`;
  const odd = Object.keys(value).find((key) => !keys.includes(key));
  if (odd !== undefined) return `it must have the keys ${keys.join(', ')}; got ${show(odd)} too`;
  if (typeof value.schema !== 'string' || value.schema === '' || value.schema.length > 200) return `schema must be a text of at most 200 characters; got ${show(value.schema)}`;
  if (typeof value.digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(value.digest)) return `digest must be sha256 and 64 hexadecimal digits; got ${show(value.digest)}`;
  if (!isObject(value.summary)) return `summary must be an object; got ${show(value.summary)}`;
  if (!Array.isArray(value.files)) return `files must be a list; got ${show(value.files)}`;
  return filesFault(value.files) ?? bytesFault(value as unknown as ArtifactManifest);
}

function filesFault(files: readonly unknown[]): string | undefined {
  const paths = new Set<string>();
  for (const [i, file] of files.entries()) {
    if (!isObject(file) || Object.keys(file).length !== 3) return `files[${i}] must have path, bytes and sha256; got ${show(file)}`;
    const { path, bytes, sha256 } = file;
    if (typeof path !== 'string') return `files[${i}].path must be a text; got ${show(path)}`;
    const fault = path === manifestName ? 'the manifest does not list itself' : innerPathFault(path) ?? (paths.has(path) ? 'it stands there twice' : undefined);
    if (fault !== undefined) return `files[${i}].path must lead to a file inside the artifact; got ${show(path)}: ${fault}`;
    if (!Number.isSafeInteger(bytes) || (bytes as number) < 0) return `files[${i}].bytes must be a whole number; got ${show(bytes)}`;
    if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return `files[${i}].sha256 must be 64 hexadecimal digits; got ${show(sha256)}`;
    paths.add(path);
  }
  return undefined;
}

function bytesFault({ bytes, files }: ArtifactManifest): string | undefined {
  const sum = files.reduce((total, file) => total + file.bytes, 0);
  return bytes === sum ? undefined : `bytes must be the sum of those of the files, ${sum}; got ${show(bytes)}`;
}

function isObject(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 120);
}
