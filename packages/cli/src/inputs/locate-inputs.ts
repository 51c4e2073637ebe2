import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { activationsSchema, isTensorFile, listNpzTensors, manifestName, splitMember, writeTensorJoin } from '@memgeo/artifacts';
import { nearest } from '@memgeo/pipeline';
import type { AnyStage, InputLocation, InputPort, Job } from '@memgeo/stage';
import { UserError } from '../user-error.js';

type Given = { readonly part: string | undefined; readonly path: string };

/**
 * `name=path` and `name.part=path` to what the ports of a stage take.
 *
 * @param options.labels  A file with the class of each row, joined to all activations that the stage takes.
 * @param options.workFolder  Receives what says so; it must last as long as the stage runs.
 * @throws UserError if an input is unknown, missing or no artifact.
 */
export async function locateInputs(
  stage: Pick<AnyStage, 'id' | 'inputs'>, assignments: readonly string[], { labels, workFolder }: { labels: string | undefined; workFolder: string },
): Promise<Job['inputs']> {
  const given = parseAssignments(stage, assignments);
  const joined = labels === undefined ? undefined : labelJoiner(stage, labels, workFolder);
  const inputs: { [name: string]: Job['inputs'][string] } = {};
  for (const [name, port] of Object.entries(stage.inputs)) {
    const paths = given.get(name);
    if (!paths) {
      if (port.isOptional === true) continue;
      throw new UserError(`${stage.id} needs --in ${name}=PATH: ${port.description}`);
    }
    const place = async (some: readonly Given[]): Promise<InputLocation> => {
      const location = await locate(name, port, some);
      return joined && takesActivations(port) ? joined(location) : location;
    };
    if (port.isMany === true) {
      const points: { coordinates: { [axis: string]: string }; location: InputLocation }[] = [];
      for (const group of await groupFiles(port, paths)) points.push({ coordinates: {}, location: await place(group) });
      inputs[name] = points;
    } else inputs[name] = await place(paths);
  }
  return inputs;
}

function parseAssignments(stage: Pick<AnyStage, 'id' | 'inputs'>, assignments: readonly string[]): Map<string, Given[]> {
  const given = new Map<string, Given[]>();
  for (const assignment of assignments) {
    const [, name, part, path] = /^([^=.]+)(?:\.([^=]+))?=(.+)$/.exec(assignment) ?? [];
    if (name === undefined || path === undefined) throw new UserError(`--in must be NAME=PATH or NAME.PART=PATH; got "${assignment}".`);
    if (!(name in stage.inputs)) throw new UserError(`${stage.id} has no input "${name}".${nearest(name, Object.keys(stage.inputs))}`);
    if (!existsSync(splitMember(path).path)) throw new UserError(`--in ${assignment}: ${splitMember(path).path} does not exist.`);
    given.set(name, [...(given.get(name) ?? []), { part, path: resolve(path) }]);
  }
  return given;
}

async function locate(name: string, port: InputPort, paths: readonly Given[]): Promise<InputLocation> {
  if (port.form === 'artifact') {
    if (paths.length > 1 || paths[0]!.part !== undefined) throw new UserError(`--in ${name} takes one path.`);
    return paths[0]!.path;
  }
  const located: { [part: string]: string } = {};
  for (const given of paths) {
    for (const [found, where] of await partsOf(given)) {
      if (found in located) throw new UserError(`--in ${name} has the part "${found}" twice: ${located[found]} and ${where}. Name them by --in ${name}.PART=PATH.`);
      located[found] = where;
    }
  }
  const wanted = port.form === 'bundle' ? Object.keys(port.parts) : [];
  const missing = wanted.find((part) => !(part in located));
  if (missing !== undefined) throw new UserError(`--in ${name} needs the part "${missing}". Give --in ${name}.${missing}=PATH, or a folder that holds ${wanted.join(' and ')}.`);
  if (Object.keys(located).length === 0) throw new UserError(`--in ${name}: ${paths.map(({ path }) => path).join(', ')} holds no artifacts.`);
  return located;
}

/** Which paths make one collection each: a folder does alone; files of layers do together, until a layer comes again. */
async function groupFiles(port: InputPort, paths: readonly Given[]): Promise<Given[][]> {
  const groups: { readonly paths: Given[]; readonly layers: Set<string>; readonly isOpen: boolean }[] = [];
  for (const given of paths) {
    const isOpen = port.form === 'collection' && isTensorFile(given.path);
    const layers = isOpen ? (await partsOf(given)).map(([layer]) => layer) : [];
    const last = groups.at(-1);
    if (isOpen && last?.isOpen === true && !layers.some((layer) => last.layers.has(layer))) {
      last.paths.push(given);
      layers.forEach((layer) => last.layers.add(layer));
    } else groups.push({ paths: [given], layers: new Set(layers), isOpen });
  }
  return groups.map((group) => group.paths);
}

/** The parts that stand at a path: a file or an artifact for itself, the layers of a .npz file, the artifacts in a folder. */
async function partsOf({ part, path }: Given): Promise<(readonly [part: string, path: string])[]> {
  if (part !== undefined) return [[part, path]];
  const { member } = splitMember(path);
  if (member !== undefined) return [[member, path]];
  if (isTensorFile(path)) {
    const layers = path.endsWith('.npz') ? await listNpzTensors(path) : [];
    return layers.length > 1 ? layers.map((layer) => [layer, `${path}#${layer}`]) : [[basename(path).replace(/\.[^.]+$/, ''), path]];
  }
  if (existsSync(join(path, manifestName))) return [[basename(path), path]];
  return (await readdir(path)).filter((inner) => existsSync(join(path, inner, manifestName))).map((inner) => [inner, join(path, inner)]);
}

/** Puts a file in the place of each path, by which it is read with the labels as its manifolds. */
function labelJoiner(stage: Pick<AnyStage, 'id' | 'inputs'>, labels: string, workFolder: string): (location: InputLocation) => Promise<InputLocation> {
  if (!Object.values(stage.inputs).some(takesActivations)) throw new UserError(`${stage.id} takes no activations; leave out --labels.`);
  if (!existsSync(splitMember(labels).path)) throw new UserError(`--labels ${labels}: ${splitMember(labels).path} does not exist.`);
  let count = 0;
  const labeled = async (values: string): Promise<string> => {
    const path = join(workFolder, `${count++}.join.json`);
    await writeTensorJoin(path, { values, rows: { manifold: resolve(labels) } });
    return path;
  };
  return async (location) => {
    if (typeof location === 'string') return labeled(location);
    const entries: [string, string][] = [];
    for (const [part, path] of Object.entries(location)) entries.push([part, await labeled(path)]);
    return Object.fromEntries(entries);
  };
}

function takesActivations(port: InputPort): boolean {
  return port.form !== 'bundle' && port.kind === 'tensor' && port.schema === activationsSchema;
}
