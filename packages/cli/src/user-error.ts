/** What the user asked for can't be done as asked. Shown as one paragraph; the exit code is 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
