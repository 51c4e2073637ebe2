import type { HistoryRow, LabelsRow, SimilarityRow, Tensor } from '@memgeo/artifacts';
import { mainMeasures, sortMeasures } from '../rows/measures.js';
import type { Measurement } from '../rows/summarize.js';
import { accuracyByEpoch } from './accuracy-by-epoch.js';
import type { Figure } from './figure.js';
import { geometryByEpoch } from './geometry-by-epoch.js';
import { geometryByLayer } from './geometry-by-layer.js';
import { sampleImages } from './sample-images.js';
import { similarityMaps } from './similarity-maps.js';

/** A heading and the figures below it. */
export type FigureGroup = { readonly heading: string; readonly isFolded: boolean; readonly figures: readonly Figure[] };

/** What the figures are drawn from. */
export type FigureSources = {
  readonly history: readonly HistoryRow[];
  readonly measurements: readonly Measurement[];
  readonly similarity: readonly SimilarityRow[];
  readonly data?: { readonly examples: Tensor; readonly labels: readonly LabelsRow[] } | undefined;
  readonly bestEpoch?: number | undefined;
  /** Most epochs with a panel of their own. */
  readonly panelCount: number;
};

/** Lays out every figure that the rows have something for. */
export function allFigures({ history, measurements, similarity, data, bestEpoch, panelCount }: FigureSources): FigureGroup[] {
  const main: readonly string[] = mainMeasures;
  const others = sortMeasures(measurements.map((row) => row.measure)).filter((measure) => !main.includes(measure));
  const byLayer = (measures: readonly string[]): Figure[] => present(measures.map((measure) => geometryByLayer(measurements, { measure, panelCount, bestEpoch })));
  const classNames = data?.examples.metadata.classNames;
  const samples = data === undefined ? undefined : sampleImages(data.examples, data.labels, { classNames: Array.isArray(classNames) ? classNames.map(String) : [] });
  const classCount = data === undefined ? undefined : new Set(data.labels.map((row) => row.trueLabel)).size;
  return [
    { heading: 'The examples', isFolded: false, figures: present([samples]) },
    { heading: 'Accuracy', isFolded: false, figures: history.length === 0 ? [] : [accuracyByEpoch(history, { bestEpoch, classCount })] },
    { heading: 'Geometry, layer by layer', isFolded: false, figures: byLayer(main) },
    { heading: 'Geometry, epoch by epoch', isFolded: false, figures: present(main.map((measure) => geometryByEpoch(measurements, { measure, bestEpoch }))) },
    { heading: 'Similarity of layers and epochs', isFolded: false, figures: present([similarityMaps(similarity)]) },
    { heading: 'Further measures', isFolded: true, figures: byLayer(others) },
  ];
}

function present<T>(items: readonly (T | undefined)[]): T[] {
  return items.filter((item) => item !== undefined);
}
