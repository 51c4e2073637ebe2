import type { Column } from '@memgeo/artifacts';
import type { Coordinates } from '../rows/gather.js';

/** Rows of a fan-in and the axes that tell its points apart. */
type Gathered = { readonly rows: readonly { readonly coordinates: Coordinates }[]; readonly axes: readonly string[] };

/** A column for each axis of the matrix other than the epoch, so that rows of several seeds stay apart. */
export function axisColumns({ rows, axes }: Gathered): { [axis: string]: Column } {
  return Object.fromEntries(axes.map((axis) => {
    const values = rows.map((row) => row.coordinates[axis]).filter((value) => value !== undefined);
    const type = values.every((value) => typeof value === 'number') ? 'float64' : values.every((value) => typeof value === 'boolean') ? 'boolean' : 'string';
    return [axis, { type, isNullable: true, description: `Coordinate ${axis} of the point.` }];
  }));
}

/** The rows as plain objects with a value for each axis, null where a point has none. */
export function withAxes(gathered: Gathered): { [column: string]: unknown }[] {
  const columns = axisColumns(gathered);
  return gathered.rows.map(({ coordinates, ...row }) => ({
    ...Object.fromEntries(gathered.axes.map((axis) => {
      const value = coordinates[axis];
      return [axis, value === undefined ? null : columns[axis]!.type === 'string' ? String(value) : value];
    })),
    ...row,
  }));
}
