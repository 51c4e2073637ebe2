import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  claimsTable, defineTable, distanceGapTable, distancesTable, geometryTable, gradientsTable, historyTable, phasesTable, reportSchema, rewindingTable, sealArtifact, similarityTable,
  writeTableFile, type Json, type TableSchema,
} from '@memgeo/artifacts';
import type { LineageNode, StageContext } from '@memgeo/stage';
import { canDrawText, rasterize } from '../drawing/rasterize.js';
import type { Gathered } from '../rows/gather.js';
import { axisColumns, withAxes } from '../tables/axis-columns.js';
import { toCsv } from '../tables/csv.js';
import type { ReportTables } from './read-report-tables.js';

/** The file of a report that says how it came about, for comparisons. */
export const aboutFile = 'about.json';

/** What the file says. */
export type AboutReport = { readonly title: string; readonly command: string; readonly lineage: readonly LineageNode[] };

const schemas: { readonly [name in Exclude<keyof ReportTables, undefined>]-?: TableSchema } = {
  history: historyTable, geometry: geometryTable, similarity: similarityTable, rewinding: rewindingTable, gradients: gradientsTable, distances: distancesTable,
  distanceGap: distanceGapTable, phases: phasesTable, claims: claimsTable,
};

/** Writes a report: the page, each figure as SVG and PNG, each table as CSV and Parquet, and how it came about. */
export async function writeReportFolder(
  folder: string, { page, figures, tables, about }: { page: string; figures: ReadonlyMap<string, string>; tables: Partial<ReportTables>; about: AboutReport },
  { progress, warn }: Pick<StageContext, 'progress' | 'warn'>,
): Promise<void> {
  if (!canDrawText()) warn('This machine has no fonts, so the PNG figures have no text; index.html and the SVG figures do. Install one, such as fonts-dejavu-core.');
  await mkdir(join(folder, 'figures'), { recursive: true });
  await mkdir(join(folder, 'tables'));
  await writeFile(join(folder, 'index.html'), page);
  await writeFile(join(folder, aboutFile), JSON.stringify(about, null, 1));
  let drawn = 0;
  for (const [name, svg] of figures) {
    await writeFile(join(folder, 'figures', `${name}.svg`), svg);
    await writeFile(join(folder, 'figures', `${name}.png`), rasterize(svg));
    progress(++drawn, figures.size, name);
  }
  for (const [name, schema] of Object.entries(schemas)) {
    const table = tables[name as keyof ReportTables];
    if (table !== undefined) await writeBoth(join(folder, 'tables', name), schema, table as Gathered<object> | readonly object[]);
  }
  await sealArtifact(folder, { kind: 'folder', schema: reportSchema, summary: { title: about.title, figures: figures.size } as { [name: string]: Json } });
}

/** A table as CSV and Parquet; the axes of gathered rows become columns before its own. */
async function writeBoth(path: string, schema: TableSchema, table: Gathered<object> | readonly object[]): Promise<void> {
  const gathered: Gathered<object> = 'axes' in table ? table : { axes: [], rows: table.map((row) => ({ ...row, coordinates: {} })) };
  const withColumns = defineTable(schema.schema, { ...axisColumns(gathered), ...schema.columns });
  const rows = withAxes(gathered);
  await writeFile(`${path}.csv`, toCsv(Object.keys(withColumns.columns), rows));
  await writeTableFile(`${path}.parquet`, withColumns, rows as never);
}
