import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { manifestName } from '@memgeo/artifacts';
import { nearest } from '@memgeo/pipeline';
import { executeJob, type AnyStage, type InputLocation, type InputPort, type Job, type StageEvent } from '@memgeo/stage';
import { z } from 'zod';
import { UserError } from '../user-error.js';
import { loadStage } from './stage-info.js';

/** Runs one stage on given paths, without pipeline and store. */
export async function runStage(id: string, options: { in: string[]; with: string[]; out: string }): Promise<number> {
  const stage = await loadStage(id);
  const params = stage.params.safeParse(parseParams(options.with));
  if (!params.success) throw new UserError(`The parameters of ${id} do not fit:\n${z.prettifyError(params.error)}\nSee: memgeo stage describe ${id}`);
  const out = resolve(options.out);
  const taken = Object.keys(stage.outputs).find((name) => existsSync(join(out, name)));
  if (taken !== undefined) throw new UserError(`${join(out, taken)} exists already. Choose another folder by --out, or remove it.`);
  const inputs = await locateInputs(stage, options.in);
  await mkdir(out, { recursive: true });
  const work = await mkdtemp(join(tmpdir(), 'memgeo-stage-'));
  // Beside the outputs, so that an interrupted run of the same command continues.
  const stateFolder = join(out, '.state');
  const files = stage.files?.(params.data as never) ?? {};
  const job: Job = {
    format: 1, stage: id, point: id, params: JSON.parse(JSON.stringify(params.data)) as Job['params'], inputs,
    files: Object.fromEntries(Object.entries(files).map(([name, path]) => [name, resolve(path)])),
    outputFolder: out, stateFolder, resultFile: join(work, 'result.json'), threads: 1, lineage: [],
  };
  const result = await executeJob(job, stage, teller());
  await rm(work, { recursive: true });
  if (result.status === 'failed') {
    process.stderr.write(`${result.error.stack ?? result.error.message}\n`);
    return 1;
  }
  await rm(stateFolder, { recursive: true, force: true });
  for (const name of Object.keys(stage.outputs)) process.stdout.write(`${join(options.out, name)}\n`);
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

/** `name=path` and `name.part=path` to what the ports take. */
async function locateInputs(stage: AnyStage, assignments: readonly string[]): Promise<Job['inputs']> {
  const given = new Map<string, { part: string | undefined; path: string }[]>();
  for (const assignment of assignments) {
    const [, name, part, path] = /^([^=.]+)(?:\.([^=]+))?=(.+)$/.exec(assignment) ?? [];
    if (name === undefined || path === undefined) throw new UserError(`--in must be NAME=PATH or NAME.PART=PATH; got "${assignment}".`);
    if (!(name in stage.inputs)) throw new UserError(`${stage.id} has no input "${name}".${nearest(name, Object.keys(stage.inputs))}`);
    if (!existsSync(path)) throw new UserError(`--in ${assignment}: ${path} does not exist.`);
    given.set(name, [...(given.get(name) ?? []), { part, path: resolve(path) }]);
  }
  const inputs: { [name: string]: Job['inputs'][string] } = {};
  for (const [name, port] of Object.entries(stage.inputs)) {
    const paths = given.get(name);
    if (!paths) {
      if (port.isOptional === true) continue;
      throw new UserError(`${stage.id} needs --in ${name}=PATH: ${port.description}`);
    }
    if (port.isMany === true) inputs[name] = await Promise.all(paths.map(async (path) => ({ coordinates: {}, location: await locate(name, port, [path]) })));
    else inputs[name] = await locate(name, port, paths);
  }
  return inputs;
}

async function locate(name: string, port: InputPort, paths: readonly { part: string | undefined; path: string }[]): Promise<InputLocation> {
  if (port.form === 'artifact') {
    if (paths.length > 1 || paths[0]!.part !== undefined) throw new UserError(`--in ${name} takes one path.`);
    return paths[0]!.path;
  }
  const located: { [part: string]: string } = {};
  for (const { part, path } of paths) {
    if (part !== undefined) located[part] = path;
    // One artifact stands for a collection of itself; any other folder holds the parts.
    else if (/\.(arrow|feather|ipc|parquet)$/.test(path)) located[basename(path).replace(/\.[^.]+$/, '')] = path;
    else if (existsSync(join(path, manifestName))) located[basename(path)] = path;
    else for (const inner of await readdir(path)) if (existsSync(join(path, inner, manifestName))) located[inner] = join(path, inner);
  }
  const wanted = port.form === 'bundle' ? Object.keys(port.parts) : [];
  const missing = wanted.find((part) => !(part in located));
  if (missing !== undefined) throw new UserError(`--in ${name} needs the part "${missing}". Give --in ${name}.${missing}=PATH, or a folder that holds ${wanted.join(' and ')}.`);
  if (Object.keys(located).length === 0) throw new UserError(`--in ${name}: ${paths.map(({ path }) => path).join(', ')} holds no artifacts.`);
  return located;
}

/** Shows messages and, on a terminal, progress. */
function teller(): (event: StageEvent) => void {
  let last = 0;
  return (event) => {
    if (event.type !== 'progress') process.stderr.write(`${event.type === 'warning' ? 'warning: ' : ''}${event.message}\n`);
    else if (process.stderr.isTTY && Date.now() - last > 200) {
      last = Date.now();
      process.stderr.write(`\r\u001b[K${Math.floor((100 * event.done) / event.total)} % ${event.label}\r`);
    }
  };
}
