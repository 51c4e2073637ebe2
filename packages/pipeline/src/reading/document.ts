import type { Json } from '@memgeo/artifacts';
import { isMap, isNode, isScalar, type Document, type LineCounter } from 'yaml';
import { PipelineError } from '../pipeline-error.js';
import { plainValue } from './plain-value.js';
import { readText } from './read-text.js';
import { parseYaml, YamlProblem } from './yaml-text.js';

export type KeyPath = readonly (string | number)[];

/** A YAML file that still knows on which line each value stands. */
export class YamlFile {
  readonly path: string;
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #overrides: { readonly keys: KeyPath; readonly text: string }[] = [];
  #value: Json;

  private constructor(path: string, { document, lines, value }: { document: Document; lines: LineCounter; value: Json }) {
    this.path = path;
    this.#document = document;
    this.#lines = lines;
    this.#value = value;
  }

  /** @throws PipelineError if the file can't be read or is not YAML that JSON could say. */
  static async read(path: string): Promise<YamlFile> {
    return new YamlFile(path, readValue(await readText(path), { path }));
  }

  get value(): Json {
    return this.#value;
  }

  /** Sets a value, as the command line does. The text is read as YAML: 2 is a number, [1, 2] a list. */
  set(keys: KeyPath, text: string): void {
    const what = `--set ${keys.join('.')}=${text}`;
    const { value } = readValue(text, { path: this.path, what });
    const put = (inside: Json | undefined, depth: number): Json => {
      if (depth === keys.length) return value;
      const key = String(keys[depth]);
      if (Array.isArray(inside)) {
        const isPlace = /^\d+$/.test(key) && Number(key) < inside.length;
        if (!isPlace) throw new PipelineError(`${what} can't be set: ${keys.slice(0, depth).join('.')} is a list of ${inside.length}; got the place "${key}".`, { path: this.path });
        return inside.map((item: Json, index) => (index === Number(key) ? put(item, depth + 1) : item));
      }
      if (inside !== undefined && inside !== null && typeof inside !== 'object') {
        throw new PipelineError(`${what} can't be set: ${keys.slice(0, depth).join('.')} is no map and no list.`, { path: this.path });
      }
      if (key === '' || key === '__proto__') throw new PipelineError(`${what} can't be set: "${key}" can't be a key.`, { path: this.path });
      const map = (inside ?? {}) as { [key: string]: Json };
      return { ...map, [key]: put(Object.hasOwn(map, key) ? map[key] : undefined, depth + 1) };
    };
    this.#value = put(this.#value, 0);
    this.#overrides.push({ keys, text: what });
  }

  /** An error about the value at a key: with its line, and the option that set it if one did. */
  error(message: string, keys: KeyPath): PipelineError {
    const override = this.#overrides.findLast((one) => one.keys.every((part, depth) => String(part) === String(keys[depth])));
    return new PipelineError(override === undefined ? message : `${message} It was set by ${override.text}.`, { path: this.path, line: this.lineOf(keys), key: keys.join('.') });
  }

  /** Line of the key, or of the nearest value around it; 1 in an empty file. */
  lineOf(keys: KeyPath): number {
    for (let depth = keys.length; depth >= 0; depth--) {
      const start = this.#keyStart(keys.slice(0, depth)) ?? this.#valueStart(keys.slice(0, depth));
      if (start !== undefined) return this.#lines.linePos(start).line;
    }
    return 1;
  }

  #keyStart(keys: KeyPath): number | undefined {
    const parent = keys.length === 0 ? undefined : this.#document.getIn(keys.slice(0, -1), true);
    if (!isMap(parent)) return undefined;
    const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(keys.at(-1)));
    return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
  }

  #valueStart(keys: KeyPath): number | undefined {
    const node = keys.length === 0 ? this.#document.contents : this.#document.getIn(keys, true);
    return isNode(node) ? node.range?.[0] : undefined;
  }
}

/** Reads a text as YAML; what is wrong with it is said with its line, or with the option it comes from. */
function readValue(text: string, { path, what }: { path: string; what?: string }): { document: Document; lines: LineCounter; value: Json } {
  try {
    const { document, lines } = parseYaml(text);
    return { document, lines, value: plainValue(document) };
  } catch (cause) {
    if (!(cause instanceof YamlProblem)) throw cause;
    if (what !== undefined) throw new PipelineError(`${what} can't be set: ${cause.message}.`, { path, cause });
    throw new PipelineError(`${cause.message}.`, { path, line: cause.offset === undefined ? undefined : text.slice(0, cause.offset).split('\n').length, cause });
  }
}
