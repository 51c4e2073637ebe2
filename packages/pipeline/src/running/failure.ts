/**
 * How an execution failed.
 *
 * - `error`: the stage said what is wrong. `exit`: it ended with an exit code and no result. `signal`: a signal ended it.
 * - `out-of-memory`, `timeout`, `no-space`: what ran out. `start`: the process could not be started.
 * - `bad-output`: it wrote something undeclared, left out something declared, or wrote it wrongly.
 * - `input`: an input does not exist, or changed meanwhile. `runner`: it succeeded, and the runner could not keep or hand out the result.
 */
export const failureKinds = ['error', 'exit', 'signal', 'out-of-memory', 'timeout', 'no-space', 'start', 'bad-output', 'input', 'runner'] as const;
export type FailureKind = (typeof failureKinds)[number];

/** A stage did not succeed. The message is for its user. */
export class StageFailure extends Error {
  override readonly name = 'StageFailure';
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** Failures that may pass by themselves: `--retry` tries these again, and no others. */
export const passingFailures: readonly FailureKind[] = ['exit', 'signal', 'out-of-memory', 'timeout', 'start'];

/** The kind of whatever was thrown while a point was brought up to date. */
export function failureKindOf(cause: unknown): FailureKind {
  return cause instanceof StageFailure ? cause.kind : (cause as NodeJS.ErrnoException).code === 'ENOSPC' ? 'no-space' : 'runner';
}
