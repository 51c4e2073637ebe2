import type { DistanceGapRow, DistancesRow, GeometryRow, GradientsRow, HistoryRow, LabelsRow, LearningRow, PhasesRow, RewindingRow, SimilarityRow, Tensor } from '@memgeo/artifacts';
import type { Located } from '../rows/gather.js';
import { mainMeasures, sortMeasures } from '../rows/measures.js';
import type { Measurement } from '../rows/summarize.js';
import { sweepWidths } from '../rows/width-sweep.js';
import { accuracyByEpoch } from './accuracy-by-epoch.js';
import { distanceGap } from './distance-gap.js';
import { distancesByEpoch } from './distances.js';
import type { Figure } from './figure.js';
import { distinctNames } from './figure-name.js';
import { forgetting } from './forgetting.js';
import { geometryByEpoch } from './geometry-by-epoch.js';
import { geometryByLayer } from './geometry-by-layer.js';
import { gradientAlignment } from './gradient-alignment.js';
import { gradientParts } from './gradient-parts.js';
import { gradientRatio } from './gradient-ratio.js';
import { learnedByEpoch } from './learned-by-epoch.js';
import { marginDistributions } from './margins.js';
import { describePhases } from './phases.js';
import { reinitializationByLayer } from './reinitialization.js';
import { batchNormByLayer, restorationByLayer } from './rewinding-by-layer.js';
import { rewindingMaps } from './rewinding-maps.js';
import { sampleImages } from './sample-images.js';
import { similarityMaps } from './similarity-maps.js';
import { theoryAndSimulation } from './theory-and-simulation.js';
import { accuracyByWidth, errorByWidth, geometryByWidth } from './width-sweep.js';

/** A heading and the figures below it. */
export type FigureGroup = { readonly heading: string; readonly isFolded: boolean; readonly figures: readonly Figure[] };

/** What the figures are drawn from; rows of several runs carry their coordinates. */
export type FigureSources = {
  readonly history: readonly Located<HistoryRow>[];
  readonly learning?: readonly Located<LearningRow>[] | undefined;
  readonly measurements: readonly Measurement[];
  /** Rows behind the measurements, for a sweep of widths. */
  readonly geometry?: readonly Located<GeometryRow>[] | undefined;
  readonly similarity: readonly Located<SimilarityRow>[];
  readonly rewinding?: readonly Located<RewindingRow>[] | undefined;
  readonly gradients?: readonly Located<GradientsRow>[] | undefined;
  readonly distances?: readonly Located<DistancesRow>[] | undefined;
  readonly distanceGap?: readonly DistanceGapRow[] | undefined;
  readonly phases?: readonly PhasesRow[] | undefined;
  readonly data?: { readonly examples: Tensor; readonly labels: readonly LabelsRow[] } | undefined;
  readonly bestEpoch?: number | undefined;
  /** Most epochs with a panel of their own. */
  readonly panelCount: number;
};

/** With a figure of its own beside the phases of learning. */
const reconstruction = 'reconstructionR2';

/** The history marks the best epoch. */
const geometryPorts = ['geometry', 'history'];

/**
 * Lays out every figure that the rows have something for, in reading order; a group may be empty.
 *
 * Rows of two widths or more are a sweep: figures that would average over widths are left out, and those against the width take their place.
 */
