import { readTable, type Row, type TableSchema } from '@memgeo/artifacts';
import type { InputPoint } from '@memgeo/stage';
import type { TableOfPoint } from '../rows/gather.js';

/** Reads the tables of a fan-in, each with the coordinates of its point. */
export function readPoints<S extends TableSchema>(points: readonly InputPoint<string>[], schema: S): Promise<TableOfPoint<Row<S>>[]> {
  return Promise.all(points.map(async ({ coordinates, location }) => ({ coordinates, rows: await readTable(location, schema) })));
}
