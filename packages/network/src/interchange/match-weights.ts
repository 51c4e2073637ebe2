import { closest } from 'fastest-levenshtein';
import { layersOf } from '../description/layers.js';
import type { NetworkDescription } from '../description/network-spec.js';
import { matchByShape } from './match-by-shape.js';
import type { SafetensorsFile } from './safetensors-file.js';
import { weightModules, type WeightModule } from './weight-modules.js';
import { isCounter, moduleNames, weightNamings } from './weight-names.js';
import { shownName, shownShape, WeightsFileError } from './weights-file-error.js';

/** Names: as the programs that are known name modules. Shapes: by shapes, and by numbers in the names where shapes repeat. */
export type WeightMatching = 'names' | 'shapes';

/** Most names that a message lists. */
const listed = 4;

/** Which tensor of a file is which parameter. */
export type WeightMatch = {
  /** Whose names they are; undefined if they were matched by shape. */
  readonly naming: string | undefined;
  /** The modules with the names they have in the file. */
  readonly modules: readonly { readonly module: WeightModule; readonly path: string }[];
};

/**
 * Finds the modules of a network among the tensors of a file, and checks their shapes.
 *
 * @throws WeightsFileError that lists what is missing, unexpected or of another shape.
 */
export function matchWeights(file: SafetensorsFile, description: NetworkDescription, matching: WeightMatching): WeightMatch {
  const modules = weightModules(description);
  const match = matching === 'names' ? matchByName(file, description, modules) : { naming: undefined, modules: matchByShape(file, modules, description.spec.kind) };
  checkShapes(file, match);
  return match;
}

type Attempt = WeightMatch & { readonly missing: readonly string[]; readonly unexpected: readonly string[] };

function matchByName(file: SafetensorsFile, description: NetworkDescription, modules: readonly WeightModule[]): WeightMatch {
  const names = [...file.entries.keys()].filter((name) => !isCounter(name));
  const layers = layersOf(description);
  const attempts = commonPrefixes(names).flatMap((prefix) => weightNamings(description.spec).map((naming): Attempt => {
    const paths = moduleNames(naming, layers);
    const placed = modules.map((module) => ({ module, path: prefix + paths.get(module.layer)! }));
    const wanted = placed.flatMap(({ module, path }) => module.slots.map(({ suffix }) => `${path}.${suffix}`));
    const known = new Set([...wanted, ...placed.flatMap(({ module, path }) => (module.norm === undefined ? [] : [`${path}.bias`]))]);
    return { naming: naming.name, modules: placed, missing: wanted.filter((name) => !file.entries.has(name)), unexpected: names.filter((name) => !known.has(name)) };
  }));
  const whole = attempts.find(({ missing, unexpected }) => missing.length + unexpected.length === 0);
  if (whole) return whole;
  const nearest = attempts.reduce((best, attempt) => (attempt.missing.length < best.missing.length ? attempt : best));
  throw new WeightsFileError(`${file.name} must hold the weights of the ${description.spec.kind} that network describes. ${describeMisses(file, nearest)}`);
}

function describeMisses(file: SafetensorsFile, { naming, modules, missing, unexpected }: Attempt): string {
  const shapes = new Map(modules.flatMap(({ module, path }) => module.slots.map(({ suffix, torchShape }) => [`${path}.${suffix}` as string, torchShape] as const)));
  const withShape = (name: string, shape: readonly number[]) => `${shownName(name)} ${shownShape(shape)}`;
  const candidates = unexpected.slice(0, 1000);
  const lacking = missing.slice(0, listed).map((name) => {
    const near = candidates.length === 0 ? undefined : closest(name, candidates);
    return withShape(name, shapes.get(name)!) + (near === undefined ? '' : `, nearest ${withShape(near, file.entries.get(near)!.shape)}`);
  });
  const odd = unexpected.slice(0, listed).map((name) => withShape(name, file.entries.get(name)!.shape));
  const list = (parts: readonly string[], count: number) => (count === 0 ? 'none' : `${count}: ${parts.join('; ')}${count > listed ? `; and ${count - listed} more` : ''}`);
  return [
    `As ${naming!} names them, missing are ${list(lacking, missing.length)}. Unexpected are ${list(odd, unexpected.length)}.`,
    'Make network the one that was saved, or, if only names differ, set matching: shapes.',
  ].join(' ');
}

function checkShapes(file: SafetensorsFile, { modules }: WeightMatch): void {
  const wrong = modules.flatMap(({ module, path }) => [
    ...module.slots.map(({ suffix, torchShape }) => ({ name: `${path}.${suffix}`, torchShape })),
    ...(module.norm === undefined ? [] : [{ name: `${path}.bias`, torchShape: module.slots[0]!.torchShape.slice(0, 1) }]),
  ]).flatMap(({ name, torchShape }) => {
    const entry = file.entries.get(name);
    return entry && entry.shape.join() !== torchShape.join() ? [`${shownName(name)} must be ${shownShape(torchShape)} and is ${shownShape(entry.shape)}`] : [];
  });
  if (wrong.length > 0) throw new WeightsFileError(`${file.name} must hold weights of the shapes that network has; ${wrong.slice(0, listed).join('; ')}${wrong.length > listed ? `; and ${wrong.length - listed} more` : ''}. Change the sizes or the stem of network, the image or the number of classes.`);
}

/** '' and the beginnings, of at most 4 modules, that all names share, as in module. of a network trained in parallel. */
function commonPrefixes(names: readonly string[]): string[] {
  const prefixes = [''];
  const parts = (names[0] ?? '').split('.').slice(0, -1).slice(0, 4);
  for (const [i] of parts.entries()) {
    const prefix = `${parts.slice(0, i + 1).join('.')}.`;
    if (!names.every((name) => name.startsWith(prefix))) break;
    prefixes.push(prefix);
  }
  return prefixes;
}
