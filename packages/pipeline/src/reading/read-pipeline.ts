import { dirname, resolve } from 'node:path';
import type { Json } from '@memgeo/artifacts';
import type { AnyStage } from '@memgeo/stage';
import type { StageCatalog } from '../catalog/stage-catalog.js';
import { PipelineError } from '../pipeline-error.js';
import type { Coordinates, Pipeline, Point } from '../planning/pipeline.js';
import { YamlFile, type KeyPath } from './document.js';
import { interpolate, type Scope } from './expressions.js';
import { pipelineFileSchema, type PipelineFile } from './pipeline-schema.js';
import { supplyInputs } from './supply-inputs.js';
import { nearest, validate } from './validate.js';

/** What a reader of one file needs throughout. */
export type Reading = {
  readonly file: YamlFile;
  readonly content: PipelineFile;
  readonly catalog: StageCatalog;
  readonly fail: (message: string, keys: KeyPath) => never;
};

/**
 * Reads a pipeline file, checks it strictly, and expands each stage into its points.
 *
 * @param options.overrides  `params.seed=2` or `stages.train.with.epochs=3`, as `--set` gives them.
 * @throws PipelineError with file, line and key, and the nearest valid name.
 */
export async function readPipeline(path: string, options: { catalog: StageCatalog; overrides?: readonly string[] }): Promise<Pipeline> {
  const file = await YamlFile.read(path);
  for (const override of options.overrides ?? []) applyOverride(file, override);
  const content = validate(pipelineFileSchema, file.value, { file, keys: [], what: 'the pipeline' });
  const fail = (message: string, keys: KeyPath): never => { throw new PipelineError(message, { path, line: file.lineOf(keys), key: keys.join('.') }); };
  const reading: Reading = { file, content, catalog: options.catalog, fail };
  const points = new Map<string, Point[]>();
  for (const name of inOrder(reading)) points.set(name, await expand(name, points, reading));
  return { name: content.name, path, points: [...points.values()].flat(), stageNames: Object.keys(content.stages) };
}

function applyOverride(file: YamlFile, override: string): void {
  const split = override.indexOf('=');
  const keys = override.slice(0, split).split('.');
  const { params, stages } = (file.value ?? {}) as { params?: { [name: string]: unknown }; stages?: { [name: string]: unknown } };
  const isParam = keys[0] === 'params' && keys.length >= 2;
  const isStage = keys[0] === 'stages' && keys.length >= 4 && keys[2] === 'with';
  if (split < 1 || (!isParam && !isStage)) throw new PipelineError(`--set must be params.NAME=VALUE or stages.STAGE.with.NAME=VALUE; got "${override}".`, { path: file.path });
  const known = Object.keys((isParam ? params : stages) ?? {});
  if (!known.includes(keys[1]!)) throw new PipelineError(`--set ${override}: there is no ${isParam ? 'parameter' : 'stage'} "${keys[1]}".${nearest(keys[1]!, known)}`, { path: file.path });
  file.set(keys, override.slice(split + 1));
}

/** Stage names, each after those it takes inputs from. @throws PipelineError for a cycle or an unknown name. */
function inOrder({ content, fail }: Reading): string[] {
  const order: string[] = [];
  const visit = (name: string, trail: readonly string[]): void => {
    if (order.includes(name)) return;
    if (trail.includes(name)) return fail(`the stages form a cycle: ${[...trail.slice(trail.indexOf(name)), name].join(' -> ')}.`, ['stages', name, 'in']);
    for (const [port, texts] of Object.entries(content.stages[name]!.in)) {
      for (const text of [texts].flat()) {
        // The rest of a reference may hold expressions; only the stage's name is needed for the order.
        const needed = /^\s*([A-Za-z][\w-]*)/.exec(text)?.[1];
        const keys = ['stages', name, 'in', port];
        if (needed === undefined) return fail(`${keys.join('.')}: "${text}" is no reference. Write STAGE, STAGE.OUTPUT, STAGE.OUTPUT/MEMBER, STAGE[key=value] or STAGE[*].`, keys);
        if (!Object.hasOwn(content.stages, needed)) return fail(`${keys.join('.')}: there is no stage "${needed}".${nearest(needed, Object.keys(content.stages))}`, keys);
        visit(needed, [...trail, name]);
      }
    }
    order.push(name);
  };
  for (const name of Object.keys(content.stages)) visit(name, []);
  return order;
}

/** The points of one stage. */
async function expand(name: string, upstream: ReadonlyMap<string, readonly Point[]>, reading: Reading): Promise<Point[]> {
  const { content, catalog, file, fail } = reading;
  const entry = content.stages[name]!;
  if (!catalog.ids.includes(entry.uses)) fail(`stages.${name}.uses: there is no stage "${entry.uses}" installed.${nearest(entry.uses, catalog.ids)}`, ['stages', name, 'uses']);
  const stage = await catalog.load(entry.uses);
  const failIn = (keys: KeyPath) => (message: string, known: readonly string[], unknown: string) => fail(`${keys.join('.')}: ${message}${nearest(unknown, known)}`, keys);
  const params = interpolate(content.params as Json, {}, failIn(['params'])) as { [name: string]: Json };
  const axes = Object.entries(entry.matrix).map(([axis, values]) => {
    const keys = ['stages', name, 'matrix', axis];
    const resolved = interpolate(values as Json, { params }, failIn(keys));
    if (!Array.isArray(resolved) || resolved.length === 0 || resolved.some((value) => typeof value === 'object')) return fail(`${keys.join('.')} must be a list of numbers or texts; got ${JSON.stringify(resolved)}.`, keys);
    if (new Set(resolved.map(String)).size < resolved.length) return fail(`${keys.join('.')} must not hold a value twice; got ${JSON.stringify(resolved)}.`, keys);
    return [axis, resolved as (string | number | boolean)[]] as const;
  });
  return product(axes).map((coordinates) => {
    const scope: Scope = { params, matrix: coordinates };
    const given = interpolate(entry.with as Json, scope, failIn(['stages', name, 'with']));
    const resolved = validate(stage.params, given, { file, keys: ['stages', name, 'with'], what: `stages.${name}.with` }) as { [name: string]: Json };
    const id = Object.keys(coordinates).length === 0 ? name : `${name}[${Object.entries(coordinates).map(([axis, value]) => `${axis}=${value}`).join(',')}]`;
    const inputs = supplyInputs({ name, stage, coordinates, scope }, upstream, reading);
    const sources = Object.values(inputs).flatMap(({ supplies }) => supplies.flatMap(({ parts }) => ('point' in parts && 'output' in parts ? [parts] : Object.values(parts)))) as { point: Point }[];
    return {
      id, stageName: name, coordinates, stage,
      params: JSON.parse(JSON.stringify(resolved)) as { [name: string]: Json },
      inputs,
      upstream: [...new Set(sources.map(({ point }) => point))],
      files: filesOf(stage, resolved, file.path),
    };
  });
}

function product(axes: readonly (readonly [string, readonly (string | number | boolean)[]])[]): Coordinates[] {
  return axes.reduce<Coordinates[]>((points, [axis, values]) => points.flatMap((point) => values.map((value) => ({ ...point, [axis]: value }))), [{}]);
}

function filesOf(stage: AnyStage, params: unknown, pipelinePath: string): { [name: string]: string } {
  const files = stage.files?.(params as never) ?? {};
  return Object.fromEntries(Object.entries(files).map(([name, path]) => [name, resolve(dirname(pipelinePath), path)]));
}
