import type { ArtifactKind } from '@memgeo/artifacts';

/** What flows through one port: the kind and schema of an artifact. */
export type ArtifactPort = { readonly kind: ArtifactKind; readonly schema: string; readonly description: string };

/** A declared output: one artifact, or a collection of artifacts by member name (checkpoints by epoch). */
export type OutputPort = ArtifactPort & { readonly isCollection?: boolean };

/**
 * A declared input.
 *
 * - `artifact`: one artifact.
 * - `collection`: a named collection, such as the activations of one checkpoint by layer.
 * - `bundle`: several outputs of one stage, by output name; the pipeline writes just the stage's name.
 *
 * `isMany` makes it a list over the points of a matrix (fan-in), `isOptional` lets the pipeline leave it out.
 */
export type InputPort = (
  | (ArtifactPort & { readonly form: 'artifact' | 'collection' })
  | { readonly form: 'bundle'; readonly parts: { readonly [output: string]: ArtifactPort }; readonly description: string }
) & { readonly isMany?: boolean; readonly isOptional?: boolean };

/** Where an input's artifacts lie: a folder, or folders by member or part name. */
export type InputLocation = string | { readonly [name: string]: string };

/** One point of a fan-in: the matrix coordinates it was computed at, and where it lies. */
export type InputPoint<L extends InputLocation = InputLocation> = { readonly coordinates: { readonly [axis: string]: string | number | boolean }; readonly location: L };

type Location<P extends InputPort> = P extends { form: 'artifact' }
  ? string
  : P extends { form: 'bundle'; parts: infer Parts }
    ? { readonly [K in keyof Parts]: string }
    : { readonly [member: string]: string };

type Supplied<P extends InputPort> = P extends { isMany: true } ? readonly InputPoint<Location<P>>[] : Location<P>;

/** What a stage's `run` finds in `context.inputs`. */
export type InputsOf<I extends { readonly [name: string]: InputPort }> = {
  readonly [K in keyof I]: I[K] extends { isOptional: true } ? Supplied<I[K]> | undefined : Supplied<I[K]>;
};
