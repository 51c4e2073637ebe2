import type { DistancesRow } from '@memgeo/artifacts';
import { sortLayers, type Located } from '../rows/gather.js';
import { epochAxis, valueDomain } from './axes.js';
import type { Figure, Line, Panel } from './figure.js';
import { singleLayers } from './layer-groups.js';
import { describeRuns, linePoints } from './line-points.js';
import { mapValues } from './map-values.js';

const measure = 'relativeDistance';
/** With more layers than this, a map takes the place of lines. */
const mostLines = 8;

/**
 * Lays out how far the weights of each layer have moved from where training began, by epoch and by layer at the last epoch.
 *
 * @param rows  Rows of distances tables.
 * @returns a figure; undefined if no distance has a value.
 */
export function distancesByEpoch(rows: readonly Located<DistancesRow>[]): Figure | undefined {
  const shown = singleLayers(rows).filter((row) => row.measure === measure && row.value !== null);
  if (shown.length === 0) return undefined;
  const layers = sortLayers(shown);
  const epochs = [...new Set(shown.map((row) => row.epoch))].sort((a, b) => a - b);
  const last = shown.filter((row) => row.epoch === epochs.at(-1));
  const atEnd: Line = { set: 'distance', label: `epoch ${epochs.at(-1)}`, points: linePoints(last, (row) => row.layer, layers) };
  const label = 'Distance over initial norm';
  const panels: Panel[] = [
    epochs.length < 2 ? undefined : layers.length <= mostLines ? linesPanel(shown, layers, epochs, label) : mapPanel(shown, layers, epochs, label),
    { kind: 'chart' as const, title: 'At the last epoch', x: { kind: 'layers' as const, layers, label: 'Layer, input side left' }, y: { label, domain: valueDomain([atEnd], { isFromZero: true }) }, lines: [atEnd], levels: [], moments: [] },
  ].filter((panel) => panel !== undefined);
  return {
    name: 'distances-by-epoch',
    title: 'Which layers move farthest from where training began?',
    caption: `Distance of the weights of each layer from their initial values, divided by the norm of these. ${describeRuns(shown)}`,
    panels,
  };
}

function linesPanel(rows: readonly DistancesRow[], layers: readonly string[], epochs: readonly number[], label: string): Panel {
  const lines = layers.map((layer, index): Line => ({ set: layer, place: layers.length === 1 ? 0.5 : index / (layers.length - 1), points: linePoints(rows.filter((row) => row.layer === layer), (row) => row.epoch) }));
  return { kind: 'chart', title: 'During training', x: epochAxis(epochs), y: { label, domain: valueDomain(lines, { isFromZero: true }) }, lines, levels: [], moments: [] };
}

function mapPanel(rows: readonly DistancesRow[], layers: readonly string[], epochs: readonly number[], label: string): Panel {
  const map = mapValues(rows, { rows: layers, columns: epochs, rowOf: (row) => row.layer, columnOf: (row) => row.epoch });
  return { kind: 'heat', title: 'During training', label, rows: layers, rowLabel: 'Layer', columns: epochs.map(String), columnLabel: 'Epoch', domain: [0, Math.max(1e-6, ...map.values.flat().map((value) => value ?? 0))], ...map };
}
