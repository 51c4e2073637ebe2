import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkLabels, DataFileError, type ImageSet, type LabeledImages } from '../images/labeled-images.js';
import { readClassNames } from './class-names.js';
import { isGzip, readBytes, unpack, unpackStart } from './read-bytes.js';

/** An array of unsigned bytes as an IDX file holds it. */
type IdxArray = { readonly shape: readonly number[]; readonly data: Uint8Array };

/**
 * Decodes an IDX file of unsigned bytes: two zeros, type 8, number of axes, their sizes as big-endian int32, then the values.
 *
 * @throws DataFileError that names file, offset and expectation.
 */
export function decodeIdx(bytes: Buffer, path: string, axes: number): IdxArray {
  const { shape, headerBytes, size } = decodeHeader(bytes, path, axes);
  if (bytes.length !== headerBytes + size) {
    throw new DataFileError(`${path}, offset ${headerBytes}: ${size} bytes are expected for shape (${shape.join(', ')}); ${bytes.length - headerBytes} follow. Is the file cut short?`);
  }
  return { shape, data: new Uint8Array(bytes.buffer, bytes.byteOffset + headerBytes, size) };
}

function decodeHeader(bytes: Buffer, path: string, axes: number): { shape: number[]; headerBytes: number; size: number } {
  const headerBytes = 4 + 4 * axes;
  if (bytes.length < headerBytes) throw new DataFileError(`${path}, offset 0: an IDX header of ${headerBytes} bytes is expected; the file has ${bytes.length}.`);
  const magic = bytes.readUInt32BE(0);
  if (magic !== 0x0800 + axes) {
    throw new DataFileError(`${path}, offset 0: 0x${(0x0800 + axes).toString(16).padStart(8, '0')} is expected, unsigned bytes with ${axes} axes; got 0x${magic.toString(16).padStart(8, '0')}. Are images and labels mixed up?`);
  }
  const shape = Array.from({ length: axes }, (_, i) => bytes.readUInt32BE(4 + 4 * i));
  return { shape, headerBytes, size: shape.reduce((product, n) => product * n, 1) };
}

/** Reads an IDX file, gzipped or not; its own header says how much it may unpack to. */
async function readIdx(path: string, axes: number): Promise<IdxArray> {
  const bytes = await readBytes(path);
  if (!isGzip(bytes)) return decodeIdx(bytes, path, axes);
  const { headerBytes, size } = decodeHeader(unpackStart(bytes, path), path, axes);
  // Deflate makes of a byte 1032 at most.
  if (headerBytes + size > 1032 * bytes.length) throw new DataFileError(`${path}, offset 4: ${bytes.length} bytes can't unpack to the ${size} that the header says.`);
  return decodeIdx(unpack(bytes, path, { maxBytes: headerBytes + size }), path, axes);
}

/**
 * Reads a folder of four IDX files, as of MNIST and Fashion-MNIST, gzipped or not. Names of classes come from a
 * `dataset.json` beside them if there is one, else they are the digits.
 *
 * @throws DataFileError if a file is missing, cut short or not what its name says.
 */
export async function readIdxFolder(folder: string): Promise<ImageSet> {
  const [train, test] = [await readSplit(folder, 'train'), await readSplit(folder, 't10k')];
  const [, height, width] = train.shape as [number, number, number];
  if (test.shape[1] !== height || test.shape[2] !== width) throw new DataFileError(`${folder}: training and test images must have one size; they are ${height} x ${width} and ${test.shape[1]} x ${test.shape[2]}.`);
  const described = join(folder, 'dataset.json');
  const largest = train.images.labels.reduce((most, label) => Math.max(most, label), 0);
  const classNames = existsSync(described)
    ? await readClassNames(described)
    : Array.from({ length: largest + 1 }, (_, i) => String(i));
  for (const [name, { images }] of Object.entries({ train, t10k: test })) checkLabels(images.labels, classNames.length, (i) => `${join(folder, name)} labels, entry ${i}`);
  return { height, width, channels: 1, classNames, train: train.images, test: test.images };
}

async function readSplit(folder: string, prefix: string): Promise<{ shape: readonly number[]; images: LabeledImages }> {
  const imagesPath = findFile(folder, `${prefix}-images`, 'idx3-ubyte');
  const labelsPath = findFile(folder, `${prefix}-labels`, 'idx1-ubyte');
  const images = await readIdx(imagesPath, 3);
  const labels = await readIdx(labelsPath, 1);
  if (images.shape[1]! * images.shape[2]! === 0) throw new DataFileError(`${imagesPath}, offset 8: images must have pixels; they are ${images.shape[1]} x ${images.shape[2]}.`);
  if (labels.shape[0] !== images.shape[0]) throw new DataFileError(`${labelsPath}, offset 4: ${images.shape[0]} labels are expected, as many as ${imagesPath} has images; got ${labels.shape[0]}.`);
  return { shape: images.shape, images: { data: images.data, labels: Int32Array.from(labels.data) } };
}

function findFile(folder: string, name: string, suffix: string): string {
  const candidates = ['-', '.'].flatMap((joint) => ['', '.gz'].map((end) => join(folder, `${name}${joint}${suffix}${end}`)));
  const found = candidates.find((path) => existsSync(path));
  if (!found) throw new DataFileError(`${join(folder, `${name}-${suffix}`)} is missing, and so is its .gz. The folder must hold train-images, train-labels, t10k-images and t10k-labels.`);
  return found;
}
