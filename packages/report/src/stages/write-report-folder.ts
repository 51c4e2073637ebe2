import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  claimsTable, defineTable, distanceGapTable, distancesTable, geometryTable, gradientsTable, historyTable, learningTable, phasesTable, reportSchema, rewindingTable, sealArtifact, similarityTable,
  writeTableFile, type Json, type TableSchema,
} from '@memgeo/artifacts';
import type { LineageNode, StageContext } from '@memgeo/stage';
import { canDrawText, rasterize } from '../drawing/rasterize.js';
import type { Report } from '../page/compose-report.js';
import { describeProvenance, provenanceFile } from '../provenance/provenance-file.js';
import type { Gathered } from '../rows/gather.js';
import { axisColumns, withAxes } from '../tables/axis-columns.js';
import { toCsv } from '../tables/csv.js';
import { tableOverSeeds } from '../tables/over-seeds.js';
import type { ReportTables } from './read-report-tables.js';

/** The file of a report that says how it came about, for comparisons. */
export const aboutFile = 'about.json';

/** What the file says. */
export type AboutReport = { readonly title: string; readonly command: string; readonly lineage: readonly LineageNode[] };

const schemas: { readonly [name in Exclude<keyof ReportTables, undefined>]-?: TableSchema } = {
  history: historyTable, learning: learningTable, geometry: geometryTable, similarity: similarityTable, rewinding: rewindingTable, gradients: gradientsTable, distances: distancesTable,
  distanceGap: distanceGapTable, phases: phasesTable, claims: claimsTable,
};

/** Writes a report: the page, each figure as SVG and PNG, each table as CSV and Parquet, how it came about, and from which actions each part of it. */
export async function writeReportFolder(
  folder: string, { report: { page, figures, layouts, trace }, tables, about }: { report: Report; tables: Partial<ReportTables>; about: AboutReport },
  { progress, warn }: Pick<StageContext, 'progress' | 'warn'>,
): Promise<void> {
  if (!canDrawText()) warn('This machine has no fonts, so the PNG figures have no text; index.html and the SVG figures do. Install one, such as fonts-dejavu-core.');
  await mkdir(join(folder, 'figures'), { recursive: true });
  await mkdir(join(folder, 'tables'));
  await writeFile(join(folder, 'index.html'), page);
  await writeFile(join(folder, aboutFile), JSON.stringify(about, null, 1));
  const prepared = prepareTables(tables);
  const provenance = describeProvenance(trace, about.lineage, { figures: layouts, tables: new Map(prepared.map(({ name, port }) => [name, port])) });
  if (provenance !== undefined) await writeFile(join(folder, provenanceFile), JSON.stringify(provenance, null, 1));
  let drawn = 0;
  for (const [name, svg] of figures) {
    await writeFile(join(folder, 'figures', `${name}.svg`), svg);
    await writeFile(join(folder, 'figures', `${name}.png`), rasterize(svg));
    progress(++drawn, figures.size, name);
  }
  for (const { name, schema, rows } of prepared) await writeBoth(join(folder, 'tables', name), schema, rows);
  await sealArtifact(folder, { kind: 'folder', schema: reportSchema, summary: { title: about.title, figures: figures.size } as { [name: string]: Json } });
}

/** A table to write, and the input it comes from. */
type PreparedTable = { readonly name: string; readonly port: string; readonly schema: TableSchema; readonly rows: readonly object[] };

/** Each table, the axes of gathered rows as columns before its own, and after it what it comes to over seeds. */
function prepareTables(tables: Partial<ReportTables>): PreparedTable[] {
  return Object.entries(schemas).flatMap(([name, schema]): PreparedTable[] => {
    const table = tables[name as keyof ReportTables] as Gathered<object> | readonly object[] | undefined;
    if (table === undefined) return [];
    const gathered: Gathered<object> = 'axes' in table ? table : { axes: [], rows: table.map((row) => ({ ...row, coordinates: {} })) };
    const averages = tableOverSeeds(name, gathered, schema);
    return [
      { name, port: name, schema: defineTable(schema.schema, { ...axisColumns(gathered), ...schema.columns }), rows: withAxes(gathered) },
      ...(averages === undefined ? [] : [{ name: `${name}-over-seeds`, port: name, schema: defineTable(schema.schema, averages.columns), rows: averages.rows }]),
    ];
  });
}

/** A table as CSV and Parquet. */
async function writeBoth(path: string, schema: TableSchema, rows: readonly object[]): Promise<void> {
  await writeFile(`${path}.csv`, toCsv(Object.keys(schema.columns), rows as readonly { readonly [column: string]: unknown }[]));
  await writeTableFile(`${path}.parquet`, schema, rows as never);
}
