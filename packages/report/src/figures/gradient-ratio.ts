import type { GradientsRow } from '@memgeo/artifacts';
import { sortLayers, type Located } from '../rows/gather.js';
import { epochAxis, valueDomain } from './axes.js';
import type { Figure, Line, Panel } from './figure.js';
import { singleLayers, spreadLayers } from './layer-groups.js';
import { describeRuns, linePoints } from './line-points.js';
import { mapValues } from './map-values.js';

const measure = 'labelDependentRatio';
/** With more layers than the lines show, a map shows all of them. */
const mostLines = 3;

/**
 * Lays out how large the label-dependent gradient of permuted examples is against that of unpermuted ones.
 *
 * @param rows  Rows of gradients tables.
 * @param options.bestEpoch  Epoch of the best test accuracy, marked.
 * @returns a figure with lines for the first, middle and last layer and a map of all; undefined if there are no ratios.
 */
export function gradientRatio(rows: readonly Located<GradientsRow>[], { bestEpoch }: { bestEpoch?: number | undefined } = {}): Figure | undefined {
  const shown = singleLayers(rows).filter((row) => row.measure === measure && row.value !== null);
  if (shown.length === 0) return undefined;
  const layers = sortLayers(shown);
  const lines = spreadLayers(shown, mostLines).map((layer): Line => ({
    set: layer, place: layers.length === 1 ? 0.5 : layers.indexOf(layer) / (layers.length - 1), points: linePoints(shown.filter((row) => row.layer === layer), (row) => row.epoch),
  }));
  const epochs = [...new Set(shown.map((row) => row.epoch))].sort((a, b) => a - b);
  const map = mapValues(shown, { rows: layers, columns: epochs, rowOf: (row) => row.layer, columnOf: (row) => row.epoch });
  const panels: Panel[] = [{
    kind: 'chart', title: layers.length > mostLines ? 'First, middle and last layer' : 'Each layer', x: epochAxis(epochs), y: { label: 'Permuted over unpermuted', domain: valueDomain(lines, { isFromZero: true, levels: [1] }) },
    lines, levels: [{ value: 1, label: 'equal' }], moments: bestEpoch === undefined ? [] : [{ x: bestEpoch, label: `best test, epoch ${bestEpoch}` }],
  }];
  if (layers.length > mostLines) panels.push({ kind: 'heat', title: 'All layers', label: 'Permuted over unpermuted', rows: layers, rowLabel: 'Layer', columns: epochs.map(String), columnLabel: 'Epoch', domain: [0, Math.max(1, ...map.values.flat().map((value) => value ?? 0))], ...map });
  return {
    name: 'gradient-ratio',
    title: 'How much weaker do wrong labels pull than true ones?',
    caption: `Size of the label-dependent part of the gradient over permuted examples, divided by that over unpermuted ones. 0 would mean that wrong labels do not pull at all; with few examples it stays above 0 even where they have nothing in common with the images. ${describeRuns(shown, { over: 'examples' })}`,
    panels,
  };
}
