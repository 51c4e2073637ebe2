import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { decodeIdx, encodeIdx, type IdxArray } from './idx.js';

/** The names of the four files of a data set, those of MNIST. */
export const idxFiles = {
  train: { images: 'train-images-idx3-ubyte.gz', labels: 'train-labels-idx1-ubyte.gz' },
  test: { images: 't10k-images-idx3-ubyte.gz', labels: 't10k-labels-idx1-ubyte.gz' },
} as const;

/** The labeled images of one split: images of shape (n, height, width), labels of shape (n). */
export type LabeledImages = { readonly images: IdxArray; readonly labels: IdxArray };

/** What `dataset.json` says about a data set besides the digests of its files. */
export type DataSetDescription = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly classNames: readonly string[];
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Number of training images. */
  readonly train: number;
  /** Number of test images. */
  readonly test: number;
  readonly licence: string;
  readonly source: string;
  /** The command that builds the data set again. */
  readonly build: string;
  readonly citation: string;
};

/** The content of `dataset.json`; `files` maps the names of all other files to their hex sha256. */
export type DataSetManifest = DataSetDescription & { readonly files: Readonly<Record<string, string>> };

/**
 * Writes a data set: four gzipped IDX files, further files as they are, and `dataset.json` with the digests of all.
 *
 * @param folder  Where to write; created if absent.
 * @param set.extraFiles  Further files by name, such as a licence or a table of provenance.
 */
export function writeDataSet(
  folder: string,
  set: { description: DataSetDescription; train: LabeledImages; test: LabeledImages; extraFiles: Readonly<Record<string, string>> },
): void {
  mkdirSync(folder, { recursive: true });
  const contents: Record<string, Uint8Array> = {};
  for (const split of ['train', 'test'] as const) {
    contents[idxFiles[split].images] = gzip(encodeIdx(set[split].images));
    contents[idxFiles[split].labels] = gzip(encodeIdx(set[split].labels));
  }
  for (const [name, text] of Object.entries(set.extraFiles)) contents[name] = Buffer.from(text);
  const files: Record<string, string> = {};
  for (const [name, bytes] of Object.entries(contents)) {
    writeFileSync(join(folder, name), bytes);
    files[name] = sha256(bytes);
  }
  const manifest: DataSetManifest = { ...set.description, files };
  writeFileSync(join(folder, 'dataset.json'), JSON.stringify(manifest, null, 2) + '\n');
}

/** Reads `dataset.json`. */
export function readManifest(folder: string): DataSetManifest {
  return JSON.parse(readFileSync(join(folder, 'dataset.json'), 'utf8')) as DataSetManifest;
}

/** Reads one split of a data set. */
export function readSplit(folder: string, split: 'train' | 'test'): LabeledImages {
  return { images: readIdxFile(join(folder, idxFiles[split].images)), labels: readIdxFile(join(folder, idxFiles[split].labels)) };
}

/** Reads a gzipped IDX file. */
export function readIdxFile(path: string): IdxArray {
  return decodeIdx(gunzipSync(readFileSync(path)));
}

/** The hex sha256 of some bytes. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Compresses as hard as gzip can; the header holds no time stamp and no name. */
function gzip(bytes: Uint8Array): Uint8Array {
  return gzipSync(bytes, { level: 9 });
}
