import type { Json } from '@memgeo/artifacts';
import type { Execution } from '@memgeo/stage';
import type { Coordinates } from '../planning/pipeline.js';
import type { Reason } from '../planning/reasons.js';

/** Where the content of an output is: one object, or one per member of a collection. */
export type OutputDigests = { readonly digest: string } | { readonly members: { readonly [member: string]: string } };

/** What an input was made of, by content. */
export type InputDigests =
  | string
  | { readonly [part: string]: string }
  | readonly { readonly coordinates: Coordinates; readonly content: string | { readonly [part: string]: string } }[];

/** Everything the result of an action depends on. */
export type Action = {
  readonly stage: string;
  readonly version: number;
  readonly code: string;
  readonly params: { readonly [name: string]: Json };
  readonly inputs: { readonly [port: string]: InputDigests };
  readonly files: { readonly [name: string]: string };
};

/** An action that has been done: its outputs and how it went. Written last, so that what it names exists. */
export type ActionRecord = {
  readonly format: 2;
  readonly key: string;
  /** The point of a pipeline that it was first done for. */
  readonly point: string;
  readonly action: Action;
  readonly outputs: { readonly [name: string]: OutputDigests };
  /** Keys of the actions that made the inputs. */
  readonly upstream: readonly string[];
  /** Why it was done. */
  readonly reasons: readonly Reason[];
  readonly warnings: readonly string[];
} & Execution;

/** What a point of a pipeline last stood for. */
export type LatestState = { readonly pipeline: string; readonly point: string; readonly key: string; readonly at: string } & (
  | { readonly outcome: 'done' }
  | { readonly outcome: 'failed'; readonly failure: string; readonly error: string; readonly workFolder: string | null; /** The last action that succeeded. */ readonly doneKey: string | null }
);

const digestPattern = /^sha256:[0-9a-f]{64}$/;

/** All digests a record's outputs name. */
export function outputDigests({ outputs }: Pick<ActionRecord, 'outputs'>): string[] {
  return Object.values(outputs).flatMap((content) => ('digest' in content ? content.digest : Object.values(content.members)));
}

/** The digests of a record's outputs, by the name of the output and the member, as in `checkpoints/4`. */
export function namedDigests({ outputs }: Pick<ActionRecord, 'outputs'>): (readonly [name: string, digest: string])[] {
  const named: (readonly [name: string, digest: string])[] = [];
  for (const [output, content] of Object.entries(outputs)) {
    if ('digest' in content) named.push([output, content.digest]);
    else for (const [member, digest] of Object.entries(content.members)) named.push([`${output}/${member}`, digest]);
  }
  return named;
}

/** Whether what is said of outputs is whole. @throws TypeError if it is nothing of the kind. */
export function namesDigests(record: Pick<ActionRecord, 'outputs'>): boolean {
  return outputDigests(record).every((digest) => digestPattern.test(digest));
}

/** Reads the text of a record file; undefined if it is not the whole record of that action. */
export function parseRecord(text: string, key: string): ActionRecord | undefined {
  try {
    const record = JSON.parse(text) as ActionRecord;
    return record.format === 2 && record.key === key && namesDigests(record) ? record : undefined;
  } catch {
    return undefined;
  }
}
