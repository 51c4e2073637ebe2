import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimsTable, geometryTable, gradientsTable, historyTable, readTable, rewindingTable, verifyArtifact, writeTable, type Row, type TableSchema } from '@memgeo/artifacts';
import { executeJob, type StageResult } from '@memgeo/stage';
import { judgeClaims } from '../../src/claims/judge-claims.js';
import type { ClaimTables, TablePoint } from '../../src/claims/runs.js';
import { stage } from '../../src/stages/claims.js';
import { runTables, withSeeds } from '../claims/claim-rows.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'memgeo-claims-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

async function runStage(into: string, tables: ClaimTables, params: { [name: string]: { [criterion: string]: number } } = {}): Promise<{ result: StageResult; claims: string }> {
  const write = async <S extends TableSchema>(name: string, schema: S, points: readonly TablePoint<Row<S>>[] | undefined) => (points === undefined ? {} : {
    [name]: await Promise.all(points.map(async ({ coordinates, rows }, i) => {
      const location = join(into, 'in', name, String(i));
      await writeTable(location, schema, rows);
      return { coordinates, location };
    })),
  });
  const inputs = {
    ...await write('history', historyTable, tables.history), ...await write('geometry', geometryTable, tables.geometry),
    ...await write('rewinding', rewindingTable, tables.rewinding), ...await write('gradients', gradientsTable, tables.gradients),
  };
  const job = {
    format: 1 as const, stage: stage.id, point: 'claims', params, inputs, files: {},
    outputFolder: join(into, 'out'), stateFolder: join(into, 'state'), resultFile: join(into, 'result.json'), threads: 1, lineage: [],
  };
  return { result: await executeJob(job, stage, () => {}), claims: join(into, 'out', 'claims') };
}

test('report/claims writes the table that judgeClaims() gives, and the verdicts as facts', async () => {
  const tables = withSeeds([runTables(), runTables(), runTables()]);
  const { result, claims } = await runStage(folder, tables);
  expect(result).toMatchObject({ status: 'done', facts: { claims: { generalizesFirst: 'shown', memorizesLate: 'shown', rewindingRestores: 'shown', doubleDescent: 'cannot be judged', gradientsIgnore: 'shown' } } });
  expect(await readTable(claims, claimsTable)).toEqual(judgeClaims(tables));
});

test('the history alone is enough, and thresholds can be set', async () => {
  const { claims } = await runStage(folder, { history: runTables().history }, { thresholds: { testAccuracyFall: 0.9 } });
  const rows = await readTable(claims, claimsTable);
  expect(rows.find(({ criterion }) => criterion === 'testAccuracyFall')).toMatchObject({ verdict: 'not shown', threshold: 0.9, thresholdSource: 'set in the pipeline' });
});

test('the order of points does not change the bytes', async () => {
  const tables = withSeeds([runTables(), runTables()]);
  const turned = Object.fromEntries(Object.entries(tables).map(([name, points]) => [name, [...points!].reverse()])) as unknown as ClaimTables;
  const [first, second] = [await runStage(join(folder, 'a'), tables), await runStage(join(folder, 'b'), turned)];
  expect((await verifyArtifact(second.claims)).digest).toBe((await verifyArtifact(first.claims)).digest);
});

test('points of several permuted fractions are an error for the user', async () => {
  const [point] = runTables().history;
  const { result } = await runStage(folder, { history: [{ ...point!, coordinates: { permutedFraction: 0 } }, { ...point!, coordinates: { permutedFraction: 0.5 } }] });
  expect(result).toMatchObject({ status: 'failed', error: { name: 'StageError', message: expect.stringContaining('report/claims: points may differ in epoch, seed and width only') } });
});
