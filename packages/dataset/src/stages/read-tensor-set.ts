import { examplesSchema, readTensor, rowLength } from '@memgeo/artifacts';
import { gatherRows } from '@memgeo/numerics';
import { DataFileError, type ImageSet, type LabeledImages } from '../images/labeled-images.js';

/** Classes are counted from 0, so a label beyond this is no class but something else. */
const maxClasses = 65_536;

/**
 * Reads images from an Arrow or Parquet tensor: a row per image, a column `label` (whole numbers or names), and perhaps a
 * column `split` of `train` and `test`.
 *
 * @param options.shape  (height, width, channels), if the file does not say.
 * @throws DataFileError if a column is missing or the sizes disagree; ArtifactError if the file can't be read.
 */
export async function readTensorSet(path: string, options: { shape?: readonly [number, number, number] | undefined }): Promise<ImageSet> {
  const { data, shape, rows, metadata } = await readTensor(path, { schema: examplesSchema });
  const { label, split } = rows;
  if (label === undefined) throw new DataFileError(`${path} must have a column "label"; it has ${Object.keys(rows).join(', ') || 'none'}.`);
  const size = rowLength(shape);
  const [height, width, channels] = (options.shape ?? [metadata.height, metadata.width, metadata.channels]) as [number, number, number];
  const isSize = [height, width, channels].every((side) => Number.isSafeInteger(side) && side > 0);
  if (!isSize || height * width * channels !== size) {
    throw new DataFileError(`${path}: height x width x channels must be the ${size} values of a row; got ${options.shape ? `${height} x ${width} x ${channels}` : 'no shape'}. Set shape: [height, width, channels].`);
  }
  const names = ArrayBuffer.isView(label) ? undefined : [...new Set(label)].sort();
  const places = new Map(names?.map((name, i) => [name, i]));
  const labels = names ? Int32Array.from(label as readonly string[], (name) => places.get(name)!) : Int32Array.from(label as Int32Array);
  const largest = labels.reduce((most, value) => Math.max(most, value), 0);
  if (largest >= maxClasses) throw new DataFileError(`${path}: labels must be below ${maxClasses}; row ${labels.indexOf(largest)} has ${largest}. Number the classes from 0.`);
  if (labels.some((value) => value < 0)) throw new DataFileError(`${path}: labels must not be negative; row ${labels.findIndex((value) => value < 0)} has ${labels.find((value) => value < 0)}.`);
  const classNames = names ?? Array.from({ length: largest + 1 }, (_, i) => String(i));
  const part = (wanted: string | undefined): LabeledImages => {
    const chosen = Array.from(labels.keys()).filter((row) => wanted === undefined || split![row] === wanted);
    return { data: gatherRows(data, size, chosen), labels: Int32Array.from(chosen, (row) => labels[row]!) };
  };
  if (split === undefined) return { height, width, channels, classNames, train: part(undefined) };
  return { height, width, channels, classNames, train: part('train'), test: part('test') };
}
