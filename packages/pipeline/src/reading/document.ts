import { readFile } from 'node:fs/promises';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { PipelineError } from '../pipeline-error.js';

export type KeyPath = readonly (string | number)[];

/** A YAML file that still knows on which line each value stands. */
export class YamlFile {
  readonly path: string;
  readonly #document: Document;
  readonly #lines: LineCounter;

  private constructor(path: string, document: Document, lines: LineCounter) {
    this.path = path;
    this.#document = document;
    this.#lines = lines;
  }

  /** @throws PipelineError if the file can't be read or is not YAML. */
  static async read(path: string): Promise<YamlFile> {
    const text = await readFile(path, 'utf8').catch((cause: Error) => { throw new PipelineError(`the pipeline can't be read: ${cause.message}.`, { path, cause }); });
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const error = document.errors[0];
    if (error) throw new PipelineError(`not valid YAML: ${error.message}.`, { path, line: lines.linePos(error.pos[0]).line });
    asPipelineError(path, 'not valid YAML', () => document.toJS());
    return new YamlFile(path, document, lines);
  }

  get value(): unknown {
    return this.#document.toJS() as unknown;
  }

  /** Sets a value, as the command line does. The text is read as YAML: 2 is a number, [1, 2] a list. */
  set(keys: KeyPath, text: string): void {
    asPipelineError(this.path, `--set ${keys.join('.')}=${text} can't be set`, () => {
      const parsed = parseDocument(text);
      if (parsed.errors.length > 0) throw parsed.errors[0]!;
      this.#document.setIn(keys, this.#document.createNode(parsed.toJS()));
    });
  }

  /** Line of the key, or of the nearest value around it. */
  lineOf(keys: KeyPath): number | undefined {
    for (let depth = keys.length; depth >= 0; depth--) {
      const start = this.#keyStart(keys.slice(0, depth)) ?? this.#valueStart(keys.slice(0, depth));
      if (start !== undefined) return this.#lines.linePos(start).line;
    }
    return undefined;
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

/** What the YAML library finds wrong is wrong with the file or the option, not with the program. */
function asPipelineError<T>(path: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new PipelineError(`${what}: ${(cause as Error).message}.`, { path, cause });
  }
}
