import type { GeometryRow, HistoryRow } from '@memgeo/artifacts';
import type { Average } from '../rows/average.js';
import { sortLayers, type Located } from '../rows/gather.js';
import { describeMeasure } from '../rows/measures.js';
import { featuresPerPoint, hasEnoughFeatures, interpolationAccuracy, interpolationWidth, sweepWidths, widthOf, widthResults } from '../rows/width-sweep.js';
import { accuracyLines, chanceAccuracy } from './accuracy-by-epoch.js';
import { epochAxis, valueDomain } from './axes.js';
import { chooseEpochs } from './choose-epochs.js';
import type { ChartPanel, Figure, HorizontalAxis, Line, LinePoint } from './figure.js';
import { countRuns, describeRuns, linePoints } from './line-points.js';

const shownMeasures = ['radius', 'dimension', 'capacity'] as const;

/**
 * Lays out training and test error against the width of the network [stephenson2021geometry, fig. 4C].
 *
 * @param history  Rows with a coordinate `width`.
 * @returns a figure; undefined with fewer than two widths.
 */
export function errorByWidth(history: readonly Located<HistoryRow>[]): Figure | undefined {
  const results = widthResults(history);
  if (results.length < 2) return undefined;
  const line = (about: Omit<Line, 'points'>, of: (result: (typeof results)[number]) => Average | null): Line => ({
    ...about,
    points: results.flatMap((result): LinePoint[] => {
      const average = of(result);
      if (average === null || average.value === null) return [];
      const [error, spread] = [1 - average.value, average.spread];
      return [{ x: result.width, y: error, low: spread === null ? null : Math.max(0, error - spread), high: spread === null ? null : Math.min(1, error + spread) }];
    }),
  });
  const lines = [
    line({ set: 'test' }, ({ test }) => test),
    line({ set: 'test', label: 'test, best epoch', isDashed: true }, ({ bestTest }) => bestTest),
    line({ set: 'training' }, ({ training }) => training),
  ].filter(({ points }) => points.length > 0);
  if (lines.length === 0) return undefined;
  const seeds = Math.max(...results.map(({ test, training }) => Math.max(test.repeats, training.repeats)));
  return {
    name: 'error-by-width',
    title: 'Does the test error rise and fall again as the network grows wider?',
    caption: `Share of wrong answers at the last epoch against the width. Training is scored against the labels trained on, wrong ones included, over the sets unpermuted and permuted together; test against true labels.${lines.some(({ isDashed }) => isDashed) ? ' Dashed: the test error of the best epoch, as if training had stopped there.' : ''} ${describeInterpolation(interpolationWidth(results))} ${seeds > 1 ? `Means over ${seeds} seeds; bands: their standard deviation.` : 'One run; bands: one binomial standard error.'}`,
    panels: [{ kind: 'chart', title: 'Error at the last epoch', x: widthAxis(results.map(({ width }) => width)), y: { label: 'Wrong answers (fraction)', domain: valueDomain(lines, { isFromZero: true }) }, lines, levels: [], moments: interpolationMoment(interpolationWidth(results)) }],
  };
}

/**
 * Lays out radius, dimension and capacity of test manifolds in the last hidden layer against the width [stephenson2021geometry, fig. 4D-E].
 *
 * Points with too few features ({@link hasEnoughFeatures}) are hollow: their dimension is bounded by the features, not by the classes.
 *
 * @param rows  Gathered rows of geometry tables with a coordinate `width`.
 * @param options.history  For the width at which the network interpolates, marked.
 * @returns a figure; undefined with fewer than two widths.
 */
