import { formatNumber } from '../drawing/format-number.js';
import type { Measurement } from '../rows/summarize.js';
import type { Figure, ScatterPanel } from './figure.js';

/**
 * Lays out the capacity found by trial against the one that theory says, with y = x [stephenson2021geometry, fig. 1B].
 *
 * @param measurements  Summarized rows; those of one epoch, layer, set and number of manifolds and points are paired.
 * @returns a figure; undefined if nothing was both computed and simulated.
 */
export function theoryAndSimulation(measurements: readonly Measurement[]): Figure | undefined {
  const key = ({ epoch, layer, set, manifolds, pointsPerManifold }: Measurement): string => JSON.stringify([epoch, layer, set, manifolds, pointsPerManifold]);
  const isKnown = (row: Measurement, measure: string): boolean => row.measure === measure && row.value !== null;
  const theory = new Map(measurements.filter((row) => isKnown(row, 'capacity')).map((row) => [key(row), row]));
  const points = measurements.filter((row) => isKnown(row, 'simulatedCapacity')).flatMap((row): ScatterPanel['points'][number][] => {
    const computed = theory.get(key(row));
    if (computed === undefined) return [];
    return [{ set: row.set, x: computed.value!, y: row.value!, xError: computed.spread, yError: row.spread, label: row.epoch === null ? row.layer : `${row.layer}, epoch ${row.epoch}` }];
  });
  if (points.length === 0) return undefined;
  const highest = Math.max(...points.flatMap(({ x, y, xError, yError }) => [x + (xError ?? 0), y + (yError ?? 0)]));
  const domain: [number, number] = [0, highest > 0 ? highest * 1.08 : 1];
  const deviations = points.filter(({ y }) => y > 0).map(({ x, y }) => Math.abs(x / y - 1));
  const mean = deviations.reduce((sum, value) => sum + value, 0) / deviations.length;
  const percent = (value: number): string => `${formatNumber(Math.round(value * 1000) / 10)} %`;
  const difference = deviations.length === 0 ? '' : ` Over ${deviations.length} ${deviations.length === 1 ? 'point' : 'points'} they differ by ${percent(mean)} on average, ${percent(Math.max(...deviations))} at most.`;
  const runs = measurements.reduce((most, row) => Math.max(most, row.repeats), 0);
  return {
    name: 'theory-and-simulation',
    title: 'Does the theory of capacity hold for these manifolds?',
    caption: `Capacity by simulation, from trying whether random groupings of the classes can be told apart, against the mean-field capacity of the same manifolds. On the line both agree.${difference} Bars: ${runs > 1 ? 'standard deviation over repeats' : 'one standard error, of the theory over classes and of the simulation over trials'}, where known.`,
    panels: [{ kind: 'scatter', title: 'Theory and simulation', x: { label: 'Capacity, theory', domain }, y: { label: 'Capacity, simulation', domain }, points, hasDiagonal: true }],
  };
}
