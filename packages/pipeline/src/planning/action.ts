import { digestPath } from '@memgeo/artifacts';
import { digestCode, digestCodeFiles, type CodeFiles, type StageCode } from '../keys/code-digest.js';
import type { StageCatalog } from '../catalog/stage-catalog.js';
import type { Action, ActionRecord, InputDigests, OutputDigests } from '../store/record.js';
import type { Point, Source, Supply } from './pipeline.js';

/** An input can't be had: the member of a collection does not exist, or a file can't be read. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** Makes actions of points, and digests the code of each stage and each file only once. */
export class ActionMaker {
  readonly #catalog: StageCatalog;
  readonly #codes = new Map<string, Promise<StageCode>>();
  readonly #codeFiles = new Map<string, Promise<CodeFiles>>();
  readonly #files = new Map<string, Promise<string>>();

  constructor(catalog: StageCatalog) {
    this.#catalog = catalog;
  }

  codeFilesOf(stageId: string): Promise<CodeFiles> {
    return remember(this.#codeFiles, stageId, async () => digestCodeFiles((await this.#codeOf(stageId)).inputs));
  }

  /**
   * Says what the result of a point depends on.
   *
   * @param records  Of every upstream point.
   * @throws InputError if an input does not exist.
   */
  async make(point: Point, records: ReadonlyMap<Point, ActionRecord>): Promise<Action> {
    const files = await Promise.all(Object.entries(point.files).map(async ([name, path]) => [name, await this.#digestFile(name, path)] as const));
    return {
      stage: point.stage.id,
      version: point.stage.version,
      code: (await this.#codeOf(point.stage.id)).digest,
      params: point.params,
      inputs: Object.fromEntries(Object.entries(point.inputs).map(([name, { port, supplies }]) => {
        const contents = supplies.map(({ coordinates, parts }) => ({ coordinates, content: contentOf(parts, records) }));
        // A fan-in counts as a set: its order in the file does not matter.
        return [name, port.isMany === true ? contents.sort((a, b) => compare(JSON.stringify(a.coordinates), JSON.stringify(b.coordinates))) : contents[0]!.content] as const;
      })) as { [port: string]: InputDigests },
      files: Object.fromEntries(files),
    };
  }

  #codeOf(stageId: string): Promise<StageCode> {
    return remember(this.#codes, stageId, () => digestCode(this.#catalog.entry(stageId)));
  }

  #digestFile(name: string, path: string): Promise<string> {
    return remember(this.#files, path, () => digestPath(path)).catch((cause: Error) => {
      throw new InputError(`The ${name} ${path} can't be read: ${cause.message} Correct the path; it is relative to the pipeline file.`, { cause });
    });
  }
}

/** Content of an input by digest: of one artifact, or of each part or member. */
function contentOf(parts: Supply['parts'], records: ReadonlyMap<Point, ActionRecord>): string | { [part: string]: string } {
  if (!isSource(parts)) return Object.fromEntries(Object.entries(parts).map(([name, source]) => [name, outputOf(source, records) as string]));
  return outputOf(parts, records);
}

function outputOf({ point, output, member }: Source, records: ReadonlyMap<Point, ActionRecord>): string | { [member: string]: string } {
  const found: OutputDigests = records.get(point)!.outputs[output]!;
  if ('digest' in found) return found.digest;
  if (member === undefined) return { ...found.members };
  const digest = found.members[member];
  if (digest === undefined) {
    throw new InputError(`${point.id}.${output} has no member "${member}"; it has ${Object.keys(found.members).sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).join(', ')}.`);
  }
  return digest;
}

export function isSource(parts: Supply['parts']): parts is Source {
  return 'point' in parts && 'output' in parts && typeof parts.output === 'string';
}

function remember<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  let found = cache.get(key);
  if (!found) cache.set(key, (found = make()));
  return found;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
