import type { GradientsRow } from '@memgeo/artifacts';
import { sortLayers, type Located } from '../rows/gather.js';
import { sortSets } from '../rows/sets.js';
import { epochAxis, valueDomain } from './axes.js';
import type { ChartPanel, Figure, HorizontalAxis, Line } from './figure.js';
import { allLayers, singleLayers } from './layer-groups.js';
import { describeRuns, linePoints } from './line-points.js';

const measure = 'alignment';

/**
 * Lays out how well the labels of each set lie along what the network can learn fast: by epoch for all layers together, and by layer at the first epoch.
 *
 * @param rows  Rows of gradients tables.
 * @returns a figure; undefined if no alignment was measured.
 */
export function gradientAlignment(rows: readonly Located<GradientsRow>[]): Figure | undefined {
  const shown = rows.filter((row) => row.measure === measure && row.value !== null);
  if (shown.length === 0) return undefined;
  const together = shown.filter((row) => row.layer === allLayers);
  const firstEpoch = Math.min(...shown.map((row) => row.epoch));
  const first = singleLayers(shown).filter((row) => row.epoch === firstEpoch);
  const layers = sortLayers(first);
  const linesOf = <X extends string | number>(part: readonly GradientsRow[], x: (row: GradientsRow) => X, order?: readonly X[]): Line[] =>
    sortSets(part.map((row) => row.set)).map((set) => ({ set, points: linePoints(part.filter((row) => row.set === set), x, order) }));
  const panel = (title: string, x: HorizontalAxis, lines: readonly Line[]): ChartPanel[] =>
    (lines.length === 0 ? [] : [{ kind: 'chart', title, x, y: { label: 'Alignment', domain: valueDomain(lines, { isFromZero: true, levels: [1] }) }, lines, levels: [{ value: 1, label: 'no relation' }], moments: [] }]);
  return {
    name: 'gradient-alignment',
    title: 'Which labels could be learned fast?',
    caption: `Alignment of the labels of each set with the network's tangent kernel: how fast small steps along the gradient fit them, in units of what labels without relation to the images give. Permuted and restored are the same images, so that only the labels differ. ${describeRuns(shown, { over: 'examples' })}`,
    panels: [
      ...(together.length === 0 ? [] : panel('All layers together', epochAxis(together.map((row) => row.epoch)), linesOf(together, (row) => row.epoch))),
      ...panel(`Epoch ${firstEpoch}${firstEpoch === 0 ? ' (as initialized)' : ''}`, { kind: 'layers', layers, label: 'Layer, input side left' }, linesOf(first, (row) => row.layer, layers)),
    ],
  };
}
