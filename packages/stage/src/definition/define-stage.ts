import type { Json } from '@memgeo/artifacts';
import type { z } from 'zod';
import type { StageContext } from './context.js';
import type { InputPort, OutputPort } from './ports.js';

/** What a point of this stage asks of the machine. */
export type StageResources = {
  /** Threads it can put to use; the runner grants between 1 and this many, out of its `--jobs`. */
  readonly threads: number;
  /** Memory it needs; points wait until that much of the runner's `--memory` is free. Default: not counted. */
  readonly memoryBytes?: number;
  /** Slots of accelerators, such as GPUs, it needs out of the runner's `--accelerators`. Default 0. */
  readonly accelerators?: number;
};

/**
 * A stage: named inputs to named outputs under parameters, nothing else.
 *
 * Importing the module that defines a stage must be cheap, because the runner imports it to plan: load what
 * `run` needs inside `run`, by dynamic import.
 */
export type StageDefinition<
  P extends z.ZodType = z.ZodType,
  I extends { readonly [name: string]: InputPort } = { readonly [name: string]: InputPort },
  O extends { readonly [name: string]: OutputPort } = { readonly [name: string]: OutputPort },
> = {
  /** As in `geometry/mftma`: the package and the module under its `stages`. */
  readonly id: string;
  /** Raised when the meaning of parameters or outputs changes. */
  readonly version: number;
  readonly description: string;
  /** A strict object schema; every default belongs here, so that it is resolved before the action key is made. */
  readonly params: P;
  readonly inputs: I;
  readonly outputs: O;
  readonly resources: StageResources;
  /**
   * Names the files outside the store that the stage will read. Their contents become part of the action key.
   *
   * @returns absolute paths, or paths relative to the pipeline file, by name.
   */
  readonly files?: (params: z.output<P>) => { readonly [name: string]: string };
  /** Does the work. What it returns is kept with the record as facts about the run. */
  readonly run: (context: StageContext<z.output<P>, I, O>) => Promise<{ readonly [fact: string]: Json } | void>;
};

/** Defines a stage; the identity at run time, exact types for parameters, inputs and outputs. */
export function defineStage<
  P extends z.ZodType,
  const I extends { readonly [name: string]: InputPort },
  const O extends { readonly [name: string]: OutputPort },
>(definition: StageDefinition<P, I, O>): StageDefinition<P, I, O> {
  return definition;
}

/** A stage whose parameter and port types are not known, as runners and listings see it. */
export type AnyStage = Omit<StageDefinition, 'run' | 'files'> & {
  readonly files?: (params: never) => { readonly [name: string]: string };
  readonly run: (context: never) => Promise<{ readonly [fact: string]: Json } | void>;
};
