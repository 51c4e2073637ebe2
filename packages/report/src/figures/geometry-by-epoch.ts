import { sortLayers } from '../rows/gather.js';
import { describeMeasure } from '../rows/measures.js';
import type { Measurement } from '../rows/summarize.js';
import { epochAxis, valueDomain } from './axes.js';
import type { ChartPanel, Figure } from './figure.js';
import { figureName } from './figure-name.js';
import { chanceLevels, describeBands, linesOf } from './geometry-panels.js';

const titles = new Map(Object.entries({
  capacity: 'When do the classes become separable, early and late in the network?',
  radius: 'When do the classes tighten, early and late in the network?',
  dimension: 'When do the classes lose directions, early and late in the network?',
  centerCorrelation: 'When do class centers part, early and late in the network?',
}));

/**
 * Names the first and last hidden layer: the shallowest but the input, and the deepest.
 *
 * @returns one name where there is only one, none where there are no rows.
 */
export function outerLayers(rows: readonly { readonly layer: string; readonly layerIndex: number | null }[]): string[] {
  const layers = sortLayers(rows);
  const hidden = layers.filter((layer) => layer !== 'input');
  const candidates = hidden.length > 0 ? hidden : layers;
  return [...new Set([candidates[0], candidates.at(-1)].filter((layer) => layer !== undefined))];
}

/**
 * Lays out one measure against the epoch, for the first and the last hidden layer, on one vertical scale.
 *
 * @param measurements  Summarized rows of any measures.
 * @param options.measure  The measure to show.
 * @param options.bestEpoch  Epoch of the best test accuracy, marked.
 * @returns a figure; undefined if nothing of this measure has a value and an epoch.
 */
export function geometryByEpoch(measurements: readonly Measurement[], { measure, bestEpoch }: { measure: string; bestEpoch?: number | undefined }): Figure | undefined {
  const ofMeasure = measurements.filter((row) => row.measure === measure && row.epoch !== null);
  const layers = outerLayers(ofMeasure);
  const rows = ofMeasure.filter((row) => layers.includes(row.layer)).sort((a, b) => a.epoch! - b.epoch!);
  if (!rows.some((row) => row.value !== null)) return undefined;
  const info = describeMeasure(measure);
  const x = epochAxis(rows.map((row) => row.epoch!));
  const domain = valueDomain(linesOf(rows, (row) => row.epoch!), { isFromZero: info.isFromZero, levels: chanceLevels(rows, measure).map((level) => level.value) });
  const panels = layers.map((layer, index): ChartPanel => {
    const ofLayer = rows.filter((row) => row.layer === layer);
    return {
      kind: 'chart',
      title: layers.length === 1 ? layer : `${layer} (${index === 0 ? 'first' : 'last'} hidden layer)`,
      x,
      y: { label: info.axis, domain },
      lines: linesOf(ofLayer, (row) => row.epoch!),
      levels: chanceLevels(ofLayer, measure),
      moments: bestEpoch === undefined ? [] : [{ x: bestEpoch, label: `best test, epoch ${bestEpoch}` }],
    };
  });
  return {
    name: figureName(measure, 'by-epoch'),
    title: titles.get(measure) ?? `${info.title}: how does it change with training?`,
    caption: `${info.title} against the epoch, in the first and the last hidden layer. ${describeBands(rows)}`,
    panels,
  };
}
