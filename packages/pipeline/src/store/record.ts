import type { Json } from '@memgeo/artifacts';
import type { Execution } from '@memgeo/stage';
import type { Coordinates } from '../planning/pipeline.js';

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
  readonly format: 1;
  readonly key: string;
  readonly point: string;
  readonly action: Action;
  readonly codeFiles: { readonly [path: string]: string };
  readonly outputs: { readonly [name: string]: OutputDigests };
  /** Keys of the actions that made the inputs. */
  readonly upstream: readonly string[];
  readonly warnings: readonly string[];
} & Execution;

/** All digests a record's outputs name. */
export function outputDigests(record: ActionRecord): string[] {
  return Object.values(record.outputs).flatMap((output) => ('digest' in output ? [output.digest] : Object.values(output.members)));
}
