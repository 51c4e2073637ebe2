/** What was asked for is not in the store, or can't be read there. The message is for the user. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}
