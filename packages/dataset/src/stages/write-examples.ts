import { ArtifactError, examplesSchema, labelsTable, writeTable, writeTensor } from '@memgeo/artifacts';
import { gatherRows } from '@memgeo/numerics';
import { asStageError, StageError, type StageContext } from '@memgeo/stage';
import { closest } from 'fastest-levenshtein';
import { DataFileError, type ImageSet } from '../images/labeled-images.js';
import { shrinkImages } from '../images/shrink-images.js';
import { keepBooks, type BookEntry } from '../permutation/books.js';
import { readCifar } from '../readers/cifar.js';
import { readIdxFolder } from '../readers/idx.js';
import { readImageFolder } from '../readers/image-folder.js';
import type { Source } from './permute.js';
import { readTensorSet } from './read-tensor-set.js';

type Params = {
  source: Source; classes: 'all' | string[]; trainPerClass?: number | undefined; testPerClass?: number | undefined;
  permutedFraction: number; fixedPoints: 'allow' | 'forbid'; shrink: number; seed: number;
};
type Context = Pick<StageContext, 'files' | 'outputs' | 'log'> & { readonly params: Params };

/** Reads, chooses, permutes, writes. */
export async function writeExamples(context: Context): Promise<{ [fact: string]: number }> {
  return asStageError('dataset/permute', [DataFileError, ArtifactError, RangeError], () => readAndWrite(context));
}

async function readAndWrite({ params, files, outputs, log }: Context): Promise<{ [fact: string]: number }> {
  const set = await readSource(params.source, files.source!);
  const classes = chooseClasses(set, params.classes);
  const classNames = classes.map((c) => set.classNames[c]!);
  const books = keepBooks({ train: set.train.labels, test: set.test?.labels }, {
    classes, classNames, trainPerClass: params.trainPerClass, testPerClass: params.testPerClass,
    permutedFraction: params.permutedFraction, fixedPoints: params.fixedPoints, seed: params.seed,
  });
  if (books.test.length === 0) throw new StageError('dataset/permute: there are no test images. The source does not say which to hold out: set testPerClass.');
  await writeOutputs(set, books, classNames, { source: params.source, shrink: params.shrink }, outputs);
  const drawn = books.train.filter(({ isPermuted }) => isPermuted);
  const fixed = drawn.filter(({ trueLabel, assignedLabel }) => trueLabel === assignedLabel).length;
  log(`${classNames.length} classes; ${books.train.length} training images, ${drawn.length} with permuted labels (${fixed} kept their label by chance); ${books.test.length} test images`);
  return { classes: classNames.length, training: books.train.length, permuted: drawn.length, fixedPoints: fixed, test: books.test.length };
}

function readSource(source: Source, path: string): Promise<ImageSet> {
  if (typeof source === 'string' || source.format === 'idx') return readIdxFolder(path);
  if (source.format === 'image-folder') return readImageFolder(path, source);
  if (source.format === 'tensor') return readTensorSet(path, source);
  return readCifar(path, { kind: source.format, ...(source.format === 'cifar100' ? { labels: source.labels } : {}) });
}

function chooseClasses(set: ImageSet, wanted: 'all' | readonly string[]): number[] {
  if (wanted === 'all') return set.classNames.map((_, i) => i);
  const repeated = wanted.find((name, i) => wanted.indexOf(name) !== i);
  if (repeated !== undefined) throw new StageError(`dataset/permute: classes must differ; "${repeated}" stands there twice.`);
  return wanted.map((name) => {
    const index = set.classNames.indexOf(name);
    if (index < 0) throw new StageError(`dataset/permute: there is no class "${name}"; the nearest is "${closest(name, [...set.classNames])}". Classes: ${set.classNames.join(' ')}.`);
    return index;
  });
}

async function writeOutputs(
  set: ImageSet, books: { train: readonly BookEntry[]; test: readonly BookEntry[] }, classNames: readonly string[], { source, shrink }: { source: Source; shrink: number }, outputs: Context['outputs'],
): Promise<void> {
  const size = set.height * set.width * set.channels;
  const heldOut = set.test ?? set.train;
  const count = books.train.length + books.test.length;
  const data = set.train.data.BYTES_PER_ELEMENT === 1 ? new Uint8Array(count * size) : new Float32Array(count * size);
  data.set(gatherRows(set.train.data, size, books.train.map(({ sourceRow }) => sourceRow)));
  data.set(gatherRows(heldOut.data, size, books.test.map(({ sourceRow }) => sourceRow)), books.train.length * size);
  const entries = [...books.train.map((entry) => ({ entry, split: 'train' })), ...books.test.map((entry) => ({ entry, split: 'test' }))];
  const images = shrinkImages({ data, height: set.height, width: set.width, channels: set.channels }, { factor: shrink });
  await writeTensor(outputs.examples!, {
    data: images.data, shape: [count, images.data.length / count], rows: {},
    metadata: { height: images.height, width: images.width, channels: images.channels, classNames: [...classNames], source: typeof source === 'string' ? source : source.format },
  }, { schema: examplesSchema });
  await writeTable(outputs.labels!, labelsTable, entries.map(({ entry, split }, exampleId) => ({
    exampleId, split, trueLabel: entry.trueLabel, assignedLabel: entry.assignedLabel, isPermuted: entry.isPermuted,
  })));
}
