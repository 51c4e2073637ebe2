import { digestPath } from '@memgeo/artifacts/contract';
import { digestCodeFiles, type CodeFiles, type StageCode } from '../keys/code-digest.js';
import { digestProgram } from '../keys/program-digest.js';
import type { StageCodes } from '../keys/stage-codes.js';
import { Watched } from '../keys/watched.js';
import { InputError } from './input-error.js';
import { requireNotWritten, type WrittenFolder } from './written-folders.js';
import type { Action, InputDigests, OutputDigests } from '../store/record.js';
import type { Result } from '../store/results.js';
import type { Point, Source, Supply } from './pipeline.js';

type ProgramCode = StageCode & { readonly files: CodeFiles };

/** Makes actions of points, and digests the code of each stage and each file again only once it has changed. */
export class ActionMaker {
  readonly #codes: StageCodes;
  readonly #written: readonly WrittenFolder[];
  readonly #programs = new Map<NonNullable<Point['program']>, Watched<ProgramCode>>();
  readonly #codeFiles = new Map<string, Promise<CodeFiles>>();
  readonly #files = new Map<string, Watched<string>>();

  /** @param written  What runs write to, which nothing that is read may hold: it would never be the same twice. */
  constructor(codes: StageCodes, written: readonly WrittenFolder[] = []) {
    this.#codes = codes;
    this.#written = written;
  }

  /** Digest of each file of a point's code, to say which one changed. */
  async codeFilesOf(point: Point): Promise<CodeFiles> {
    const { digest, files, inputs } = await this.#codeOf(point);
    return remember(this.#codeFiles, digest, async () => files ?? digestCodeFiles(inputs));
  }

  /** Says what of a point, of its code or of the files it reads outside the store, is no longer as its action says; undefined if nothing is. */
  async changeSince(point: Point, action: Action): Promise<string | undefined> {
    try {
      for (const [name, path] of Object.entries(point.files)) if ((await this.#digestFile(name, path, { isNow: true })) !== action.files[name]) return `the ${name} ${path} changed`;
      const { digest, files } = await this.#codeOf(point, { isNow: true });
      return digest === action.code ? undefined : `${files ? `its program (${Object.keys(files).join(', ')})` : 'its code'} changed`;
    } catch (cause) {
      return `something it needs went away (${(cause as Error).message})`;
    }
  }

  /**
   * Says what the result of a point depends on.
   *
   * @param records  Of every upstream point.
   * @throws InputError if an input does not exist.
   */
  async make(point: Point, records: ReadonlyMap<Point, Result>): Promise<Action> {
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

  #codeOf(point: Point, options: { isNow?: boolean } = {}): Promise<StageCode & Partial<ProgramCode>> {
    const { program, stage, stageName } = point;
    if (!program) return this.#codes.of(stage.id).get(options);
    return remember(this.#programs, program, () => new Watched(async () => {
      for (const path of Object.values(program.code)) requireNotWritten(path, this.#written);
      const value = await digestProgram(program).catch((cause: Error) => { throw new InputError(`The program of ${stageName} can't be read: ${cause.message}`, { cause }); });
      return { value, paths: value.inputs };
    })).get(options);
  }

  #digestFile(name: string, path: string, options: { isNow?: boolean } = {}): Promise<string> {
    return remember(this.#files, path, () => new Watched(async () => {
      requireNotWritten(path, this.#written);
      return { value: await digestPath(path), paths: [path] };
    })).get(options).catch((cause: Error) => {
      if (cause instanceof InputError) throw cause;
      if (isMissing(cause)) throw new InputError(`The ${name} ${path} does not exist. Put it there, or correct the path; it is absolute, or relative to the pipeline file.`, { cause });
      throw new InputError(`The ${name} ${path} can't be read: ${cause.message} Correct the path; it is relative to the pipeline file.`, { cause });
    });
  }
}

/** The points of a fan-in in an order that does not depend on the pipeline file. */
export function inOrder<T>(items: readonly T[], coordinatesOf: (item: T) => object): T[] {
  const named = items.map((item) => ({ item, name: JSON.stringify(Object.entries(coordinatesOf(item)).sort(([a], [b]) => compare(a, b))) }));
  return named.sort((a, b) => compare(a.name, b.name)).map(({ item }) => item);
}

/** Content of an input by digest: of one artifact, or of each part or member. */
function contentOf(parts: Supply['parts'], records: ReadonlyMap<Point, Result>): string | { [part: string]: string } {
  if (!isSource(parts)) return Object.fromEntries(Object.entries(parts).map(([name, source]) => [name, outputOf(source, records) as string]));
  return outputOf(parts, records);
}

function outputOf({ point, output, member }: Source, records: ReadonlyMap<Point, Result>): string | { [member: string]: string } {
  const found: OutputDigests = records.get(point)!.outputs[output]!;
  if ('digest' in found) return found.digest;
  if (member === undefined) return { ...found.members };
  const digest = Object.hasOwn(found.members, member) ? found.members[member] : undefined;
  if (digest === undefined) {
    throw new InputError(`${point.id}.${output} has no member "${member}"; it has ${Object.keys(found.members).sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).join(', ')}.`);
  }
  return digest;
}

/** Whether what was thrown says in the end that nothing is there. */
function isMissing({ code, cause }: Error & { code?: string }): boolean {
  return code === 'ENOENT' || (cause instanceof Error && isMissing(cause));
}

/** Whether an input is filled from one output, not from several parts of a bundle. */
export function isSource(parts: Supply['parts']): parts is Source {
  return 'point' in parts && 'output' in parts && typeof parts.output === 'string';
}

function remember<K, T>(cache: Map<K, T>, key: K, make: () => T): T {
  let found = cache.get(key);
  if (!found) cache.set(key, (found = make()));
  return found;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
