import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { extname, join } from 'node:path';
import { fileNameFault } from '@memgeo/artifacts';
import { DataFileError, type ImageSet, type LabeledImages } from '../images/labeled-images.js';
import { readBytes } from './read-bytes.js';

/** Pixels, channels last, uint8. */
type Picture = { readonly height: number; readonly width: number; readonly data: Uint8Array };

const extensions = ['.png', '.jpg', '.jpeg'];
/** Images to learn from are small; a larger one is a photograph that was not cut, or a snare. */
const [maxImageBytes, maxPixels, maxAnnotationBytes] = [2 ** 26, 2 ** 24, 2 ** 28];
/** The decoder unpacks interlaced images without a bound, to 1032 times their size at most. */
const maxInterlacedBytes = 2 ** 18;

/**
 * Reads PNG and JPEG images from folders named by class.
 *
 * Takes PATH/train and PATH/test (or val), each with a folder per class; PATH with a folder per class, which leaves the choice of
 * test images open; and Tiny ImageNet's layout, in which a class folder holds `images` and `val` holds `val_annotations.txt`.
 *
 * @param options.channels  1 averages red, green and blue.
 * @throws DataFileError that names the first image that can't be decoded or has another size than the first.
 */
export async function readImageFolder(path: string, options: { channels: 1 | 3 }): Promise<ImageSet> {
  const trainFolder = existsSync(join(path, 'train')) ? join(path, 'train') : path;
  const classNames = (await list(trainFolder, 'folders')).sort();
  if (classNames.length < 2) throw new DataFileError(`${trainFolder} must hold a folder of images for each of at least 2 classes; it holds ${classNames.length}.`);
  const testFolder = trainFolder === path ? undefined : ['test', 'val'].map((name) => join(path, name)).find((folder) => existsSync(folder) && hasLabels(folder, classNames));
  const trainFiles = await filesByClass(trainFolder, classNames);
  const testFiles = testFolder === undefined ? undefined : await filesByClass(testFolder, classNames);
  const first = await decode(trainFiles[0]!.file);
  const load = (files: typeof trainFiles) => loadImages(files, first, options.channels, trainFiles[0]!.file);
  const train = await load(trainFiles);
  const test = testFiles === undefined ? {} : { test: await load(testFiles) };
  return { height: first.height, width: first.width, channels: options.channels, classNames, train, ...test };
}

/** The test folder of Tiny ImageNet has no labels. */
function hasLabels(folder: string, classNames: readonly string[]): boolean {
  return existsSync(join(folder, 'val_annotations.txt')) || existsSync(join(folder, classNames[0]!));
}

async function filesByClass(folder: string, classNames: readonly string[]): Promise<{ file: string; label: number }[]> {
  const annotations = join(folder, 'val_annotations.txt');
  if (existsSync(annotations)) {
    const lines = (await readBytes(annotations, { maxBytes: maxAnnotationBytes })).toString('utf8').split('\n').filter(Boolean);
    return lines.map((line, i) => {
      const [name, className] = line.split('\t');
      const label = classNames.indexOf(className ?? '');
      if (label < 0) throw new DataFileError(`${annotations}, line ${i + 1}: a class of the training images is expected; got "${className}".`);
      const fault = fileNameFault(name!);
      if (fault !== undefined) throw new DataFileError(`${annotations}, line ${i + 1}: the name of an image beside it is expected; got "${name!.slice(0, 100)}": ${fault}.`);
      return { file: join(folder, 'images', name!), label };
    });
  }
  const files: { file: string; label: number }[] = [];
  for (const [label, className] of classNames.entries()) {
    const inner = join(folder, className, 'images');
    const images = existsSync(inner) ? inner : join(folder, className);
    const names = (await list(images, 'images')).sort();
    if (names.length === 0) throw new DataFileError(`${images} must hold images of class "${className}" (${extensions.join(', ')}); it holds none.`);
    files.push(...names.map((name) => ({ file: join(images, name), label })));
  }
  return files;
}

async function list(folder: string, kind: 'folders' | 'images'): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: Error) => { throw new DataFileError(`${folder} can't be read: ${cause.message}.`, { cause }); });
  return entries
    .filter((entry) => (kind === 'folders' ? entry.isDirectory() : entry.isFile() && extensions.includes(extname(entry.name).toLowerCase())) && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
}

async function loadImages(files: readonly { file: string; label: number }[], size: Picture, channels: 1 | 3, firstFile: string): Promise<LabeledImages> {
  const pixels = size.height * size.width;
  const bytes = files.length * pixels * channels;
  if (bytes > totalmem()) throw new DataFileError(`${firstFile} and the other ${files.length - 1} images must fit the memory; they take ${bytes} bytes. Make them smaller.`);
  const data = new Uint8Array(bytes);
  for (const [i, { file }] of files.entries()) {
    const picture = await decode(file);
    if (picture.height !== size.height || picture.width !== size.width) {
      throw new DataFileError(`${file} must be ${size.height} x ${size.width} pixels, as ${firstFile} is; it is ${picture.height} x ${picture.width}. Resize the images to one size.`);
    }
    for (let p = 0; p < pixels; p++) {
      const [red, green, blue] = [picture.data[4 * p]!, picture.data[4 * p + 1]!, picture.data[4 * p + 2]!];
      if (channels === 1) data[i * pixels + p] = Math.round((red + green + blue) / 3);
      else data.set([red, green, blue], (i * pixels + p) * 3);
    }
  }
  return { data, labels: Int32Array.from(files, ({ label }) => label) };
}

async function decode(file: string): Promise<Picture> {
  const bytes = await readBytes(file, { maxBytes: maxImageBytes });
  const isPng = extname(file).toLowerCase() === '.png';
  if (isPng) checkPngSize(bytes, file);
  try {
    if (isPng) return (await import('pngjs')).PNG.sync.read(bytes);
    return (await import('jpeg-js')).decode(bytes, { useTArray: true, formatAsRGBA: true, maxResolutionInMP: maxPixels / 1e6, maxMemoryUsageInMB: 512 });
  } catch (cause) {
    throw new DataFileError(`${file} must be a whole ${extname(file).slice(1).toUpperCase()} image; ${(cause as Error).message}.`, { cause });
  }
}

/** The decoder makes room for as many pixels as the header says: width and height at bytes 16 and 20, interlacing at byte 28. */
function checkPngSize(bytes: Buffer, file: string): void {
  if (bytes.length < 29) throw new DataFileError(`${file} must be a whole PNG image; it has ${bytes.length} bytes.`);
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width * height > maxPixels) throw new DataFileError(`${file} must have at most ${maxPixels} pixels; it says ${width} x ${height}. Resize the images.`);
  if (bytes[28] !== 0 && bytes.length > maxInterlacedBytes) throw new DataFileError(`${file} must have at most ${maxInterlacedBytes} bytes, since it is interlaced; it has ${bytes.length}. Save it without interlacing.`);
}
