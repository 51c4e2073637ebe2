import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  claimsTable, geometryTable, historyTable, readManifest, readTableFile, reportSchema, rewindingTable, type Json, type TableSchema,
} from '@memgeo/artifacts';
import { StageError, type InputPoint, type StageContext } from '@memgeo/stage';
import { z } from 'zod';
import type { ComparedRun } from '../comparison/compared-run.js';
import { composeComparison } from '../comparison/compose-comparison.js';
import type { Coordinates, Located } from '../rows/gather.js';
import type { compareParams } from './compare.js';
import { aboutFile, writeReportFolder } from './write-report-folder.js';

const action = z.looseObject({ point: z.string(), stage: z.string(), params: z.json() });
const aboutSchema = z.object({ title: z.string(), lineage: z.array(action) });

type Context = Pick<StageContext, 'lineage' | 'inputKeys' | 'progress' | 'warn'> & {
  readonly params: z.output<typeof compareParams>; readonly inputs: { readonly reports: readonly InputPoint<string>[] }; readonly outputs: { readonly report: string };
};

/** Reads reports, composes the page, writes the folder. */
export async function writeComparison({ params: { title, command }, inputs: { reports }, outputs, lineage, inputKeys, progress, warn }: Context): Promise<{ [fact: string]: Json }> {
  if (reports.length < 2) throw new StageError(`report/compare: reports must be two or more; got ${reports.length}.`);
  const names = nameRuns(reports.map(({ coordinates }) => coordinates));
  const runs: ComparedRun[] = [];
  for (const [index, { location }] of reports.entries()) runs.push(await readRun(location, names[index]!));
  const report = composeComparison(runs, { title, command, lineage, inputKeys });
  await writeReportFolder(outputs.report, { report, tables: {}, about: { title, command, lineage } }, { progress, warn });
  return { runs: runs.length, figures: report.figures.size };
}

/** Coordinates in words; runs that these do not tell apart are numbered. */
function nameRuns(coordinates: readonly Coordinates[]): string[] {
  const names = coordinates.map((one) => Object.entries(one).map(([axis, value]) => (axis === 'run' ? String(value) : `${axis} ${value}`)).join(', '));
  return names.map((name, index) => (name !== '' && names.indexOf(name) === names.lastIndexOf(name) ? name : `${name === '' ? 'run' : name} ${index + 1}`));
}

async function readRun(folder: string, name: string): Promise<ComparedRun> {
  const { schema } = await readManifest(folder);
  const hasParts = schema === reportSchema && [aboutFile, 'tables/history.parquet'].every((file) => existsSync(join(folder, file)));
  if (!hasParts) throw new StageError(`report/compare: a report must hold ${aboutFile} and tables/history.parquet; ${name} has not both. Make it again with report/html; comparisons can't be compared.`);
  const { title, lineage } = await readAbout(folder, name);
  const table = <R>(file: string, schema: TableSchema): Promise<Located<R>[]> => readLocated<R>(join(folder, 'tables', `${file}.parquet`), schema);
  return {
    name, title, lineage,
    history: await table('history', historyTable), geometry: await table('geometry', geometryTable), rewinding: await table('rewinding', rewindingTable), claims: await table('claims', claimsTable),
  };
}

/** What a report says of itself, which may come from anywhere. */
async function readAbout(folder: string, name: string): Promise<z.output<typeof aboutSchema>> {
  const text = await readFile(join(folder, aboutFile), 'utf8');
  const about = aboutSchema.safeParse(await Promise.resolve(text).then(JSON.parse).catch(() => undefined));
  if (!about.success) throw new StageError(`report/compare: ${aboutFile} of ${name} must hold a title and a lineage, as report/html writes it; it does not. Make the report again.`);
  return about.data;
}

/** Rows of a report's table; columns that its schema does not have are the axes of their points. */
async function readLocated<R>(path: string, { columns }: TableSchema): Promise<Located<R>[]> {
  if (!existsSync(path)) return [];
  const rows = await readTableFile(path);
  return rows.map((row) => {
    const entries = Object.entries(row);
    const coordinates = Object.fromEntries(entries.filter(([column, value]) => !Object.hasOwn(columns, column) && value !== null));
    return { ...Object.fromEntries(entries.filter(([column]) => Object.hasOwn(columns, column))), coordinates } as Located<R>;
  });
}
