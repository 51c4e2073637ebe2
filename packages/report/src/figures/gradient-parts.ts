import type { GradientsRow } from '@memgeo/artifacts';
import { sortSets } from '../rows/sets.js';
import type { Located } from '../rows/gather.js';
import { epochAxis, valueDomain } from './axes.js';
import type { ChartPanel, Figure, Line } from './figure.js';
import { spreadLayers } from './layer-groups.js';
import { cutBands, describeRuns, linePoints, logDomain } from './line-points.js';

/** Most layers with a panel of their own. */
const mostPanels = 9;
const sets = ['unpermuted', 'permuted'];

const kinds = {
  Norm: {
    name: 'gradient-norms',
    title: 'Does training see the wrong labels? The two parts of the gradient',
    axis: 'Root mean square (per parameter)',
    caption: 'Size of the gradient in each layer, split in two: the part that depends on the labels (solid, dep.) pulls toward them; the part that does not (dashed, ind.) pushes away from what the network answers. Labels of permuted images pull little as long as they have nothing in common with the images.',
  },
  Projection: {
    name: 'gradient-projections',
    title: 'Do the two parts of the gradient pull against each other?',
    axis: 'Gradient along the weights',
    caption: 'Inner product of the weights of each layer with the part of the gradient that depends on the labels (solid, dep.) and with the part that does not (dashed, ind.). Of opposite sign, they compete; of the same size, they cancel, and training rests.',
  },
} as const;

/**
 * Lays out the label-dependent and the label-independent part of the gradient against the epoch, a panel per layer [stephenson2021geometry, fig. A.1].
 *
 * @param rows  Rows of gradients tables.
 * @param options.kind  Norm: size of the parts; Projection: their inner product with the weights.
 * @returns a figure; undefined if the measures have no values.
 */
export function gradientParts(rows: readonly Located<GradientsRow>[], { kind }: { kind: keyof typeof kinds }): Figure | undefined {
  const { name, title, axis, caption } = kinds[kind];
  const shown = rows.filter((row) => row.value !== null && sets.includes(row.set) && (row.measure === `labelDependent${kind}` || row.measure === `labelIndependent${kind}`));
  const layers = spreadLayers(shown, mostPanels);
  if (layers.length === 0) return undefined;
  const x = epochAxis(shown.map((row) => row.epoch));
  const linesByLayer = layers.map((layer) => partLines(shown.filter((row) => row.layer === layer), kind));
  const all = linesByLayer.flat();
  const log = kind === 'Norm' ? logDomain(all.flatMap(({ points }) => points)) : undefined;
  const domain = log ?? valueDomain(all, { isFromZero: kind === 'Norm', levels: [0] });
  const panels = layers.map((layer, index): ChartPanel => ({
    kind: 'chart', title: layer, x,
    y: { label: log === undefined ? axis : `${axis}, log scale`, domain, ...(log !== undefined && { isLog: true }) },
    lines: log === undefined ? linesByLayer[index]! : linesByLayer[index]!.map((line) => ({ ...line, points: cutBands(line.points, domain[0]) })),
    levels: kind === 'Projection' ? [{ value: 0, label: 'zero' }] : [],
    moments: [],
  }));
  const left = new Set(shown.filter((row) => row.layerIndex !== null).map((row) => row.layer)).size - layers.length;
  return { name, title, caption: `${caption} ${describeRuns(shown, { over: 'examples' })}${left > 0 ? ` ${left} more layers are in the tables.` : ''}`, panels };
}

function partLines(rows: readonly GradientsRow[], kind: string): Line[] {
  return sortSets(rows.map((row) => row.set)).flatMap((set) => (['Dependent', 'Independent'] as const).flatMap((part): Line[] => {
    const points = linePoints(rows.filter((row) => row.set === set && row.measure === `label${part}${kind}`), (row) => row.epoch);
    return points.length === 0 ? [] : [{ set, label: `${set} ${part === 'Dependent' ? 'dep.' : 'ind.'}`, isDashed: part === 'Independent', points }];
  }));
}
