import type { Json } from '@memgeo/artifacts';
import type { InputPort, InputsOf, OutputPort } from './ports.js';

/** What a stage is given when it runs. */
export type StageContext<
  P = unknown,
  I extends { readonly [name: string]: InputPort } = { readonly [name: string]: InputPort },
  O extends { readonly [name: string]: OutputPort } = { readonly [name: string]: OutputPort },
> = {
  /** Parameters, defaults filled in. */
  readonly params: P;
  /** Where the inputs lie: read only. */
  readonly inputs: InputsOf<I>;
  /** Absolute paths of the files that the definition's `files` named. */
  readonly files: { readonly [name: string]: string };
  /** Folder to write an output into; for a collection, the parent of one folder per member. It does not exist yet. */
  readonly outputs: { readonly [K in keyof O]: string };
  /** A folder that survives an interrupted run of the same action key, to continue from; gone once it succeeded. */
  readonly stateFolder: string;
  /** Threads granted. */
  readonly threads: number;
  /** Keys of the actions that made each input, by port; for provenance, never for decisions. Empty where inputs were given by path. */
  readonly inputKeys: { readonly [port: string]: readonly string[] };
  /** How the inputs came about, nearest last; for reports, never for decisions: it is not part of the action key. */
  readonly lineage: readonly LineageNode[];
  /** Tells how far the work is. Cheap enough to call per batch. */
  readonly progress: (done: number, total: number, label: string) => void;
  /** Says something a reader of the log should know. */
  readonly log: (message: string) => void;
  readonly warn: (message: string) => void;
};

/** One action in the history of an artifact. */
export type LineageNode = {
  /** Name in the pipeline with its coordinates, as in `geometry[epoch=4]`. */
  readonly point: string;
  readonly stage: string;
  readonly key: string;
  readonly params: Json;
  /** Keys of the actions that made the inputs. */
  readonly upstream: readonly string[];
} & Execution;

/** How an execution of a stage went. */
export type Execution = {
  readonly startedAt: string;
  readonly durationMs: number;
  readonly peakMemoryBytes: number;
  /** Versions and hardware. */
  readonly environment: { readonly [name: string]: Json };
  /** What the stage's `run` returned. */
  readonly facts: { readonly [name: string]: Json };
};
