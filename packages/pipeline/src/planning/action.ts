import { digestPath } from '@memgeo/artifacts/contract';
import { digestCode, digestCodeFiles, type CodeFiles, type StageCode } from '../keys/code-digest.js';
import { digestProgram } from '../keys/program-digest.js';
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
  readonly #codes = new Map<Code, Promise<StageCode & { readonly files?: CodeFiles }>>();
  readonly #codeFiles = new Map<Code, Promise<CodeFiles>>();
  readonly #files = new Map<string, Promise<string>>();

  constructor(catalog: StageCatalog) {
    this.#catalog = catalog;
  }

  /** Digest of each file of a point's code, to say which one changed. */
  codeFilesOf(point: Point): Promise<CodeFiles> {
    return remember(this.#codeFiles, codeIn(point), async () => {
      const { files, inputs } = await this.#codeOf(point);
      return files ?? digestCodeFiles(inputs);
    });
  }

  /**
   * Says what the result of a point depends on.
   *
   * @param records  Of every upstream point.
   * @throws InputError if an input does not exist.
   */
  async make(point: Point, records: ReadonlyMap<Point, ActionRecord>): Promise<Action> {
    const files: { [name: string]: string } = {};
    for (const [name, path] of Object.entries(point.files)) files[name] = await this.#digestFile(name, path);
    return {
      stage: point.stage.id,
      version: point.stage.version,
      code: (await this.#codeOf(point)).digest,
      params: point.params,
      inputs: Object.fromEntries(Object.entries(point.inputs).map(([name, { port, supplies }]) => {
        if (port.isMany !== true) return [name, contentOf(supplies[0]!.parts, records)] as const;
        // A fan-in counts as a set: its order in the file does not matter.
        const contents = supplies.map(({ coordinates, parts }) => ({ coordinates, content: contentOf(parts, records) }));
        return [name, inOrder(contents, ({ coordinates }) => coordinates)] as const;
      })) as { [port: string]: InputDigests },
      files,
    };
  }

  #codeOf(point: Point): Promise<StageCode & { readonly files?: CodeFiles }> {
    const { program } = point;
    return remember(this.#codes, codeIn(point), () => (program
      ? digestProgram(program).catch((cause: Error) => { throw new InputError(`The program of ${point.stageName} can't be read: ${cause.message}`, { cause }); })
      : digestCode(this.#catalog.entry(point.stage.id))));
  }

  #digestFile(name: string, path: string): Promise<string> {
    return remember(this.#files, path, () => digestPath(path)).catch((cause: Error) => {
      throw new InputError(`The ${name} ${path} can't be read: ${cause.message} Correct the path; it is relative to the pipeline file.`, { cause });
    });
  }
}

/** What the code of a point is remembered by: points that call a program in the same way share it, and all uses of an installed stage. */
type Code = string | NonNullable<Point['program']>;

function codeIn({ program, stage }: Point): Code {
  return program ?? stage.id;
}

/** The points of a fan-in in an order that does not depend on the pipeline file. */
export function inOrder<T>(items: readonly T[], coordinatesOf: (item: T) => object): T[] {
  const named = items.map((item) => ({ item, name: JSON.stringify(Object.entries(coordinatesOf(item)).sort(([a], [b]) => compare(a, b))) }));
  return named.sort((a, b) => compare(a.name, b.name)).map(({ item }) => item);
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
  const digest = Object.hasOwn(found.members, member) ? found.members[member] : undefined;
  if (digest === undefined) {
    throw new InputError(`${point.id}.${output} has no member "${member}"; it has ${Object.keys(found.members).sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).join(', ')}.`);
  }
  return digest;
}

/** Whether an input is filled from one output, not from several parts of a bundle. */
export function isSource(parts: Supply['parts']): parts is Source {
  return 'point' in parts && 'output' in parts && typeof parts.output === 'string';
}

function remember<K, T>(cache: Map<K, Promise<T>>, key: K, make: () => Promise<T>): Promise<T> {
  let found = cache.get(key);
  if (!found) cache.set(key, (found = make()));
  return found;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
