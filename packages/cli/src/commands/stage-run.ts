import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { geometryTable, readTable } from '@memgeo/artifacts';
import { executeJob, type AnyStage, type Job } from '@memgeo/stage';
import { z } from 'zod';
import { locateInputs } from '../inputs/locate-inputs.js';
import { tellEvents } from '../rendering/tell-events.js';
import { UserError } from '../user-error.js';
import { describeRows } from './show.js';
import { loadStage } from './stage-info.js';

const summaryRows = 24;

/** Runs one stage on given paths, without pipeline and store. */
export async function runStage(id: string, options: { in: string[]; labels?: string; with: string[]; out: string; threads?: number }): Promise<number> {
  const stage = await loadStage(id);
  const params = stage.params.safeParse(parseParams(options.with));
  if (!params.success) throw new UserError(`The parameters of ${id} do not fit:\n${z.prettifyError(params.error)}\nSee: memgeo stage describe ${id}`);
  const out = resolve(options.out);
  const taken = Object.keys(stage.outputs).find((name) => existsSync(join(out, name)));
  if (taken !== undefined) throw new UserError(`${join(out, taken)} exists already. Choose another folder by --out, or remove it.`);
  const workFolder = await mkdtemp(join(tmpdir(), 'memgeo-stage-'));
  try {
    const inputs = await locateInputs(stage, options.in, { labels: options.labels, workFolder });
    await mkdir(out, { recursive: true });
    // Beside the outputs, so that an interrupted run of the same command continues.
    const stateFolder = join(out, '.state');
    const files = stage.files?.(params.data as never) ?? {};
    const job: Job = {
      format: 1, stage: id, point: id, params: JSON.parse(JSON.stringify(params.data)) as Job['params'], inputs,
      files: Object.fromEntries(Object.entries(files).map(([name, path]) => [name, resolve(path)])),
      outputFolder: out, stateFolder, resultFile: join(workFolder, 'result.json'), lineage: [],
      threads: Math.min(options.threads ?? availableParallelism(), stage.resources.threads),
    };
    const result = await executeJob(job, stage, tellEvents());
    if (result.status === 'failed') {
      process.stderr.write(`${result.error.stack ?? result.error.message}\n`);
      return 1;
    }
    await rm(stateFolder, { recursive: true, force: true });
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
  for (const name of Object.keys(stage.outputs)) process.stdout.write([join(options.out, name), ...await summarize(stage, out, name), ''].join('\n'));
  return 0;
}

/** `a.b=2` to { a: { b: 2 } }; values are JSON, or else text. */
function parseParams(assignments: readonly string[]): { [name: string]: unknown } {
  const params: { [name: string]: unknown } = {};
  for (const assignment of assignments) {
    const split = assignment.indexOf('=');
    if (split < 1) throw new UserError(`--with must be NAME=VALUE; got "${assignment}".`);
    const keys = assignment.slice(0, split).split('.');
    let inner = params;
    for (const key of keys.slice(0, -1)) inner = (inner[key] ??= {}) as { [name: string]: unknown };
    inner[keys.at(-1)!] = parseValue(assignment.slice(split + 1));
  }
  return params;
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The values of a geometry table, to look at before anything else is done with it. */
async function summarize(stage: AnyStage, out: string, name: string): Promise<string[]> {
  if (stage.outputs[name]!.schema !== geometryTable.schema) return [];
  const rows = await readTable(join(out, name), geometryTable);
  return describeRows(rows.map(({ layer, set, measure, value, standardError }) => ({ layer, set, measure, value, standardError })), summaryRows);
}
