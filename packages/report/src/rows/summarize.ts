import type { GeometryRow } from '@memgeo/artifacts';
import { averageRepeats, groupBy, type Average } from './average.js';

/** One measurement as it is drawn: a mean over repeats (seeds) and its uncertainty. */
export type Measurement = Average & {
  readonly epoch: number | null;
  readonly layer: string;
  readonly layerIndex: number | null;
  readonly set: string;
  readonly measure: string;
  readonly manifolds: number;
  readonly pointsPerManifold: number;
};

/**
 * Averages rows that differ in nothing but the seed or another axis of the matrix.
 *
 * One row keeps its value and standard error. Of several, `value` is the mean of those that have one and `spread`
 * their standard deviation (n - 1), which shows how much the repeats differ.
 *
 * @param rows  Gathered rows; their order is kept.
 */
export function summarizeRepeats(rows: readonly GeometryRow[]): Measurement[] {
  const groups = groupBy(rows, (row) => JSON.stringify([row.epoch, row.layer, row.set, row.measure]));
  return [...groups.values()].map((group) => {
    const { epoch, layer, layerIndex, set, measure, manifolds } = group[0]!;
    return { epoch, layer, layerIndex, set, measure, ...averageRepeats(group), manifolds, pointsPerManifold: Math.min(...group.map((row) => row.pointsPerManifold)) };
  });
}
