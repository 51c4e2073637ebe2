import { claimsTable, geometryTable, gradientsTable, historyTable, rewindingTable, writeTable } from '@memgeo/artifacts';
import { asStageError, type InputPoint, type StageContext } from '@memgeo/stage';
import { groupClaims } from '../claims/compose-abstract.js';
import { judgeClaims } from '../claims/judge-claims.js';
import { readPoints } from './read-points.js';

type Points = readonly InputPoint<string>[];
type Context = Pick<StageContext, 'progress'> & {
  readonly params: { readonly thresholds: { readonly [criterion: string]: number } };
  readonly inputs: { readonly history: Points; readonly geometry?: Points | undefined; readonly rewinding?: Points | undefined; readonly gradients?: Points | undefined };
  readonly outputs: { readonly claims: string };
};

/** Reads the tables, judges the claims, writes the table `claims`. */
export async function writeClaims({ params, inputs, outputs, progress }: Context): Promise<{ claims: { [name: string]: string } }> {
  const tables = {
    history: await readPoints(inputs.history, historyTable),
    geometry: await readPoints(inputs.geometry ?? [], geometryTable),
    rewinding: await readPoints(inputs.rewinding ?? [], rewindingTable),
    gradients: await readPoints(inputs.gradients ?? [], gradientsTable),
  };
  progress(1, 2, 'tables read');
  const rows = await asStageError('report/claims', [RangeError], () => judgeClaims(tables, params));
  await writeTable(outputs.claims, claimsTable, rows);
  progress(2, 2, 'claims judged');
  return { claims: Object.fromEntries(groupClaims(rows).map(({ name, verdict }) => [name, verdict])) };
}
