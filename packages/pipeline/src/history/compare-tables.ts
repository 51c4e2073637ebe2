import { claimsTable, distanceGapTable, distancesTable, geometryTable, gradientsTable, historyTable, labelsTable, phasesTable, readTableFile, rewindingTable, similarityTable, type ArtifactManifest, type TableSchema } from '@memgeo/artifacts';
import { join } from 'node:path';
import type { Store } from '../store/store.js';

/** How two tables differ. Rows are the same row if they agree in all columns that identify: names, whole numbers, truth values. */
export type TableDifference = {
  readonly rows: { readonly before: number; readonly after: number; /** Of the rows in both, those with another value. */ readonly different: number; readonly onlyBefore: number; readonly onlyAfter: number };
  /** Where a value differs most, in proportion to the larger of the two; null if no number differs. */
  readonly largest: { readonly column: string; readonly row: string; readonly before: number; readonly after: number; readonly relative: number } | null;
};

type Row = { readonly [column: string]: unknown };
const largestBytes = 8 * 2 ** 20;
const schemas: readonly TableSchema[] = [claimsTable, distanceGapTable, distancesTable, geometryTable, gradientsTable, historyTable, labelsTable, phasesTable, rewindingTable, similarityTable];

/** Compares two stored tables; undefined if one is no table, is not there, or is too large to be read in passing. */
export async function compareTables(store: Store, before: string, after: string): Promise<TableDifference | undefined> {
  try {
    const manifests = [await store.objects.readManifest(before), await store.objects.readManifest(after)] as const;
    if (manifests.some(({ kind, bytes }) => kind !== 'table' || bytes > largestBytes)) return undefined;
    const rows = await Promise.all([readTableFile(fileOf(store, manifests[0])), readTableFile(fileOf(store, manifests[1]))]);
    const schema = schemas.find((one) => one.schema === manifests[0].schema);
    return differenceOf(rows[0]!, rows[1]!, schema ? Object.keys(schema.columns).filter((name) => schema.columns[name]!.type !== 'float64') : wholeColumns([...rows[0]!, ...rows[1]!]));
  } catch {
    return undefined;
  }
}

function fileOf(store: Store, { digest, files }: ArtifactManifest): string {
  return join(store.objects.folder(digest), files[0]!.path);
}

/** Columns without a broken number. */
function wholeColumns(rows: readonly Row[]): string[] {
  return Object.keys(rows[0] ?? {}).filter((name) => rows.every((row) => typeof row[name] !== 'number' || Number.isInteger(row[name])));
}

function differenceOf(before: readonly Row[], after: readonly Row[], identity: readonly string[]): TableDifference {
  const idOf = (row: Row): string => identity.map((name) => String(row[name] ?? '')).join('\u0000');
  const old = new Map(before.map((row) => [idOf(row), row]));
  let [different, both] = [0, 0];
  let largest: TableDifference['largest'] = null;
  for (const row of after) {
    const earlier = old.get(idOf(row));
    if (!earlier) continue;
    both++;
    const columns = Object.keys(row).filter((name) => !identity.includes(name) && !Object.is(row[name], earlier[name]));
    if (columns.length > 0) different++;
    for (const column of columns) {
      const [a, b] = [earlier[column], row[column]];
      if (typeof a !== 'number' || typeof b !== 'number' || !Number.isFinite(a) || !Number.isFinite(b)) continue;
      const relative = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
      if (relative > (largest?.relative ?? 0)) largest = { column, row: placeOf(row, identity), before: a, after: b, relative };
    }
  }
  return { rows: { before: before.length, after: after.length, different, onlyBefore: before.length - both, onlyAfter: after.length - both }, largest };
}

function placeOf(row: Row, identity: readonly string[]): string {
  return identity.filter((name) => row[name] !== null && row[name] !== undefined && row[name] !== '' && String(row[name]).length <= 24).slice(0, 5).map((name) => `${name}=${String(row[name])}`).join(', ');
}
