import { join } from 'node:path';
import { examplesSchema, geometryTable, historyTable, labelsTable, writeTable, writeTensor, type GeometryRow, type HistoryRow } from '@memgeo/artifacts';
import { executeJob, type LineageNode, type StageEvent, type StageResult } from '@memgeo/stage';
import { stage } from '../src/stages/html.js';
import { stripedExamples } from './quickstart-rows.js';

/** Writes inputs below a folder and runs the stage on them. */
export async function runStage(
  folder: string,
  { geometry, history, hasData = false, params = {}, lineage = [] }: {
    geometry: readonly { coordinates: { [axis: string]: string | number | boolean }; rows: readonly GeometryRow[] }[];
    history: readonly HistoryRow[];
    hasData?: boolean;
    params?: { [name: string]: string | number | string[] };
    lineage?: LineageNode[];
  },
): Promise<{ result: StageResult; events: StageEvent[]; report: string }> {
  const points = [];
  for (const [index, { coordinates, rows }] of geometry.entries()) {
    const location = join(folder, 'in', `geometry-${index}`);
    await writeTable(location, geometryTable, rows);
    points.push({ coordinates, location });
  }
  await writeTable(join(folder, 'in', 'history'), historyTable, history);
  const inputs: { [name: string]: string | { [part: string]: string } | typeof points } = { geometry: points, history: join(folder, 'in', 'history') };
  if (hasData) {
    const { examples, labels } = stripedExamples();
    await writeTensor(join(folder, 'in', 'examples'), examples, { schema: examplesSchema });
    await writeTable(join(folder, 'in', 'labels'), labelsTable, labels);
    inputs.data = { examples: join(folder, 'in', 'examples'), labels: join(folder, 'in', 'labels') };
  }
  const events: StageEvent[] = [];
  const job = {
    format: 1 as const, stage: stage.id, point: 'report', params, inputs, files: {},
    outputFolder: join(folder, 'out'), stateFolder: join(folder, 'state'), resultFile: join(folder, 'result.json'), threads: 1, lineage,
  };
  const result = await executeJob(job, stage, (event) => events.push(event));
  return { result, events, report: join(folder, 'out', 'report') };
}
