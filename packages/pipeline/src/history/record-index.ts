import type { ActionRecord, InputDigests, OutputDigests } from '../store/record.js';
import type { Store } from '../store/store.js';

/** An output, or a member of one, as an action made it. */
export type Made = { readonly record: ActionRecord; readonly output: string; readonly member: string | undefined };
/** An input of an action that has some content. `label` tells which part, member or point of a fan-in; empty if the input is one artifact. */
export type Use = { readonly record: ActionRecord; readonly port: string; readonly label: string };

/** The records of a store by key and by content. Single records are read at once, all of them only if a question needs them. */
export class RecordIndex {
  readonly #store: Store;
  readonly #byKey = new Map<string, ActionRecord | undefined>();
  #all: readonly ActionRecord[] | undefined;
  #makers: Map<string, Made[]> | undefined;
  #users: Map<string, Use[]> | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  get(key: string): ActionRecord | undefined {
    if (!this.#byKey.has(key)) this.#byKey.set(key, this.#all ? undefined : this.#store.readRecord(key));
    return this.#byKey.get(key);
  }

  /** All records, newest first. */
  get all(): readonly ActionRecord[] {
    if (!this.#all) {
      this.#all = this.#store.records().sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0));
      for (const record of this.#all) this.#byKey.set(record.key, record);
    }
    return this.#all;
  }

  /** What made a content, newest first. */
  makersOf(digest: string): readonly Made[] {
    this.#makers ??= group(this.all.flatMap((record) => madeBy(record)), ({ digest: one }) => one);
    return this.#makers.get(digest) ?? [];
  }

  /** What was made from a content, newest first. */
  usersOf(digest: string): readonly Use[] {
    this.#users ??= group(this.all.flatMap((record) => usedBy(record)), ({ digest: one }) => one);
    return this.#users.get(digest) ?? [];
  }

  /**
   * Which actions gave an action its inputs, by content: those whose keys it names if they still say so, else any that makes the same.
   *
   * @param upstream  Keys of the actions that made the inputs.
   */
  inputMakers(upstream: readonly string[]): (digest: string) => (Made & { readonly isNamed: boolean }) | undefined {
    const named = new Map<string, Made>();
    for (const key of upstream) {
      const record = this.get(key);
      if (record) for (const made of madeBy(record)) if (!named.has(made.digest)) named.set(made.digest, made);
    }
    return (digest) => {
      const made = named.get(digest);
      if (made) return { ...made, isNamed: true };
      const other = this.makersOf(digest)[0];
      return other && { ...other, isNamed: false };
    };
  }
}

/** Every artifact that an action made. */
export function madeBy(record: ActionRecord): (Made & { readonly digest: string })[] {
  return Object.entries(record.outputs).flatMap(([output, content]) => contentOf(content).map(({ member, digest }) => ({ record, output, member, digest })));
}

/** Every artifact that an action took. */
export function usedBy(record: ActionRecord): (Use & { readonly digest: string })[] {
  return Object.entries(record.action.inputs).flatMap(([port, content]) => inputContents(content).map(({ label, digest }) => ({ record, port, label, digest })));
}

/** Digests of an input with what tells them apart: nothing, part or member, coordinates in a fan-in. */
export function inputContents(content: InputDigests): { readonly label: string; readonly digest: string }[] {
  if (typeof content === 'string') return [{ label: '', digest: content }];
  if (!Array.isArray(content)) return Object.entries(content).map(([label, digest]) => ({ label, digest: digest as string }));
  return content.flatMap(({ coordinates, content: inner }) => {
    const place = Object.entries(coordinates).map(([axis, value]) => `${axis}=${value}`).join(',');
    return inputContents(inner as InputDigests).map(({ label, digest }) => ({ label: [place, label].filter((part) => part !== '').join(' '), digest }));
  });
}

export function contentOf(output: OutputDigests): { readonly member: string | undefined; readonly digest: string }[] {
  return 'digest' in output ? [{ member: undefined, digest: output.digest }] : Object.entries(output.members).map(([member, digest]) => ({ member, digest }));
}

/** As in `train.checkpoints/4`; the output is left out where a stage has one only. */
export function nameOfMade({ record, output, member }: Made): string {
  const isOnly = Object.keys(record.outputs).length === 1 && member === undefined;
  return `${record.point}${isOnly ? '' : `.${output}`}${member === undefined ? '' : `/${member}`}`;
}

function group<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const found = groups.get(keyOf(item));
    if (found) found.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
