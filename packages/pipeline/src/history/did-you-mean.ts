import { closest, distance } from 'fastest-levenshtein';

/** As in ` Did you mean "geometry[epoch=3]"?`; empty if no known name is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const near = closest(name, [...known]);
  return distance(name, near) <= Math.max(3, name.length / 2) ? ` Did you mean "${near}"?` : '';
}