export function geometryByWidth(rows: readonly Located<GeometryRow>[], { history = [] }: { history?: readonly Located<HistoryRow>[] } = {}): Figure | undefined {
  const widths = sweepWidths(rows);
  if (widths.length < 2) return undefined;
  const last = widths.flatMap((width) => lastRows(rows.filter((row) => widthOf(row) === width)));
  const set = last.some((row) => row.set === 'test') ? 'test' : last[0]?.set ?? 'test';
  const shown = last.filter((row) => row.set === set && row.value !== null);
  const interpolation = interpolationWidth(widthResults(history));
  const panels = shownMeasures.flatMap((measure): ChartPanel[] => {
    const ofMeasure = shown.filter((row) => row.measure === measure);
    const points = linePoints(ofMeasure, (row) => widthOf(row)!).map((point): LinePoint => {
      const few = ofMeasure.find((row) => widthOf(row) === point.x && !hasEnoughFeatures(row));
      return few === undefined ? point : { ...point, note: `Only ${few.ambientDimension} features for ${few.pointsPerManifold} points and ${few.manifolds} classes: not comparable` };
    });
    if (points.length === 0) return [];
    const info = describeMeasure(measure);
    const lines = [{ set, points }];
    return [{ kind: 'chart', title: info.title, x: widthAxis(widths), y: { label: info.axis, domain: valueDomain(lines, { isFromZero: true }) }, lines, levels: [], moments: interpolationMoment(interpolation) }];
  });
  if (panels.length === 0) return undefined;
  const hasHollow = panels.some(({ lines }) => lines.some(({ points }) => points.some(({ note }) => note !== undefined)));
  return {
    name: 'geometry-by-width',
    title: 'How do class manifolds change as the network grows wider?',
    caption: `Manifolds of ${set === 'test' ? 'test images' : `the set ${set}`} in the last hidden layer at the last epoch.${hasHollow ? ` Hollow: fewer than ${featuresPerPoint} features for each point and class, which bounds radius and dimension; these do not compare with the rest.` : ''} ${history.length === 0 ? '' : `${describeInterpolation(interpolation)} `}${describeRuns(shown.filter((row) => widthOf(row) === widths.at(-1)), { over: 'the class manifolds' })}`,
    panels,
  };
}

/** Lays out the accuracies of each set against the epoch, a panel per width. */
export function accuracyByWidth(history: readonly Located<HistoryRow>[], { panelCount, classCount }: { panelCount: number; classCount?: number | undefined }): Figure | undefined {
  const widths = sweepWidths(history);
  if (widths.length < 2) return undefined;
  // The widths that fill the widest gaps on a log scale, as for epochs.
  const shown = chooseEpochs(widths, { count: panelCount });
  const rows = history.filter((row) => shown.includes(widthOf(row)!));
  const runs = countRuns(rows.filter((row) => widthOf(row) === shown[0]));
  const panels = shown.map((width): ChartPanel => ({
    kind: 'chart', title: `Width ${width}`, x: epochAxis(rows.map((row) => row.epoch)), y: { label: 'Accuracy (fraction)', domain: [0, 1] },
    lines: accuracyLines(rows.filter((row) => widthOf(row) === width)), levels: chanceAccuracy(classCount), moments: [],
  }));
  return {
    name: 'accuracy-by-width',
    title: 'When does a network of each width learn, and when does it memorize?',
    caption: `Accuracy of each example set after each epoch, in evaluation mode. Permuted is scored against the assigned label, restored is the same images against their true one. ${runs > 1 ? `Means over ${runs} seeds; bands: their standard deviation.` : 'Bands: one binomial standard error.'}${widths.length > shown.length ? ` ${widths.length - shown.length} more widths are in the tables.` : ''}`,
    panels,
  };
}

/** Rows of the last hidden layer at the last epoch. */
function lastRows(rows: readonly Located<GeometryRow>[]): Located<GeometryRow>[] {
  const epoch = Math.max(...rows.map((row) => row.epoch ?? -1));
  const layer = sortLayers(rows).at(-1);
  return rows.filter((row) => (row.epoch ?? -1) === epoch && row.layer === layer);
}

function widthAxis(widths: readonly number[]): HorizontalAxis {
  return { kind: 'widths', domain: [widths[0]!, widths.at(-1)!], values: widths, label: 'Width (units), log scale' };
}

function interpolationMoment(width: number | undefined): ChartPanel['moments'] {
  return width === undefined ? [] : [{ x: width, label: `interpolates, ${width}` }];
}

function describeInterpolation(width: number | undefined): string {
  return width === undefined
    ? `No width reaches a training accuracy above ${interpolationAccuracy}.`
    : `Dotted: ${width}, the first width whose training accuracy is above ${interpolationAccuracy}.`;
}
