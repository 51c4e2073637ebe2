import type { SafetensorsFile } from './safetensors-file.js';
import type { WeightModule } from './weight-modules.js';
import { isCounter } from './weight-names.js';
import { shownName, WeightsFileError } from './weights-file-error.js';

type Placed = { readonly module: WeightModule; readonly path: string };

/**
 * Matches modules by the shapes of their weights. Several of one shape are taken in the order of the numbers in their names,
 * which must differ in nothing else.
 *
 * @throws WeightsFileError if that leaves a doubt.
 */
export function matchByShape(file: SafetensorsFile, modules: readonly WeightModule[], family: string): Placed[] {
  const inFile = modulesIn(file);
  const found = new Map<string, string[]>();
  for (const [path, suffixes] of inFile) {
    const weight = file.entries.get(`${path}.weight`);
    if (!weight) throw new WeightsFileError(`${file.name} must hold weights and what belongs to them; ${shownName(path)} has ${[...suffixes].map(shownName).join(', ')} and no "weight".`);
    push(found, shapeKey(suffixes.has('running_mean'), weight.shape), path);
  }
  const wanted = new Map<string, WeightModule[]>();
  for (const module of modules) push(wanted, shapeKey(module.isNorm, module.slots[0]!.torchShape), module);
  for (const key of new Set([...wanted.keys(), ...found.keys()])) {
    const [ours, theirs] = [(wanted.get(key) ?? []).map(({ layer }) => layer), found.get(key) ?? []];
    if (ours.length !== theirs.length) throw new WeightsFileError(`${file.name} must hold the weights of the ${family} that network describes; of ${key} it has ${theirs.length}${examples(theirs)} and network ${ours.length}${examples(ours)}.`);
  }
  const placed = new Map<WeightModule, string>();
  for (const [key, theirs] of found) {
    const patterns = new Set(theirs.map((path) => path.replace(/\d+/g, '#')));
    if (patterns.size > 1) throw new WeightsFileError(`${file.name} leaves a doubt: of ${key} it has ${theirs.length} whose names differ by more than numbers${examples(theirs)}. Rename them as torchvision does.`);
    inOrderOfNumbers(theirs).forEach((path, i) => placed.set(wanted.get(key)![i]!, path));
  }
  for (const [module, path] of placed) checkSuffixes(file, module, { path, suffixes: inFile.get(path)! });
  return modules.map((module) => ({ module, path: placed.get(module)! }));
}

/** Names of modules, with the last parts of the names of their tensors. */
function modulesIn(file: SafetensorsFile): Map<string, Set<string>> {
  const modules = new Map<string, Set<string>>();
  for (const name of file.entries.keys()) {
    const dot = name.lastIndexOf('.');
    const [path, suffix] = [name.slice(0, Math.max(0, dot)), name.slice(dot + 1)];
    if (isCounter(name)) continue;
    if (!modules.has(path)) modules.set(path, new Set());
    modules.get(path)!.add(suffix);
  }
  return modules;
}

function checkSuffixes(file: SafetensorsFile, module: WeightModule, { path, suffixes }: { path: string; suffixes: ReadonlySet<string> }): void {
  const present = new Set(suffixes);
  const missing = module.slots.find(({ suffix }) => !present.delete(suffix));
  if (missing) throw new WeightsFileError(`${file.name} must hold ${shownName(`${path}.${missing.suffix}`)}, for ${missing.parameter.name}; it does not.`);
  if (module.norm !== undefined) present.delete('bias');
  const [odd] = present;
  if (odd !== undefined) throw new WeightsFileError(`${file.name} holds ${shownName(`${path}.${odd}`)}, for which ${module.layer} has no place.`);
}

function shapeKey(isNorm: boolean, shape: readonly number[]): string {
  return `${isNorm ? 'normalizations' : 'weights'} of shape (${shape.join(', ')})`;
}

function inOrderOfNumbers(paths: readonly string[]): string[] {
  const numbers = (path: string) => (path.match(/\d+/g) ?? []).map(Number);
  return [...paths].sort((a, b) => {
    const [x, y] = [numbers(a), numbers(b)];
    const i = x.findIndex((n, place) => n !== y[place]);
    return i < 0 ? 0 : x[i]! - y[i]!;
  });
}

function examples(names: readonly string[]): string {
  return names.length === 0 ? '' : ` (${names.slice(0, 3).map(shownName).join(', ')}${names.length > 3 ? ', ...' : ''})`;
}

function push<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  if (!lists.has(key)) lists.set(key, []);
  lists.get(key)!.push(value);
}
