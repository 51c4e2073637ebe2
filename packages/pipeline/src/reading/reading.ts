import type { Json } from '@memgeo/artifacts';
import type { StageCatalog } from '../catalog/stage-catalog.js';
import type { KeyPath, YamlFile } from './document.js';
import type { Allowance, Filling, Scope } from './expressions.js';
import type { PipelineFile } from './file-schema.js';
import { nearest } from './validate.js';

/** More would fill the memory before anything runs. */
const mostPoints = 100_000;
const mostSupplies = 4_000_000;

/** What a reader of one file needs throughout. */
export class Reading {
  readonly file: YamlFile;
  readonly content: PipelineFile;
  readonly catalog: StageCatalog;
  readonly #allowance: Allowance;
  #points = 0;
  #supplies = 0;

  constructor(file: YamlFile, content: PipelineFile, { catalog, allowance }: { catalog: StageCatalog; allowance: Allowance }) {
    this.file = file;
    this.content = content;
    this.catalog = catalog;
    this.#allowance = allowance;
  }

  /** @throws PipelineError `KEYS: MESSAGE`, with the line of the key. */
  fail(message: string, keys: KeyPath): never {
    throw this.file.error(`${keys.join('.')}: ${message}`, keys);
  }

  /** How expressions are filled in with these values. */
  filling(scope: Scope): Filling {
    return {
      scope,
      allowance: this.#allowance,
      fail: (message, keys, unknown) => this.fail(unknown === undefined ? message : `${message}${nearest(unknown.name, unknown.known)}`, keys),
    };
  }

  /** Counts points before they are made. */
  countPoints(count: number, keys: KeyPath): void {
    this.#points += count;
    if (this.#points > mostPoints) this.fail(`this would make ${this.#points} points; a pipeline may have ${mostPoints}. Divide the sweep over several pipelines.`, keys);
  }

  /** Counts what joins points. */
  countSupplies(count: number, keys: KeyPath): void {
    this.#supplies += count;
    if (this.#supplies > mostSupplies) this.fail(`the points of this pipeline would have more than ${mostSupplies} inputs together. Gather in two steps, or select fewer points.`, keys);
  }
}

export type JsonMap = { readonly [name: string]: Json };
