import { dirname, resolve } from 'node:path';
import type { Json } from '@memgeo/artifacts';
import type { AnyStage } from '@memgeo/stage';
import type { StageCatalog } from '../catalog/stage-catalog.js';
import type { StageCodes } from '../keys/stage-codes.js';
import type { Pipeline, Point } from '../planning/pipeline.js';
import { YamlFile } from './document.js';
import { Allowance, interpolate, mentionsMatrix, type Scope } from './expressions.js';
import { pipelineFileSchema } from './file-schema.js';
import { show } from './names.js';
import { applyOverride } from './overrides.js';
import { readPolicy } from './policy.js';
import { isProgram, readProgram, requireNoProgramKeys } from './program-entry.js';
import { Reading, type JsonMap } from './reading.js';
import { stageOrder } from './stage-order.js';
import { StagePoints } from './stage-points.js';
import { InputSupplier, sourcesOf, type Upstream } from './supply-inputs.js';
import { sweep } from './sweep.js';
import { nearest, validate } from './validate.js';

const mostCharacters = 64 * 1024 * 1024;

/**
 * Reads a pipeline file, checks it strictly, and expands each stage into its points.
 *
 * @param options.overrides  `params.seed=2` or `stages.train.with.epochs=3`, as `--set` gives them.
 * @param options.codes  Begun to digest while points are expanded, for whoever plans afterwards.
 * @throws PipelineError with file, line and key, and the nearest valid name.
 */
export async function readPipeline(path: string, options: { catalog: StageCatalog; overrides?: readonly string[]; codes?: StageCodes }): Promise<Pipeline> {
  const file = await YamlFile.read(path);
  for (const override of options.overrides ?? []) applyOverride(file, override);
  const { value } = file;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw file.error(`a pipeline must be a map with the keys name and stages; got ${value === null ? 'nothing' : show(value)}.`, []);
  const content = validate(pipelineFileSchema, value, { file, keys: [], what: 'the pipeline' });
  const { catalog } = options;
  const installed = [...new Set(Object.values(content.stages).map(({ uses }) => uses))].filter((id) => catalog.ids.includes(id));
  options.codes?.begin(installed);
  // All at once; one that can't be loaded is said where it is used.
  await Promise.allSettled(installed.map((id) => catalog.load(id)));
  const reading = new Reading(file, content, { catalog, allowance: new Allowance(mostCharacters) });
  const params = interpolate(content.params as Json, reading.filling({}), ['params']) as JsonMap;
  const stages = new Map<string, StagePoints>();
  for (const name of stageOrder(reading)) stages.set(name, await expand(name, { params, upstream: stages, reading }));
  return { name: content.name, path, points: [...stages.values()].flatMap(({ points }) => points), stageNames: Object.keys(content.stages) };
}

/** The points of one stage. */
async function expand(name: string, { params, upstream, reading }: { params: JsonMap; upstream: Upstream; reading: Reading }): Promise<StagePoints> {
  const { uses } = reading.content.stages[name]!;
  const points = sweep(name, params, reading);
  const first: Scope = { params, matrix: points[0]!.coordinates };
  const { stage, programAt } = isProgram(uses) ? readProgram(name, first, { upstream, reading }) : { stage: await installedStage(name, reading), programAt: () => undefined };
  const work = readWork(name, stage, reading);
  const policyAt = readPolicy(name, stage, reading);
  const supplier = new InputSupplier(name, stage, { upstream, reading });
  return new StagePoints(name, stage, points.map(({ id, coordinates }) => {
    const scope: Scope = { params, matrix: coordinates };
    const inputs = supplier.inputsAt(scope);
    const { params: resolved, files } = work(scope, id);
    return { id, stageName: name, coordinates, stage, params: resolved, files, inputs, upstream: upstreamOf(inputs), program: programAt(scope), policy: policyAt(scope) };
  }));
}

/** The points that inputs come from, each once. */
function upstreamOf(inputs: Point['inputs']): Point[] {
  const upstream = new Set<Point>();
  for (const { supplies } of Object.values(inputs)) for (const { parts } of supplies) for (const { point } of sourcesOf(parts)) upstream.add(point);
  return [...upstream];
}

async function installedStage(name: string, reading: Reading): Promise<AnyStage> {
  const { content: { stages }, catalog } = reading;
  const { uses } = stages[name]!;
  if (!catalog.ids.includes(uses)) reading.fail(`there is no stage "${uses}" installed.${nearest(uses, catalog.ids)} A program of yours is written exec:COMMAND.`, ['stages', name, 'uses']);
  requireNoProgramKeys(name, reading);
  return catalog.load(uses);
}

/** Checks the parameters of a point, with defaults filled in, and finds the files it reads. Done once if they are the same for every point. */
function readWork(name: string, stage: AnyStage, reading: Reading): (scope: Scope, point: string) => Pick<Point, 'params' | 'files'> {
  const given = reading.content.stages[name]!.with as Json;
  const keys = ['stages', name, 'with'];
  const isSame = !mentionsMatrix(given);
  const workAt = (scope: Scope, point: string): Pick<Point, 'params' | 'files'> => {
    const resolved = validate(stage.params, interpolate(given, reading.filling(scope), keys), { file: reading.file, keys, what: keys.join('.'), ...(isSame ? {} : { point }) });
    const files = stage.files?.(resolved as never) ?? {};
    return {
      params: JSON.parse(JSON.stringify(resolved)) as { [name: string]: Json },
      files: Object.fromEntries(Object.entries(files).map(([file, path]) => [file, resolve(dirname(reading.file.path), path)])),
    };
  };
  let shared: Pick<Point, 'params' | 'files'> | undefined;
  return (scope, point) => (isSame ? (shared ??= workAt(scope, point)) : workAt(scope, point));
}
