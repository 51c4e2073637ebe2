import { exampleSets, isInExampleSet, rowLength, type LabelsRow, type Tensor } from '@memgeo/artifacts';
import { setDescriptions } from '../rows/sets.js';
import type { Figure, ImagePanel, Raster } from './figure.js';

/**
 * Lays out sample images of the four example sets with both labels [stephenson2021geometry, fig. 1A].
 *
 * Examples are spread evenly over the classes. Permuted and restored show the same images: only the label that counts,
 * set in bold, differs.
 *
 * @param examples  Images, shape (samples, height * width * channels), with height, width and channels (1 or 3) in the metadata.
 * @param labels  One row per image.
 * @param options.perSet  Images per set.
 * @param options.classNames  Names of the classes; without them their indices are shown.
 * @returns a figure; undefined if the metadata do not describe images.
 */
export function sampleImages(examples: Tensor, labels: readonly LabelsRow[], { perSet = 6, classNames = [] }: { perSet?: number; classNames?: readonly string[] } = {}): Figure | undefined {
  const { height, width, channels } = examples.metadata;
  if (!isSize(height) || !isSize(width) || (channels !== 1 && channels !== 3) || height * width * channels !== rowLength(examples.shape) || Math.max(height, width) > 512) return undefined;
  const toByte = byteScale(examples);
  const raster = (row: number): Raster => {
    const size = rowLength(examples.shape);
    return { width, height, channels, data: Uint8Array.from(examples.data.subarray(row * size, (row + 1) * size), toByte) };
  };
  const name = (index: number): string => classNames[index] ?? String(index);
  const panels = exampleSets.flatMap((set): ImagePanel[] => {
    const chosen = spread(labels.filter((row) => isInExampleSet(row, set)), perSet);
    if (chosen.length === 0) return [];
    const images = chosen.map((row) => ({
      pixels: raster(row.exampleId),
      lines: [
        { text: `true: ${name(row.trueLabel)}`, isUsed: set !== 'permuted' },
        { text: row.split === 'test' ? 'not trained on' : `trained: ${name(row.assignedLabel)}`, isUsed: set === 'permuted' },
      ],
    }));
    return [{ kind: 'images', title: `${set}: ${setDescriptions.get(set)!}`, set, images }];
  });
  if (panels.length === 0) return undefined;
  return {
    name: 'sample-images',
    title: 'What does the network see, and under which label?',
    caption: 'Sample images of each set with the label that is true and the label used in training. In bold: the label under which the set is scored and its class manifolds are formed. Permuted and restored show the same images.',
    panels,
  };
}

function isSize(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}

/** Picks rows spread evenly over the true labels; the same rows every time. */
function spread(rows: readonly LabelsRow[], count: number): LabelsRow[] {
  const sorted = [...rows].sort((a, b) => a.trueLabel - b.trueLabel || a.exampleId - b.exampleId);
  if (sorted.length <= count) return sorted;
  return Array.from({ length: count }, (_, i) => sorted[Math.floor(((i + 0.5) * sorted.length) / count)]!);
}

/** How pixel values become bytes: uint8 as they are, floats from their range to 0..255. */
function byteScale({ data }: Tensor): (value: number) => number {
  if (data.BYTES_PER_ELEMENT === 1) return (value) => value;
  let lowest = Infinity;
  let highest = -Infinity;
  for (const value of data) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  const range = highest - lowest || 1;
  return (value) => Math.round(((value - lowest) / range) * 255);
}
