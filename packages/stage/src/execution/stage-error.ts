/** What kind of failure a stage's error is, where it knows: see the failures of the runner. */
export type StageErrorKind = 'error' | 'exit' | 'signal' | 'out-of-memory' | 'no-space' | 'start' | 'bad-output';

/** A stage can't go on for a reason that its user can do something about. Shown as one paragraph, without a stack. */
export class StageError extends Error {
  override readonly name = 'StageError';
  readonly kind: StageErrorKind | undefined;

  constructor(message: string, options: ErrorOptions & { readonly kind?: StageErrorKind } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : {});
    this.kind = options.kind;
  }
}

/**
 * Does work whose errors of some kinds are for the user to mend, and throws those as StageErrors.
 *
 * @param where  Put before the message: the stage, and perhaps which part of its input.
 */
export async function asStageError<T>(where: string, kinds: readonly (abstract new (...args: never[]) => Error)[], work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (kinds.some((kind) => cause instanceof kind)) throw new StageError(`${where}: ${(cause as Error).message}`, { cause });
    throw cause;
  }
}
