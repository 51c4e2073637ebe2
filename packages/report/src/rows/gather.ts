import type { GeometryRow } from '@memgeo/artifacts';
import { sortMeasures } from './measures.js';
import { sortSets } from './sets.js';

export type Coordinates = { readonly [axis: string]: string | number | boolean };

/** A row with the matrix coordinates, other than the epoch, that it was computed at; a table by itself has none. */
export type Located<Row> = Row & { readonly coordinates?: Coordinates };

/** The rows of a fan-in with their coordinates, and the axes, other than the epoch, that tell its points apart. */
export type Gathered<Row> = { readonly rows: readonly (Row & { readonly coordinates: Coordinates })[]; readonly axes: readonly string[] };

/** A table and the coordinates of the point that wrote it. */
export type TableOfPoint<Row> = { readonly coordinates: Coordinates; readonly rows: readonly Row[] };

/** A row of a geometry table with the matrix coordinates, other than the epoch, that it was computed at. */
export type GatheredRow = GeometryRow & { readonly coordinates: Coordinates };

/** The rows of a fan-in and the axes, other than the epoch, that tell its points apart. */
export type GatheredGeometry = Gathered<GeometryRow>;

/**
 * Concatenates the tables of a fan-in, in order of the coordinates, the epoch last; within a table the order stays.
 *
 * @param points  One table per point of a matrix, of any schema; a single table has no coordinates.
 */
export function gatherPoints<Row>(points: readonly TableOfPoint<Row>[]): Gathered<Row> {
  const axes = [...new Set(points.flatMap((point) => Object.keys(point.coordinates)))].filter((axis) => axis !== 'epoch').sort();
  const keyed = points.map((point) => ({ point, key: JSON.stringify([...axes, 'epoch'].map((axis) => point.coordinates[axis] ?? null)) }));
  const sorted = keyed.sort((a, b) => a.key.localeCompare(b.key, 'en', { numeric: true })).map(({ point }) => point);
  return { axes, rows: sorted.flatMap(({ coordinates: { epoch: _, ...coordinates }, rows }) => rows.map((row) => ({ ...row, coordinates }))) };
}

/**
 * Concatenates the geometry tables of a fan-in, sorted by epoch, layer, set, measure and the other coordinates.
 *
 * A row without an epoch takes that of its point's coordinates, if they have one.
 *
 * @param points  One table per point of the matrix.
 * @param options.layers  Layers to keep; empty keeps all.
 */
export function gatherGeometry(points: readonly TableOfPoint<GeometryRow>[], { layers = [] }: { layers?: readonly string[] } = {}): GatheredGeometry {
  const { axes, rows } = gatherPoints(points.map((point) => ({
    ...point, rows: point.rows.filter((row) => layers.length === 0 || layers.includes(row.layer)).map((row) => ({ ...row, epoch: row.epoch ?? epochOf(point.coordinates) })),
  })));
  return { rows: sortRows(rows, axes), axes };
}

/** Layers of some rows, by depth; those of unknown depth last, in order of appearance. */
export function sortLayers(rows: readonly { readonly layer: string; readonly layerIndex: number | null }[]): string[] {
  const depth = new Map<string, number>();
  for (const { layer, layerIndex } of rows) depth.set(layer, Math.min(depth.get(layer) ?? Infinity, layerIndex ?? Infinity));
  return [...depth.keys()].sort((a, b) => compare(depth.get(a)!, depth.get(b)!));
}

function epochOf({ epoch }: Coordinates): number | null {
  const number = typeof epoch === 'string' && epoch !== '' ? Number(epoch) : epoch;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function sortRows(rows: readonly GatheredRow[], axes: readonly string[]): GatheredRow[] {
  const layers = rankOf(sortLayers(rows));
  const sets = rankOf(sortSets(rows.map((row) => row.set)));
  const measures = rankOf(sortMeasures(rows.map((row) => row.measure)));
  const other = (row: GatheredRow): string => JSON.stringify(axes.map((axis) => row.coordinates[axis] ?? null));
  return rows
    .map((row) => ({ row, other: other(row) }))
    .sort((a, b) => compare(a.row.epoch ?? Infinity, b.row.epoch ?? Infinity)
      || layers(a.row.layer) - layers(b.row.layer)
      || sets(a.row.set) - sets(b.row.set)
      || measures(a.row.measure) - measures(b.row.measure)
      || a.other.localeCompare(b.other, 'en', { numeric: true }))
    .map(({ row }) => row);
}

function rankOf(names: readonly string[]): (name: string) => number {
  const ranks = new Map(names.map((name, index) => [name, index]));
  return (name) => ranks.get(name)!;
}

/** Compares numbers that may both be infinite. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
