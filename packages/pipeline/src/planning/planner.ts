import type { StageCatalog } from '../catalog/stage-catalog.js';
import { actionKey } from '../keys/action-key.js';
import type { CodeFiles } from '../keys/code-digest.js';
import { StageCodes } from '../keys/stage-codes.js';
import type { Action } from '../store/record.js';
import type { Result } from '../store/results.js';
import type { Store } from '../store/store.js';
import { ActionMaker } from './action.js';
import { differences } from './differences.js';
import type { Pipeline, Point } from './pipeline.js';
import type { Reason } from './reasons.js';

/** What a point stands for now, and whether that is in the store. */
export type Standing = { readonly action: Action; readonly key: string } & (
  | { readonly record: Result }
  | { readonly record: undefined; /** Of a record that does not count. */ readonly lost: Reason | undefined }
);

/** Finds out what points stand for and, where that has to be made, why. */
export class Planner {
  readonly #pipeline: Pipeline;
  readonly #store: Store;
  readonly #maker: ActionMaker;
  readonly #onDamage: (point: Point, message: string) => void;

  /**
   * @param options.codes  Code of the stages that has been begun to digest.
   * @param options.resultsFolder  Where results are copied to, if a run is planned.
   */
  constructor(pipeline: Pipeline, options: { catalog: StageCatalog; codes?: StageCodes; store: Store; resultsFolder?: string; onDamage: (point: Point, message: string) => void }) {
    this.#pipeline = pipeline;
    this.#store = options.store;
    const { codes = new StageCodes(options.catalog) } = options;
    codes.begin(new Set(pipeline.points.flatMap(({ program, stage }) => (program ? [] : [stage.id]))));
    this.#maker = new ActionMaker(codes, [{ what: 'the store', path: options.store.folder, option: '--store' }, ...(options.resultsFolder === undefined ? [] : [{ what: 'the results', path: options.resultsFolder, option: '--results' }])]);
    this.#onDamage = options.onDamage;
  }

  /**
   * @param records  Of every upstream point.
   * @throws InputError if an input does not exist.
   */
  async consider(point: Point, records: ReadonlyMap<Point, Result>): Promise<Standing> {
    const action = await this.#maker.make(point, records);
    const key = actionKey(action);
    return { action, key, ...(await this.look(point, key)) };
  }

  /** Looks for the result of an action again. */
  async look(point: Point, key: string): Promise<{ record: Result } | { record: undefined; lost: Reason | undefined }> {
    const found = await this.#store.find(key, (message) => this.#onDamage(point, message));
    return found && 'record' in found ? found : { record: undefined, lost: found?.lost };
  }

  codeFilesOf(point: Point): Promise<CodeFiles> {
    return this.#maker.codeFilesOf(point);
  }

  /** Says what a point's action says of code and files outside the store that holds no longer; undefined if all does. */
  changeSince(point: Point, action: Action): Promise<string | undefined> {
    return this.#maker.changeSince(point, action);
  }

  /** Says what of the content that an action takes from the store is not there as it was; undefined if all is. */
  async inputLoss(point: Point, action: Action): Promise<string | undefined> {
    for (const [name, input] of Object.entries(action.inputs)) {
      const contents = Array.isArray(input) ? input.map(({ content }: { content: string | { readonly [part: string]: string } }) => content) : [input as string | { readonly [part: string]: string }];
      for (const digest of contents.flatMap((content) => (typeof content === 'string' ? [content] : Object.values(content)))) {
        const found = await this.#store.objects.check(digest, (message) => this.#onDamage(point, message));
        if (found !== 'intact') return `its input ${name} ${found === 'missing' ? 'is gone from the store' : 'was written to'}`;
      }
    }
    return undefined;
  }

  /** Says why a point has to run, by comparing it with what it last stood for. */
  async explain(point: Point, { action, key, lost }: { action: Action; key: string; lost: Reason | undefined }): Promise<Reason[]> {
    const latest = this.#store.latest(this.#pipeline.name, point.id);
    const isSameTry = latest?.outcome === 'failed' && latest.key === key;
    const tried: Reason[] = isSameTry ? [{ kind: 'failed', before: latest.failure, text: `its last try failed: ${firstLine(latest.error)}` }] : [];
    if (lost) return [lost, ...tried];
    const earlierKey = latest?.outcome === 'failed' ? latest.doneKey : latest?.key;
    if (earlierKey === undefined || earlierKey === null) return tried.length > 0 ? tried : [{ kind: 'new', text: 'it has not run before' }];
    const earlier = this.#store.readRecord(earlierKey);
    if (!earlier) return [...tried, { kind: 'record', text: 'the record of its last run is gone' }];
    if (earlierKey === key) return [...tried, { kind: 'record', text: 'the record of its last run is gone' }];
    const codeFiles = { before: this.#store.codeFiles(earlier.action.code), after: await this.codeFilesOf(point) };
    return [...tried, ...differences(earlier.action, action, codeFiles)];
  }
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0]!;
  return line.length > 160 ? `${line.slice(0, 157)}...` : line;
}
