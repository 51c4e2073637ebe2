import { join } from 'node:path';
import { claimsTable, examplesSchema, geometryTable, historyTable, labelsTable, learningTable, similarityTable, writeTable, writeTensor, type ClaimsRow, type GeometryRow, type HistoryRow, type LearningRow, type Row, type SimilarityRow, type TableSchema } from '@memgeo/artifacts';
import { executeJob, type LineageNode, type StageEvent, type StageResult } from '@memgeo/stage';
import { stage } from '../src/stages/html.js';
import { stripedExamples } from './quickstart-rows.js';

type Point<R> = { coordinates: { [axis: string]: string | number | boolean }; rows: readonly R[] };

/** Writes inputs below a folder and runs the stage on them. */
export async function runStage(
  folder: string,
  { geometry, similarity, learning, history, claims, hasData = false, params = {}, lineage = [], inputKeys = {} }: {
    geometry: readonly Point<GeometryRow>[];
    similarity?: readonly Point<SimilarityRow>[];
    learning?: readonly Point<LearningRow>[];
    history: readonly HistoryRow[];
    claims?: readonly ClaimsRow[];
    hasData?: boolean;
    params?: { [name: string]: string | number | string[] };
    lineage?: LineageNode[];
    inputKeys?: { [port: string]: string[] };
  },
): Promise<{ result: StageResult; events: StageEvent[]; report: string }> {
  const points = await writePoints(join(folder, 'in', 'geometry'), geometryTable, geometry);
  await writeTable(join(folder, 'in', 'history'), historyTable, history);
  const inputs: { [name: string]: string | { [part: string]: string } | typeof points } = { geometry: points, history: [{ coordinates: {}, location: join(folder, 'in', 'history') }] };
  if (claims) {
    await writeTable(join(folder, 'in', 'claims'), claimsTable, claims);
    inputs.claims = join(folder, 'in', 'claims');
  }
  if (similarity) inputs.similarity = await writePoints(join(folder, 'in', 'similarity'), similarityTable, similarity);
  if (learning) inputs.learning = await writePoints(join(folder, 'in', 'learning'), learningTable, learning);
  if (hasData) {
    const { examples, labels } = stripedExamples();
    await writeTensor(join(folder, 'in', 'examples'), examples, { schema: examplesSchema });
    await writeTable(join(folder, 'in', 'labels'), labelsTable, labels);
    inputs.data = { examples: join(folder, 'in', 'examples'), labels: join(folder, 'in', 'labels') };
  }
  const events: StageEvent[] = [];
  const job = {
    format: 1 as const, stage: stage.id, point: 'report', params, inputs, files: {},
    outputFolder: join(folder, 'out'), stateFolder: join(folder, 'state'), resultFile: join(folder, 'result.json'), threads: 1, lineage, inputKeys,
  };
  const result = await executeJob(job, stage, (event) => events.push(event));
  return { result, events, report: join(folder, 'out', 'report') };
}

/** Writes a table per point of a fan-in. */
function writePoints<S extends TableSchema>(folder: string, schema: S, points: readonly Point<Row<S>>[]): Promise<{ coordinates: Point<unknown>['coordinates']; location: string }[]> {
  return Promise.all(points.map(async ({ coordinates, rows }, index) => {
    const location = join(folder, String(index));
    await writeTable(location, schema, rows);
    return { coordinates, location };
  }));
}
