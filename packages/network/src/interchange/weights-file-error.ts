/** What is wrong with weights from elsewhere, and what to do about it; names from files are shown, never obeyed by a terminal. */
export class WeightsFileError extends Error {
  override readonly name = 'WeightsFileError';
}

/** A name from a file, fit to be shown: quoted, cut after 100 characters, other than printable ASCII as an escape. */
export function shownName(name: string): string {
  const cut = name.length > 100 ? `${name.slice(0, 100)}...` : name;
  return JSON.stringify(cut).replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A shape, fit to be shown. */
export function shownShape(shape: readonly number[]): string {
  return `(${shape.join(', ')})`;
}
