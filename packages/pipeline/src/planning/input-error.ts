/** An input can't be had: the member of a collection does not exist, or a file can't be read. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
