import type { Json } from '../digest/canonical.js';
import type { FileDigest } from '../digest/files.js';

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
