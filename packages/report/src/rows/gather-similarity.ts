import type { SimilarityRow } from '@memgeo/artifacts';
import { gatherPoints, type Gathered, type TableOfPoint } from './gather.js';

/** Rows of similarity tables with the matrix coordinates, other than the epoch, that they were computed at. */
export type GatheredSimilarity = Gathered<SimilarityRow>;

/**
 * Concatenates the similarity tables of a fan-in, in order of the coordinates. The rows have epochs of their own.
 *
 * @param points  One table per point of a matrix; a single table has no coordinates.
 * @param options.layers  Layers to keep, those with both sides among them; empty keeps all.
 */
export function gatherSimilarity(points: readonly TableOfPoint<SimilarityRow>[], { layers = [] }: { layers?: readonly string[] } = {}): GatheredSimilarity {
  const isShown = (layer: string): boolean => layers.length === 0 || layers.includes(layer);
  return gatherPoints(points.map((point) => ({ ...point, rows: point.rows.filter((row) => isShown(row.layer) && isShown(row.otherLayer)) })));
}
