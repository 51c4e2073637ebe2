import { groupBy } from '../rows/average.js';
import { sortLayers } from '../rows/gather.js';
import { describeMeasure } from '../rows/measures.js';
import type { Measurement } from '../rows/summarize.js';
import { valueDomain } from './axes.js';
import { chooseEpochs } from './choose-epochs.js';
import type { ChartPanel, Figure } from './figure.js';
import { figureName } from './figure-name.js';
import { chanceLevels, describeBands, linesOf } from './geometry-panels.js';

const titles = new Map(Object.entries({
  capacity: 'In which layers can the classes be told apart?',
  radius: 'In which layers are the classes tightly grouped?',
  dimension: 'In which layers do the classes vary in few directions?',
  centerCorrelation: 'In which layers do class centers point the same way?',
}));

/**
 * Lays out one measure against the layer, a panel per epoch, all on one vertical scale.
 *
 * @param measurements  Summarized rows of any measures.
 * @param options.measure  The measure to show.
 * @param options.panelCount  Most epochs to show.
 * @param options.bestEpoch  Epoch of the best test accuracy: shown if it was measured.
 * @returns a figure; undefined if nothing of this measure has a value.
 */
export function geometryByLayer(
  measurements: readonly Measurement[],
  { measure, panelCount, bestEpoch }: { measure: string; panelCount: number; bestEpoch?: number | undefined },
): Figure | undefined {
  const rows = measurements.filter((row) => row.measure === measure);
  if (!rows.some((row) => row.value !== null)) return undefined;
  const info = describeMeasure(measure);
  const layers = sortLayers(rows);
  const measured = [...new Set(rows.flatMap((row) => (row.epoch === null ? [] : [row.epoch])))].sort((a, b) => a - b);
  const epochs: (number | null)[] = chooseEpochs(measured, { count: panelCount, required: bestEpoch === undefined ? [] : [bestEpoch] });
  if (rows.some((row) => row.epoch === null)) epochs.push(null);
  const rank = new Map(layers.map((layer, index) => [layer, index]));
  const byEpoch = groupBy([...rows].sort((a, b) => rank.get(a.layer)! - rank.get(b.layer)!), (row) => row.epoch);
  const shown = rows.filter((row) => epochs.includes(row.epoch));
  const byDepth = (row: Measurement): string => row.layer;
  const domain = valueDomain(linesOf(shown, byDepth), { isFromZero: info.isFromZero, levels: chanceLevels(shown, measure).map((level) => level.value) });
  const panels = epochs.map((epoch): ChartPanel => {
    const ofEpoch = byEpoch.get(epoch) ?? [];
    return {
      kind: 'chart',
      title: panelTitle(epoch, bestEpoch),
      x: { kind: 'layers', layers, label: 'Layer, input side left' },
      y: { label: info.axis, domain },
      lines: linesOf(ofEpoch, byDepth),
      levels: chanceLevels(ofEpoch, measure),
      moments: [],
    };
  });
  const left = measured.length + Number(epochs.includes(null)) - epochs.length;
  return {
    name: figureName(measure, 'by-layer'),
    title: titles.get(measure) ?? `${info.title}: how does it change with the layer?`,
    caption: `${info.title}: ${info.meaning} ${describeBands(shown)}${left > 0 ? ` ${left} more measured epochs are in the tables.` : ''}`,
    panels,
  };
}

function panelTitle(epoch: number | null, bestEpoch: number | undefined): string {
  if (epoch === null) return 'Epoch unknown';
  const name = epoch === 0 ? 'Epoch 0 (as initialized)' : `Epoch ${epoch}`;
  return epoch === bestEpoch && epoch !== 0 ? `${name} (best test)` : name;
}
