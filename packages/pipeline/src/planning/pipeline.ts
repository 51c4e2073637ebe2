import type { Json } from '@memgeo/artifacts';
import type { AnyStage, InputPort, Program, StageResources } from '@memgeo/stage';
import type { FailureKind } from '../running/failure.js';

export type Coordinates = { readonly [axis: string]: string | number | boolean };

/** One output of one upstream point, or a member of it. */
export type Source = { readonly point: Point; readonly output: string; readonly member: string | undefined };

/** How a port is filled: as the port's form asks for, once or once per point of a fan-in. */
export type Supply = { readonly coordinates: Coordinates; readonly parts: { readonly [name: string]: Source } | Source };

/** A stage at one combination of its matrix. Its identity is its name and coordinates, never its place in a list. */
export type Point = {
  /** As in `geometry[epoch=4]`. */
  readonly id: string;
  readonly stageName: string;
  readonly coordinates: Coordinates;
  readonly stage: AnyStage;
  /** Defaults filled in. */
  readonly params: { readonly [name: string]: Json };
  readonly inputs: { readonly [port: string]: { readonly port: InputPort; readonly supplies: readonly Supply[] } };
  readonly upstream: readonly Point[];
  /** Absolute paths of files outside the store, by name. */
  readonly files: { readonly [name: string]: string };
  /** The program that does the work, where the pipeline says `uses: exec:`, and the files that are its code, absolute, by the name the pipeline gives them. */
  readonly program: { readonly declaration: Program; readonly code: { readonly [name: string]: string } } | undefined;
  readonly policy: ExecutionPolicy;
};

/** How a point is run; nothing of it is part of the action key. */
export type ExecutionPolicy = {
  readonly resources: StageResources;
  /** After this long an execution counts as failed. */
  readonly timeoutMs: number | undefined;
  /** How often an execution that failed in this way is tried again; the others as `--retry` says. */
  readonly retries: { readonly [K in FailureKind]?: number };
};

/** A pipeline whose every name, type and reference has been checked. */
export type Pipeline = {
  readonly name: string;
  readonly path: string;
  /** Each after the points it needs. */
  readonly points: readonly Point[];
  readonly stageNames: readonly string[];
};
