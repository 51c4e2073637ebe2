import type { DistanceGapRow } from '@memgeo/artifacts';
import { sortLayers } from '../rows/gather.js';
import { valueDomain } from './axes.js';
import type { Figure, Line, LinePoint, Panel, ScatterPanel } from './figure.js';
import { allLayers, singleLayers } from './layer-groups.js';

/**
 * Lays out whether runs whose weights moved farther generalize worse: the rank correlation by layer, and the runs themselves for the layer where it is largest.
 *
 * @param rows  Rows of a distance-gap table.
 * @returns a figure; undefined if no layer has a correlation.
 */
export function distanceGap(rows: readonly DistanceGapRow[]): Figure | undefined {
  const correlations = singleLayers(rows).filter((row) => row.measure === 'rankCorrelation' && row.value !== null);
  if (correlations.length === 0) return undefined;
  const layers = sortLayers(correlations);
  const points = layers.map((layer): LinePoint => {
    const { value, lower, upper } = correlations.find((row) => row.layer === layer)!;
    return { x: layer, y: value!, low: lower, high: upper };
  });
  const line: Line = { set: 'correlation', points };
  const strongest = correlations.reduce((best, row) => (row.value! > best.value! ? row : best)).layer;
  const runs = Math.max(...correlations.map((row) => row.runs));
  const panels: Panel[] = [
    { kind: 'chart', title: 'Rank correlation with the gap', x: { kind: 'layers', layers, label: 'Layer, input side left' }, y: { label: 'Rank correlation', domain: [-1.05, 1.05] }, lines: [line], levels: [{ value: 0, label: 'no relation' }], moments: [] },
    ...runsPanel(rows, strongest),
  ];
  return {
    name: 'distance-gap',
    title: 'Do runs that move farther generalize worse?',
    caption: `Spearman's rank correlation, over ${runs} runs, of how far a layer moved from its initial weights with the generalization gap (training less test accuracy). Bands: 95 % intervals over runs by the bootstrap, which are too narrow for a handful.${panels.length > 1 ? ` Right, the runs themselves, for ${strongest}, where the correlation is highest.` : ''}`,
    panels,
  };
}

/** Distance against gap, a point per run; nothing if the table does not tell. */
function runsPanel(rows: readonly DistanceGapRow[], layer: string): ScatterPanel[] {
  const valueOf = (run: string, measure: string, at: string): number | null => rows.find((row) => row.run === run && row.measure === measure && row.layer === at)?.value ?? null;
  const points = [...new Set(rows.map((row) => row.run))].filter((run) => run !== '').flatMap((run): ScatterPanel['points'][number][] => {
    const [x, y] = [valueOf(run, 'relativeDistance', layer), valueOf(run, 'generalizationGap', allLayers)];
    return x === null || y === null ? [] : [{ set: 'runs', x, y, xError: null, yError: null, label: run }];
  });
  if (points.length === 0) return [];
  const domainOf = (values: readonly number[]): [number, number] => valueDomain([{ set: 'runs', points: values.map((y) => ({ x: 0, y, low: null, high: null })) }], { isFromZero: true });
  return [{
    kind: 'scatter', title: `Each run, ${layer}`, x: { label: 'Distance over initial norm', domain: domainOf(points.map(({ x }) => x)) }, y: { label: 'Training less test accuracy', domain: domainOf(points.map(({ y }) => y)) }, points, hasDiagonal: false,
  }];
}