export function allFigures(sources: FigureSources): FigureGroup[] {
  const { history, measurements, geometry = [], distanceGap: gap = [], data, bestEpoch, panelCount } = sources;
  const [learning, similarity, rewinding, gradients, distances] = [ofOneWidth(sources.learning), ofOneWidth(sources.similarity), ofOneWidth(sources.rewinding), ofOneWidth(sources.gradients), ofOneWidth(sources.distances)];
  const isSweep = sweepWidths([...history, ...geometry]).length > 1;
  const single = isSweep ? [] : measurements;
  const main: readonly string[] = mainMeasures;
  const others = sortMeasures(single.map((row) => row.measure)).filter((measure) => !main.includes(measure));
  const byLayer = (measures: readonly string[]): Figure[] => drawnFrom(geometryPorts, measures.map((measure) => geometryByLayer(single, { measure, panelCount, bestEpoch })));
  const classCount = data === undefined ? undefined : new Set(data.labels.map((row) => row.trueLabel)).size;
  const accuracy = history.length === 0 ? undefined : isSweep ? accuracyByWidth(history, { panelCount, classCount }) : accuracyByEpoch(history, { bestEpoch, classCount });
  return withDistinctNames([
    { heading: 'The examples', isFolded: false, figures: drawnFrom(['data'], [samples(data)]) },
    { heading: 'Width', isFolded: false, figures: isSweep ? [...drawnFrom(['history'], [errorByWidth(history)]), ...drawnFrom(['geometry', 'history'], [geometryByWidth(geometry, { history })])] : [] },
    { heading: 'Accuracy', isFolded: false, figures: drawnFrom(data === undefined ? ['history'] : ['history', 'data'], [accuracy]) },
    { heading: 'Learning, image by image', isFolded: false, figures: [...drawnFrom(['learning', 'history'], [learnedByEpoch(learning, { bestEpoch })]), ...drawnFrom(['learning'], [marginDistributions(learning), forgetting(learning)])] },
    { heading: 'Geometry, layer by layer', isFolded: false, figures: byLayer(main) },
    { heading: 'Geometry, epoch by epoch', isFolded: false, figures: drawnFrom(geometryPorts, main.map((measure) => geometryByEpoch(single, { measure, bestEpoch }))) },
    { heading: 'Theory and simulation', isFolded: false, figures: drawnFrom(['geometry'], [theoryAndSimulation(single)]) },
    { heading: 'Layers set back', isFolded: false, figures: drawnFrom(['rewinding'], [rewindingMaps(rewinding, { variant: 'tail' }), rewindingMaps(rewinding, { variant: 'single' }), restorationByLayer(rewinding, { bestEpoch }), batchNormByLayer(rewinding, { bestEpoch }), reinitializationByLayer(rewinding)]) },
    { heading: 'Gradients', isFolded: false, figures: [...drawnFrom(['gradients', 'history'], [gradientRatio(gradients, { bestEpoch })]), ...drawnFrom(['gradients'], [gradientParts(gradients, { kind: 'Norm' }), gradientParts(gradients, { kind: 'Projection' }), gradientAlignment(gradients)])] },
    { heading: 'Distance from initialization', isFolded: false, figures: [...drawnFrom(['distances'], [distancesByEpoch(distances)]), ...drawnFrom(['distanceGap'], [distanceGap(gap)])] },
    { heading: 'Reconstruction of the input', isFolded: false, figures: drawnFrom([...geometryPorts, 'phases'], [reconstructionByEpoch(sources, single)]) },
    { heading: 'Similarity of layers and epochs', isFolded: false, figures: drawnFrom(['similarity'], [similarityMaps(similarity)]) },
    { heading: 'Further measures', isFolded: true, figures: byLayer(others) },
  ]);
}

/** The rows, unless they are of several widths, whose mean would say nothing. */
function ofOneWidth<Row extends object>(rows: readonly Located<Row>[] = []): readonly Located<Row>[] {
  return sweepWidths(rows).length > 1 ? [] : rows;
}

function samples(data: FigureSources['data']): Figure | undefined {
  const classNames = data?.examples.metadata.classNames;
  return data === undefined ? undefined : sampleImages(data.examples, data.labels, { classNames: Array.isArray(classNames) ? classNames.map(String) : [] });
}

/** The reconstruction of inputs against the epoch, with the phases of its loss. */
function reconstructionByEpoch({ phases = [], bestEpoch }: FigureSources, measurements: readonly Measurement[]): Figure | undefined {
  const figure = geometryByEpoch(measurements, { measure: reconstruction, bestEpoch });
  return figure && { ...figure, caption: `${figure.caption} ${describePhases(phases)}`.trim() };
}

/** The figures that there are, with the inputs they are drawn from. */
function drawnFrom(from: readonly string[], figures: readonly (Figure | undefined)[]): Figure[] {
  return figures.flatMap((figure) => (figure === undefined ? [] : [{ ...figure, from }]));
}

/** Measures of the user's may be told apart by what no file name can have. */
function withDistinctNames(groups: readonly FigureGroup[]): FigureGroup[] {
  const figures = distinctNames(groups.flatMap((group) => group.figures));
  let next = 0;
  return groups.map((group) => ({ ...group, figures: figures.slice(next, next += group.figures.length) }));
}
