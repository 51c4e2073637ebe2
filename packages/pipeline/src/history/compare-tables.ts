import { claimsTable, distanceGapTable, distancesTable, geometryTable, gradientsTable, historyTable, labelsTable, phasesTable, readTableFile, rewindingTable, similarityTable, type ArtifactManifest, type TableSchema } from '@memgeo/artifacts';
import { join } from 'node:path';
import type { Store } from '../store/store.js';

/** How two tables differ. Rows are the same row if they agree in the first columns of names and whole numbers that tell all rows apart. */
export type TableDifference = {
  readonly rows: { readonly before: number; readonly after: number; /** Of the rows in both, those with another value. */ readonly different: number; readonly onlyBefore: number; readonly onlyAfter: number };
  /** Where a number differs most, in proportion to the larger of the two; null if none differs. Errors, intervals and differences from 0 count only if there is nothing else. */
  readonly largest: { readonly column: string; readonly row: string; readonly before: number; readonly after: number; readonly relative: number } | null;
};

type Row = { readonly [column: string]: unknown };
const largestBytes = 8 * 2 ** 20;
/** Columns that tell how sure a value is, or what was asked for. */
const secondary = new Set(['standardError', 'samplingError', 'lower', 'upper', 'learningRate']);
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

/** The fewest first columns that tell all rows of each table apart. */
function identityOf(tables: readonly (readonly Row[])[], columns: readonly string[]): readonly string[] {
  for (let count = 1; count < columns.length; count++) {
    const identity = columns.slice(0, count);
    if (tables.every((rows) => new Set(rows.map((row) => idOf(row, identity))).size === rows.length)) return identity;
  }
  return columns;
}

function idOf(row: Row, identity: readonly string[]): string {
  return identity.map((name) => String(row[name] ?? '')).join('\u0000');
}

function differenceOf(before: readonly Row[], after: readonly Row[], columns: readonly string[]): TableDifference {
  const identity = identityOf([before, after], columns);
  const old = new Map(before.map((row) => [idOf(row, identity), row]));
  let [different, both] = [0, 0];
  let largest: NonNullable<TableDifference['largest']> & { rank: number } | undefined;
  for (const row of after) {
    const earlier = old.get(idOf(row, identity));
    if (!earlier) continue;
    both++;
    const changed = Object.keys(row).filter((name) => !identity.includes(name) && !Object.is(row[name], earlier[name]));
    if (changed.length > 0) different++;
    for (const column of changed) {
      const [a, b] = [earlier[column], row[column]];
      if (typeof a !== 'number' || typeof b !== 'number' || !Number.isFinite(a) || !Number.isFinite(b)) continue;
      const relative = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
      const rank = secondary.has(column) ? 0 : a === 0 || b === 0 ? 1 : 2;
      if (rank > (largest?.rank ?? -1) || (rank === largest?.rank && relative > largest.relative)) largest = { column, row: placeOf(row, identity), before: a, after: b, relative, rank };
    }
  }
  const { rank: _, ...most } = largest ?? { rank: 0 };
  return { rows: { before: before.length, after: after.length, different, onlyBefore: before.length - both, onlyAfter: after.length - both }, largest: largest ? (most as TableDifference['largest']) : null };
}

function placeOf(row: Row, identity: readonly string[]): string {
  return identity.filter((name) => row[name] !== null && row[name] !== undefined && row[name] !== '' && String(row[name]).length <= 24).map((name) => `${name}=${String(row[name])}`).join(', ');
}
