/** A stage can't go on for a reason that its user can do something about. Shown as one paragraph, without a stack. */
export class StageError extends Error {
  override readonly name = 'StageError';
}
