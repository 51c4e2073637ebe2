import type { SimilarityRow } from '@memgeo/artifacts';
import type { Coordinates } from './gather.js';

/** Rows of similarity tables with the matrix coordinates, other than the epoch, that they were computed at. */
export type GatheredSimilarity = { readonly rows: readonly (SimilarityRow & { readonly coordinates: Coordinates })[]; readonly axes: readonly string[] };

/**
 * Concatenates the similarity tables of a fan-in, in order of the coordinates; within a table the order stays. The rows have epochs of
 * their own.
 *
 * @param points  One table per point of a matrix; a single table has no coordinates.
 * @param options.layers  Layers to keep; empty keeps all.
 */
export function gatherSimilarity(
  points: readonly { readonly coordinates: Coordinates; readonly rows: readonly SimilarityRow[] }[], { layers = [] }: { layers?: readonly string[] } = {},
): GatheredSimilarity {
  const axes = [...new Set(points.flatMap((point) => Object.keys(point.coordinates)))].filter((axis) => axis !== 'epoch').sort();
  const isShown = (layer: string): boolean => layers.length === 0 || layers.includes(layer);
  const keyOf = ({ coordinates }: { readonly coordinates: Coordinates }): string => JSON.stringify(axes.map((axis) => coordinates[axis] ?? null).concat(coordinates.epoch ?? null));
  const sorted = [...points].sort((a, b) => keyOf(a).localeCompare(keyOf(b), 'en', { numeric: true }));
  return {
    axes,
    rows: sorted.flatMap(({ coordinates, rows }) => rows.filter((row) => isShown(row.layer) && isShown(row.otherLayer)).map((row) => ({ ...row, coordinates }))),
  };
}
